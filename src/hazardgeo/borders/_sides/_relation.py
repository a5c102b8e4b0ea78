"""How each hazard lies to a border: crossing, indeterminate, near, away."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._local import half_width_m, local_borders
from hazardgeo.borders._line._near import refuse_distance
from hazardgeo.borders._line._search import close_to
from hazardgeo.borders._line._settled import beside_several
from hazardgeo.borders._seam import seams_of_records
from hazardgeo.borders._set import CONTESTED
from hazardgeo.borders._sides._answer import NO_GEOMETRY, Answer, beyond_lines, far_answer, near_answer, undecided
from hazardgeo.borders._sides._fits import country_fits
from hazardgeo.constants import NEAR_M
from hazardgeo.errors import BorderError
from hazardgeo.measure import wgs84_polygons
from hazardgeo.overlay import place_sd
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.borders._set import BorderSet


def relation(hazards: gpd.GeoDataFrame, border: BorderSet, *, near_m: float = NEAR_M.value) -> pd.DataFrame:
    """Tell how each hazard lies to the border between the asked countries.

    - *crossing*: reaches further than the offset beyond the line on both sides;
    - *near*: on one side, further from the line than the offset, within `near_m`;
    - *away*: further than `near_m`;
    - *indeterminate*: all else; the line or the outline is not known well enough for a yes or a no.

    A hazard that is *away* is not thereby of no concern to the neighbour.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Polygons with a CRS and a unique index; ``vertex_sd_m`` where known, else 10 m is taken (an unverified default);
        ``datum_accuracy_m`` where known.
    border : BorderSet
    near_m : float
        Distance within which a hazard is *near* [m].

    Returns
    -------
    pandas.DataFrame
        On the hazards' index: ``relation``, ``pair`` (such as ``BIH-HRV``), ``distance_m`` to the line (0 where it
        touches; good to 1 mm and 1e-5), ``depth_a_m`` and ``depth_b_m`` (how far it reaches from the line into
        the first and the second country of the pair), ``offset_95_m`` of the line, ``half_width_m`` of the band
        that decides, ``crossing_probability``; where the word is *indeterminate*, ``settling_offset_m`` (a line known to
        within this would settle it; NaN where no line would) and ``settling_sd_m`` (so would corners known to within this,
        one standard deviation with the way to WGS 84; NaN where no survey would); ``why`` (in words); ``lies_in``
        (countries in which some of its ground lies for certain, joined by ``;``) and ``country_fits`` (does it lie in the
        ``country`` that records it: ``yes``, in part at least; ``no``, none of it, for certain; ``indeterminate``;
        ``unstated``); ``vertex_sd_stated``; ``seam_m`` (the largest distance along the border between its way to WGS 84
        and another record's, `datum_seams`). A hazard without geometry is *indeterminate*.

    Raises
    ------
    BorderError
        If the asked countries share no line in this set.
    CRSError, GeometryError, SchemaError
        If the hazards cannot be measured or an id stands twice.

    Notes
    -----
    The line's true place along its normal is taken as normal with sigma = w / 1.96, where
    w = hypot(u, 1.96 sd, 1.96 d), d the ``datum_accuracy_m``; the probability of crossing is that the true line lies between
    the hazard's two extremes.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("bih_register.gpkg"))
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> sorted(hz.borders.relation(hazards, border)["relation"].unique())
    ['away', 'crossing', 'indeterminate', 'near']
    """
    import pandas as pd

    require(hazards)
    lines = border.asked_lines
    if lines.empty:
        raise BorderError(f"{', '.join(border.codes)} share no land border in {border.source} {border.version}.")
    refuse_distance("near_m", near_m)
    polygons = wgs84_polygons(hazards)
    sd, stated = place_sd(hazards)
    widest = half_width_m(float(lines["offset_95_m"].max()), float(sd.max(initial=0)))
    reach = max(near_m, widest)
    answers, close = _away_or_close(border, lines, polygons, reach, sd)
    for local, members in local_borders(border, lines, polygons[close], 2 * reach):
        for i in close[members]:
            answers[i] = near_answer(local, local.plane.project(polygons[i]), float(sd[i]), near_m)
    beside = np.flatnonzero(beside_several(border, polygons, widest, border.codes))
    beside = beside[[answers[i].relation in ("near", "away") for i in beside]]
    for local, members in local_borders(border, lines, polygons[beside], reach):
        for i in beside[members]:
            answers[i] = beyond_lines(answers[i], local, local.plane.project(polygons[i]), float(sd[i]), border.codes)
    for i in np.flatnonzero(_on_contested_ground(polygons, border)):
        answers[i] = undecided(answers[i], _CONTESTED)
    table = pd.DataFrame([astuple(a) for a in answers], columns=[f.name for f in fields(Answer)], index=hazards.index)
    lies_in, fits = country_fits(hazards, border)
    return table.assign(
        lies_in=lies_in, country_fits=fits, vertex_sd_stated=stated, seam_m=seams_of_records(hazards, border)
    )


_CONTESTED = "Lies on ground that both sides claim; agreement on the line would settle it."


def _away_or_close(
    border: BorderSet, lines: gpd.GeoDataFrame, polygons: NDArray[Any], reach_m: float, sd: NDArray[np.float64]
) -> tuple[list[Answer], NDArray[np.intp]]:
    """Answer what is far away from every line, and find what needs a closer look."""
    nearest, distance, close = close_to(border, lines, polygons, reach_m)
    pairs = (lines["country_a"] + "-" + lines["country_b"]).to_numpy()
    offsets = lines["offset_95_m"].to_numpy(dtype=float)
    answers = [
        NO_GEOMETRY if k < 0 else far_answer(pairs[k], d, offsets[k], own)
        for k, d, own in zip(nearest.tolist(), distance.tolist(), sd.tolist(), strict=True)
    ]
    return answers, close


def _on_contested_ground(polygons: NDArray[Any], border: BorderSet) -> NDArray[np.bool_]:
    """Which hazards lie on ground that asked countries contest; there is no line to be on one side of."""
    ground = border.countries[border.countries["code"].isin(CONTESTED)]
    asked = np.array([border.contests(row.code, row.claimants) for row in ground.itertuples()], dtype=bool)
    contested = shapely.union_all(ground.geometry.to_numpy()[asked])
    return np.asarray(shapely.intersects(polygons, contested), dtype=bool)
