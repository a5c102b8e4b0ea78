"""The same borders as another state sees them, or as they were at another date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._set import BorderSet
from hazardgeo.errors import BorderError, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

# What Natural Earth says a state sees along a line, as a status. A line that a state does not see, and whose sides it does not
# say are one country, is at least disputed by it.
_STATUS = {"border": "unstated", "disputed": "disputed", "line of control": "disputed", "no border": "disputed"}


def unite(border: BorderSet, code: str, *members: str, name: str | None = None) -> BorderSet:
    """Take several countries of a border for one, as a state sees them or as they were at a date.

    The line between them goes, and their lines with others become those of the one. Nothing is said of whether that is right.

    Parameters
    ----------
    border : BorderSet
    code : str
        Of the one country; that of a member or another (such as SCG, the state union of Serbia and Montenegro until June 2006).
    *members : str
        Codes of the countries that become one, two or more.
    name : str, optional
        Of the one country; that of the member with the same code, or `code`.

    Returns
    -------
    BorderSet

    Raises
    ------
    BorderError
        If a member is not in the border, or `code` is another country of it.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> four = hz.borders.load("ALB", "MNE", "SRB", "XKX")
    >>> hz.borders.unite(four, "SCG", "MNE", "SRB", "XKX").codes
    ('ALB', 'SCG')
    """
    there = set(border.countries["code"])
    if len(set(members)) < 2 or not set(members) <= there:
        raise BorderError(f"Name two or more countries of this border to take for one. It has {named(sorted(there))}.")
    if code in there - set(members):
        raise BorderError(f"{code} is a country of this border and none of those that become one. Give another code.")
    one = dict.fromkeys(members, code)
    codes = tuple(sorted({one.get(each, each) for each in border.codes}))
    lines, countries = _lines(border.lines, one), _countries(border.countries, one, name)
    return replace(border, countries=countries, lines=lines, codes=codes)


def _renamed(claimants: str, one: Mapping[str, str]) -> str:
    return ";".join(sorted({one.get(code, code) for code in claimants.split(";")})) if claimants else ""


def _lines(lines: gpd.GeoDataFrame, one: Mapping[str, str]) -> gpd.GeoDataFrame:
    sides = np.sort(lines[["country_a", "country_b"]].replace(dict(one)).to_numpy(dtype=str), axis=1)
    claimants = [_renamed(text, one) for text in lines["claimants"]]
    renamed = lines.assign(country_a=sides[:, 0], country_b=sides[:, 1], claimants=claimants)
    inside = (sides[:, 0] == sides[:, 1]) | np.isin(claimants, list(set(one.values())))
    return renamed[~inside].reset_index(drop=True)


def _countries(countries: gpd.GeoDataFrame, one: Mapping[str, str], name: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    code = next(iter(one.values()))
    claimants = np.array([_renamed(text, one) for text in countries["claimants"]])
    # Ground that only members contest is the one country's.
    joins = (countries["code"].isin(list(one)) | (claimants == code)).to_numpy()
    names = dict(zip(countries["code"], countries["name"], strict=True))
    row: dict[str, Any] = {"code": code, "name": name or names.get(code, code), "claimants": ""}
    row |= {column: countries[column][joins].min() for column in countries.columns if column == "complete"}
    ground = shapely.union_all(countries.geometry.to_numpy()[joins])
    rest = countries.assign(claimants=claimants)[~joins]
    whole = gpd.GeoDataFrame([row], geometry=[ground], crs=countries.crs)
    united: gpd.GeoDataFrame = pd.concat([rest, whole], ignore_index=True)
    return united.sort_values(["code", "claimants"]).reset_index(drop=True)


def seen_status(status: str, points_of_view: str, state: str) -> str:
    """The status of a line as one state sees it; as it stands, where nobody sees it otherwise."""
    words = {who: word for word, _, names in (part.partition(": ") for part in points_of_view.split("; "))
             for who in names.split()}  # fmt: skip
    if not words:
        return status
    seen = words.get(state, words.get("*", ""))
    return seen if seen == "undetermined" else _STATUS.get(seen, "unstated")
