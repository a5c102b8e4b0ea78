"""Many states at once: which of them share a line, where three meet, and what lies within another."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._line._course import M_PER_KM, M_PER_MI, course_of
from hazardgeo.borders._line._near import pairs_in_reach
from hazardgeo.borders._set import CONTESTED
from hazardgeo.borders._sources._versions import pair_names
from hazardgeo.crs import WGS84
from hazardgeo.errors import BorderError
from hazardgeo.measure import geodesic_area_m2
from hazardgeo.schema import UNSTATED, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    import pandas as pd

    from hazardgeo.borders._set import BorderSet

_MEETING_M = 1.0
_CRUMB = 1e-3  # countries do not overlap; what sticks out of a hole is edges that share no corners
_COLUMNS = (
    "pair", "country_a", "country_b", "shared", "length_km", "length_mi", "offset_95_m", "status", "contested_km",
    "why", "source", "version",
)  # fmt: skip


def pairs(of: Sequence[str] | gpd.GeoDataFrame, border: BorderSet) -> pd.DataFrame:
    """Tell which two of many countries share a line in this border set, and how long it is there.

    Length depends on the source, on one border of the mission by up to 58 %: it never stands without it. Two countries
    that share no line may still have hazards of common concern.

    Parameters
    ----------
    of : sequence of str or geopandas.GeoDataFrame
        Codes of countries, or hazards, of which the column ``country`` is taken.
    border : BorderSet
        All its lines are asked, whichever countries it was loaded for.

    Returns
    -------
    pandas.DataFrame
        Index ``pair``, a row for every two: ``country_a``, ``country_b``, ``shared``, ``length_km``, ``length_mi``
        (NaN where none), ``offset_95_m`` (the largest), ``status`` (all of them, joined by ``;``), ``contested_km``
        (edges of ground that the two contest; its two edges both count), ``why`` in words, ``source``, ``version``.

    Raises
    ------
    BorderError
        If fewer than two countries are named.
    SchemaError
        If hazards have no column ``country``.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> border = hz.borders.load("KHM", "LAO", "THA", "VNM")
    >>> table = hz.borders.pairs(["KHM", "LAO", "THA", "VNM"], border)
    >>> table.index[~table["shared"]].tolist()
    ['THA-VNM']
    """
    import pandas as pd

    codes = _codes(of)
    lines = border.lines
    names, contested = pair_names(lines), _contested(lines)
    lengths = _lengths_m(lines)
    rows = []
    for a, b in combinations(codes, 2):
        ours = names == f"{a}-{b}"
        shared = bool(ours.any())
        length = math.fsum(lengths[ours]) if shared else math.nan
        rows.append(
            {
                "pair": f"{a}-{b}", "country_a": a, "country_b": b, "shared": shared,
                "length_km": length / M_PER_KM, "length_mi": length / M_PER_MI,
                "offset_95_m": float(lines["offset_95_m"][ours].max()) if shared else math.nan,
                "status": ";".join(sorted(set(lines["status"][ours]))),
                "contested_km": math.fsum(lengths[[{a, b} <= claims for claims in contested]]) / M_PER_KM,
                "why": _why({a, b}, shared, contested, border), "source": border.source, "version": border.version,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("pair")


def _codes(of: Sequence[str] | gpd.GeoDataFrame) -> list[str]:
    named: Any = of
    if hasattr(named, "columns"):
        require(named, "country")
        named = named["country"].dropna().astype(str)
    codes = sorted(set(named) - {UNSTATED, *CONTESTED})
    if len(codes) < 2:
        raise BorderError(f"A pair needs two countries; named: {', '.join(codes) or 'none'}. Name them by their codes.")
    return codes


def _lengths_m(lines: Any) -> Any:
    course = course_of(lines.geometry.to_numpy())
    lengths = np.zeros(len(lines))
    np.add.at(lengths, course.line, course.length_m)
    return lengths


def _contested(lines: Any) -> list[set[str]]:
    """The parties to the ground along each line that is the edge of contested ground."""
    along = lines[["country_a", "country_b"]].isin(CONTESTED).any(axis=1)
    return [set(claims.split(";")) if edge else set() for edge, claims in zip(along, lines["claimants"], strict=True)]


def _why(two: set[str], shared: bool, contested: list[set[str]], border: BorderSet) -> str:
    title = f"{border.source} {border.version}"
    if absent := sorted(two - set(border.countries["code"])):
        return f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not in this set ({title})."
    if shared:
        return f"They share a line in {title}."
    if any(two <= claims for claims in contested):
        return f"They share no land line in {title}, and both claim ground in it."
    return f"They share no land line in {title}."


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the lengths of `pairs` as a square, country against country.

    Parameters
    ----------
    table : pandas.DataFrame
        As `pairs` gives it.

    Returns
    -------
    pandas.DataFrame
        Lengths [km], the same in both directions; NaN where two share no line, and of a country with itself.

    Raises
    ------
    KeyError
        If `table` is no such table.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> table = hz.borders.pairs(["BIH", "HRV"], hz.borders.load("BIH", "HRV"))
    >>> square = hz.borders.matrix(table)
    >>> bool(square.loc["BIH", "HRV"] == square.loc["HRV", "BIH"])
    True
    """
    import pandas as pd

    codes = sorted({*table["country_a"], *table["country_b"]})
    square = pd.DataFrame(math.nan, index=codes, columns=codes)
    for a, b, length in zip(table["country_a"], table["country_b"], table["length_km"], strict=True):
        square.loc[a, b] = square.loc[b, a] = length
    return square.rename_axis(index="country_a", columns="country_b")


def tripoints(border: BorderSet) -> gpd.GeoDataFrame:
    """Find the places where the lines of three countries or more meet.

    Near such a place a hazard may concern three centres. How well the place is known is no better than the lines.

    Parameters
    ----------
    border : BorderSet

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326: ``countries`` (codes joined by ``;``), ``contested`` (whether one of them is there only
        by its claim), ``offset_95_m`` (the largest of the lines that meet), ``source``, ``version``; by countries,
        then from south to north.

    Raises
    ------
    AttributeError
        If `border` is no `BorderSet`.

    Notes
    -----
    Ends of lines that lie within 1 m of each other meet; of one version they end at the same vertex.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> meeting = hz.borders.tripoints(hz.borders.load("KHM", "LAO", "THA", "VNM"))
    >>> "KHM;LAO;THA" in meeting["countries"].tolist()
    True
    """
    import geopandas as gpd

    rows, places = [], []
    for place, at in _meetings(border):
        lines = border.lines.iloc[at]
        states = {*lines["country_a"], *lines["country_b"]} - set(CONTESTED)
        claims = {code for text in lines["claimants"] for code in text.split(";")} - {""}
        if len(states | claims) > 2:
            rows.append((";".join(sorted(states | claims)), bool(claims - states), float(lines["offset_95_m"].max())))
            places.append(place)
    frame = gpd.GeoDataFrame(rows, columns=["countries", "contested", "offset_95_m"], geometry=places, crs=WGS84)
    frame = frame.assign(source=border.source, version=border.version, latitude=[place.y for place in places])
    return frame.sort_values(["countries", "latitude"], ignore_index=True).drop(columns="latitude")


def _meetings(border: BorderSet) -> Iterator[tuple[Any, list[int]]]:
    """Places where lines end, and the lines that end there."""
    shapes = shapely.line_merge(border.lines.geometry.to_numpy())
    ends, line = shapely.get_parts(shapely.boundary(shapes), return_index=True)
    left, right = pairs_in_reach(ends, ends, _MEETING_M)
    of: dict[int, set[int]] = {}
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        of.setdefault(i, set()).add(j)
    told: set[int] = set()
    for i, others in of.items():
        if i not in told:
            told |= others
            yield ends[i], sorted({int(line[j]) for j in others})


def enclaves(border: BorderSet) -> gpd.GeoDataFrame:
    """Find the parts of countries that lie wholly within one other country of this set.

    Such ground is often missing from small-scale versions, so ask two: hazards in it then seem to lie in the country
    around it.

    Parameters
    ----------
    border : BorderSet

    Returns
    -------
    geopandas.GeoDataFrame
        Polygons in EPSG:4326: ``country``, ``within``, ``area_m2`` [m²], ``source``, ``version``; the largest first.

    Raises
    ------
    AttributeError
        If `border` is no `BorderSet`.

    Notes
    -----
    All polygons of a country are its ground. A part of it counts where it lies in a hole of the other country, to a thousandth of
    its area, whatever else lies in that hole; where holes lie in one another, the innermost is what it lies in.

    References
    ----------
    docs/explanation/frontage.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hz.borders.enclaves(hz.borders.load("BIH", "HRV")).columns[:3].tolist()
    ['country', 'within', 'area_m2']
    """
    import geopandas as gpd

    countries = border.countries[~border.countries["code"].isin(CONTESTED)]
    codes = np.array(sorted(set(countries["code"])), dtype=object)
    grounds = [shapely.union_all(countries.geometry[countries["code"] == code].to_numpy()) for code in codes]
    parts, of_part = shapely.get_parts(grounds, return_index=True)
    of_part = codes[of_part]
    holes = [
        (shapely.Polygon(ring), code) for part, code in zip(parts, of_part, strict=True) for ring in part.interiors
    ]
    tree, told, rows, places = shapely.STRtree(parts), set(), [], []
    for hole, around in sorted(holes, key=lambda one: float(shapely.area(one[0]))):
        for i in tree.query(hole).tolist():
            within = shapely.area(shapely.intersection(parts[i], hole)) > (1 - _CRUMB) * shapely.area(parts[i])
            if within and of_part[i] != around and i not in told:
                told.add(i)
                rows.append((str(of_part[i]), str(around), float(geodesic_area_m2(parts[[i]])[0])))
                places.append(parts[i])
    frame = gpd.GeoDataFrame(rows, columns=["country", "within", "area_m2"], geometry=places, crs=WGS84)
    frame = frame.assign(source=border.source, version=border.version)
    return frame.sort_values(["area_m2", "country"], ascending=[False, True], ignore_index=True)
