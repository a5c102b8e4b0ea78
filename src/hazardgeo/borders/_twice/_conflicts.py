"""Ground that one record calls released and another hazardous."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._seam import seams_of_pairs
from hazardgeo.borders._twice._overlaps import areas_at, ground_in_common, on_the_globe, width_of
from hazardgeo.measure import wgs84_polygons
from hazardgeo.registers._rules._between import Both, released_over_open
from hazardgeo.schema import require, words_of
from hazardgeo.vocabulary import CLASSIFICATION, RELEASE_KIND

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

_CLASSES = ("CHA", "unstated", "SHA")
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
        ``share_of_release``, ``share_of_hazard``, ``width_m``, ``accuracy_m`` (the width that the accuracy of both outlines and
        the seam explain), ``seam_m`` (NaN where it is not known), ``sliver`` (narrower than ``accuracy_m``: named, not dropped).

    Raises
    ------
    CRSError, GeometryError, SchemaError
        If a frame cannot be measured, lacks a column, or an id stands twice.

    Notes
    -----
    The gravest first: what is no sliver before slivers; CHA, then *unstated*, then SHA; cleared, reduced, cancelled; then the
    larger ground. Within one register a release may lie on the hazard that it names, and on what another open hazard has
    in common with that one, as in the rule ``release-over-open-hazard``. The neighbour's hazard is never excused so.

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
    release, hazard, rest = released_over_open(both)
    pair, _, common, flat, of_hazard = ground_in_common(rest, hazardous[hazard], *np.tile(np.arange(len(rest)), (2, 1)))
    release, hazard = release[pair], hazard[pair]
    of_release = shapely.area(common) / flat * areas_at(rest, pair)
    seam, width = seams_of_pairs(releases, hazards, release, hazard), width_of(common)
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
            "width_m": width,
            "accuracy_m": accuracy,
            "seam_m": seam,
            "sliver": width < accuracy,
        }
    )
    return _gravest_first(on_the_globe(table, rest[pair], common) if ground else table)


def _dates(
    hazards: gpd.GeoDataFrame, releases: gpd.GeoDataFrame, hazard: NDArray[np.intp], release: NDArray[np.intp]
) -> dict[str, Any]:
    done, known = (
        _days(frame, name)[at]
        for frame, name, at in ((releases, "completed_on", release), (hazards, "date_of_information", hazard))
    )
    later = np.select([done > known, known > done], ["release", "hazard"], "").astype(object)
    return {"completed_on": done, "date_of_information": known, "later": later}


def _days(frame: gpd.GeoDataFrame, name: str) -> NDArray[np.datetime64]:
    if name not in frame.columns:
        return np.full(len(frame), np.datetime64("NaT", "s"))
    return np.asarray(frame[name].to_numpy().astype("datetime64[s]"))


def _gravest_first(table: pd.DataFrame) -> pd.DataFrame:
    words = (*RELEASE_KIND.words, "unstated")
    rank = table.assign(
        classification=table["classification"].map(_CLASSES.index),
        kind=table["kind"].map(words.index),
        area_m2=-table["area_m2"],
    )
    order = rank.sort_values(["sliver", "classification", "kind", "area_m2", *_LINKED[::-1]], kind="stable").index
    return table.loc[order].reset_index(drop=True)
