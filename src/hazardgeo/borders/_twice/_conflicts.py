"""Ground that one record calls released and another hazardous."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._seam import seams_of_pairs
from hazardgeo.borders._twice._overlaps import areas_at, on_the_globe
from hazardgeo.measure import geodesic_area_m2, wgs84_polygons
from hazardgeo.overlay import is_sliver, width_of
from hazardgeo.registers._rules._between import Both, released_over_open
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import CLASSIFICATION, RELEASE_KIND

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_CLASSES = ("CHA", "unstated", "SHA")
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINKED = ("release_id", "hazard_id")


def conflicts(hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, *, ground: bool = False) -> pd.DataFrame:
    """Find released ground that lies on an open hazard, of the same register or of another.

    On the ground: somebody is told that the land was cleared, reduced or cancelled, and somebody else that it is hazardous. Until
    the two keepers have found out which record is wrong, **the land is hazardous**. This outranks every other finding. Nothing is
    subtracted from anything, and a pair that is not listed is no proof that land is without hazard.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Of one register or several: polygons with a CRS, a unique index, ``register``, ``classification``, ``work_status``. Open
        ones are asked; closed and handed-over ones are passed over.
    releases : geopandas.GeoDataFrame
        Of one register or several: polygons with a CRS, a unique index, ``register``, ``kind``, ``hazard_id``.
    ground : bool
        Give the ground in conflict as geometry too, in EPSG:4326.

    Returns
    -------
    pandas.DataFrame, or geopandas.GeoDataFrame with `ground`
        A row a pair, the gravest first: ``release_id``, ``hazard_id``, ``register_of_release``, ``register_of_hazard``,
        ``kind``, ``classification``, ``work_status``, ``completed_on``, ``date_of_information`` (missing where not known),
        ``later`` (*release*, *hazard*, or empty where a date is not known or both are the same day), ``area_m2`` of the ground,
        ``share_of_release``, ``share_of_hazard``, ``width_m`` (mean), ``accuracy_m`` (the width that the accuracy of both
        outlines and the seam explain), ``seam_m`` (NaN where it is not known), ``sliver`` (nowhere as wide as ``accuracy_m``:
        named, not dropped).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a frame cannot be measured, lacks a column, or an id stands twice.

    Notes
    -----
    The gravest first: what is no sliver before slivers; CHA, then *unstated*, then SHA; cleared, reduced, cancelled; then the
    larger ground. Within one register a release may lie on the hazard that it names, and on what another open hazard has
    in common with that one while that one is open too; the ground of a closed one excuses nothing here, though the rule
    ``release-over-open-hazard`` passes over a confirmed area that was closed within a suspected one. The neighbour's hazard is
    never excused.

    References
    ----------
    docs/explanation/counted_twice.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> read = {"hazards": hz.read_hazards, "releases": hz.read_releases}
    >>> names = {"hazards": "hrv_register.geojson", "releases": "bih_releases.gpkg"}
    >>> frames = {kind: read[kind](hz.sample_data(name)) for kind, name in names.items()}
    >>> bool((conflicts(**frames)["register_of_hazard"] == "FICTIONAL-HRV").all())
    True
    """
    import pandas as pd

    require(hazards, "register", "classification", "work_status")
    require(releases, "register", "kind", "hazard_id", what="releases")
    released, hazardous = wgs84_polygons(releases), wgs84_polygons(hazards)
    both = Both(hazards.set_geometry(hazardous, crs=4326), releases.set_geometry(released, crs=4326))
    release, hazard, rest, common, flat, of_hazard = released_over_open(both)
    of_release = shapely.area(common) / flat * geodesic_area_m2(rest)
    seam = seams_of_pairs(releases, hazards, release, hazard)
    accuracy = np.hypot(both.sliver_m(release, hazard), np.nan_to_num(seam))
    table = pd.DataFrame(
        {
            "release_id": releases.index.to_numpy()[release],
            "hazard_id": hazards.index.to_numpy()[hazard],
            "register_of_release": both.released_by[release],
            "register_of_hazard": both.keeper[hazard],
            "kind": words_of(releases, RELEASE_KIND)[release],
            "classification": words_of(hazards, CLASSIFICATION)[hazard],
            "work_status": hazards["work_status"].to_numpy()[hazard],
            **_dates(hazards, releases, hazard, release),
            "area_m2": of_release,
            "share_of_release": of_release / areas_at(released, release),
            "share_of_hazard": shapely.area(common) / of_hazard,
            "width_m": width_of(common),
            "accuracy_m": accuracy,
            "seam_m": seam,
            "sliver": is_sliver(common, accuracy),
        }
    )
    return _gravest_first(on_the_globe(table, rest, common) if ground else table)


def _dates(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, hazard: NDArray[np.intp], release: NDArray[np.intp]
) -> dict[str, Any]:
    done, known = (
        _days(frame, name, at)
        for frame, name, at in ((releases, "completed_on", release), (hazards, "date_of_information", hazard))
    )
    later = np.select([done > known, known > done], ["release", "hazard"], "").astype(object)
    return {"completed_on": done, "date_of_information": known, "later": later}


def _days(frame: gpd.GeoDataFrame, name: str, at: NDArray[np.intp]) -> NDArray[np.datetime64]:
    """The day that records state; NaT where there is none that can be read.

    A frame that was put together by hand may hold anything here, and no date may keep a conflict from being told.
    """
    if name not in frame.columns:
        return np.full(len(at), np.datetime64("NaT", "s"))
    return np.array([_day(value) for value in frame[name].to_numpy(dtype=object)[at]], dtype="datetime64[s]")


def _day(value: Any) -> np.datetime64:
    # A date, a moment in whatever time zone, and ISO text all begin with the day; a number or another order of it is no day.
    text = str(value)[:10]
    if not _ISO_DAY.fullmatch(text):
        return np.datetime64("NaT", "s")
    try:
        return np.datetime64(text, "s")
    except ValueError:  # such as the 31st of June
        return np.datetime64("NaT", "s")


def _gravest_first(table: pd.DataFrame) -> pd.DataFrame:
    words = (*RELEASE_KIND.words, "unstated")
    rank = table.assign(
        classification=table["classification"].map(_CLASSES.index),
        kind=table["kind"].map(words.index),
        area_m2=-table["area_m2"],
    )
    order = rank.sort_values(["sliver", "classification", "kind", "area_m2", *_LINKED[::-1]], kind="stable").index
    return table.loc[order].reset_index(drop=True)
