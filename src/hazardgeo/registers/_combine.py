"""Several registers in one frame, each record still known by who keeps it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.crs import WGS84
from hazardgeo.errors import CRSError, HazardgeoError, SchemaError, named
from hazardgeo.schema import Finding, findings_table, require

if TYPE_CHECKING:
    import geopandas as gpd


def combine(*registers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put registers into one frame; ids become ``REGISTER/id``, always.

    Nothing is merged, repaired or taken out: records in are records out. Ground that two registers report stands twice;
    `hazardgeo.borders.count_once` tells how much.

    Parameters
    ----------
    *registers : geopandas.GeoDataFrame
        Hazards, or releases, as the readers give them. Not both kinds in one call.

    Returns
    -------
    geopandas.GeoDataFrame
        Same schema; the id as it stands in the source is in ``source_id``; a release's ``hazard_id`` is qualified too.

    Raises
    ------
    SchemaError
        If a register is given twice, or an id stands twice in one.
    CRSError
        If a frame is not in EPSG:4326, as the readers give it.
    HazardgeoError
        If hazards and releases are mixed, two records would get the same id, a frame was combined before, or has a column
        ``source_id`` of its own.

    References
    ----------
    docs/explanation/identity.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> bih = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> hrv = hz.read_hazards(hz.sample_data("hrv_register.geojson"))
    >>> len(hz.combine(bih, hrv)) == len(bih) + len(hrv)
    True
    """
    import pandas as pd

    if not registers:
        raise HazardgeoError("There is nothing to combine. Give at least one register.")
    kinds = {frame.index.name for frame in registers}
    if len(kinds) > 1:
        raise HazardgeoError(
            f"These are different kinds of records ({', '.join(map(str, kinds))}). Combine each kind alone."
        )
    for frame in registers:
        require(frame, "register", what=str(frame.index.name))
        if frame.crs != WGS84:
            raise CRSError(f"A frame is in {frame.crs.name!r}. Read it with hazardgeo's readers, which give EPSG:4326.")
    _refuse_twice(registers)
    combined = pd.concat([_qualified(frame) for frame in registers])
    clashes = combined.index[combined.index.duplicated()]
    if len(clashes):
        raise HazardgeoError(f"{named(clashes)} would stand twice. Rename a register so that its ids differ.")
    return combined


def _refuse_twice(registers: tuple[gpd.GeoDataFrame, ...]) -> None:
    count = Counter(name for frame in registers for name in frame["register"].unique())
    twice = sorted(str(name) for name, times in count.items() if times > 1)
    if twice:
        seen = "The register is given twice; its ground would be counted twice."
        problems = [Finding("-", name, 0, "register-twice", "quarantined", seen, "", "Give it once.") for name in twice]
        raise SchemaError("These registers cannot be combined:", findings_table(problems))


def _qualified(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if "source_id" in frame.columns:
        raise HazardgeoError(_why_source_id(frame))
    import pandas as pd

    name, ids = frame.index.name, np.array([str(one) for one in frame.index], dtype=object)
    prefix = frame["register"].to_numpy(dtype=object) + "/"
    qualified = frame.assign(source_id=ids)
    qualified.index = pd.Index(prefix + ids, name=name, dtype=object)
    if name == "release_id" and "hazard_id" in frame.columns:
        links = zip(prefix, frame["hazard_id"], strict=True)
        # A release that names no hazard stays so: its register's name alone would be a link to somewhere.
        named = [None if pd.isna(link) else f"{own}{link}" for own, link in links]
        qualified["hazard_id"] = np.array(named, dtype=object)
    return qualified


def _why_source_id(frame: gpd.GeoDataFrame) -> str:
    ids, registers = frame.index.astype(str), frame["register"].astype(str)
    if all(name.startswith(f"{register}/") for name, register in zip(ids, registers, strict=True)):
        return "A frame has the column 'source_id' and ids as REGISTER/id: it was combined before. Combine the registers as read."
    return "The column 'source_id' of a frame is needed for the ids of its source. Rename it, then combine."
