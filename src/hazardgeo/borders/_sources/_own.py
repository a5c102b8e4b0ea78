"""Borders of the user's own, read and written as GeoPackage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.borders._set import BorderSet, set_from_layers
from hazardgeo.borders._sources._gaps import refuse_gap
from hazardgeo.borders._sources._topology import refuse_overlap, refuse_stray_lines
from hazardgeo.crs import WGS84, to_wgs84
from hazardgeo.errors import BorderError, CRSError, FormatError
from hazardgeo.registers._formats import read_layer
from hazardgeo.registers._formats._geopackage import layers_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import geopandas as gpd

_ABOUT = ("source", "version", "licence")


def read(
    path: str | os.PathLike[str],
    *,
    source: str | None = None,
    version: str | None = None,
    licence: str | None = None,
    attribution: str | None = None,
    offset_95_m: float | None = None,
    offset_evidence: str | None = None,
) -> BorderSet:
    """Read a border of your own.

    A border must say who made it, of what date it is, and how far it may be off; what the file does not carry is given
    here.

    Parameters
    ----------
    path : str or path
        GeoPackage with the layers ``countries`` (polygons: ``code``, ``name``) and ``lines`` (``country_a``,
        ``country_b``, and, unless given here, ``offset_95_m``, ``offset_evidence``, ``source``, ``version``,
        ``licence``; ``status``, ``claimants`` and the columns of the error field where known, see `BorderSet`), and
        perhaps ``extent`` (one polygon: where the file
        can say which side ground lies on; without it, the countries themselves).
    source, version, licence : str, optional
        Who made the line, of what date, and under which licence, where the file does not say.
    attribution : str, optional
        What must be printed where the line is shown; `source`, where neither the file nor you say it.
    offset_95_m : float, optional
        The true line lies within this of the drawn one at 95 % [m], where the file does not say.
    offset_evidence : str, optional
        How that is known, where the file does not say.

    Returns
    -------
    BorderSet
        Asked countries are all that a line names.

    Raises
    ------
    FormatError
        If it is no such GeoPackage.
    BorderError
        If source, version, licence, offset or evidence is neither in the file nor given, or countries overlap.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> border = hz.borders.read(hz.sample_data("demarcated_border.gpkg"))
    >>> sorted(set(border.lines["status"]))
    ['demarcated', 'unstated']
    """
    there = layers_of(_geopackage(path))
    if missing := {"countries", "lines"} - set(there):
        raise FormatError(f"{path}: has no layer {sorted(missing)[0]!r}. Layers: {', '.join(there)}.")
    countries = _layer(path, "countries", ("code",))
    lines = _layer(path, "lines", ("country_a", "country_b"))
    about = {name: _said(lines, name, given) for name, given in zip(_ABOUT, (source, version, licence), strict=True)}
    credit = attribution or "; ".join(_stated(lines, "attribution")) or about["source"]
    lines = lines.assign(
        offset_95_m=_column(lines, "offset_95_m", offset_95_m),
        offset_evidence=_column(lines, "offset_evidence", offset_evidence),
        status=lines["status"].fillna("unstated") if "status" in lines else "unstated",
        claimants=lines.get("claimants", ""),
    )
    countries = countries.assign(
        name=countries["name"] if "name" in countries else countries["code"],
        claimants=countries.get("claimants", ""),
    )
    refuse_overlap(countries, str(path))
    refuse_stray_lines(lines, countries, str(path))
    extent = _layer(path, "extent", ()).geometry.iloc[0] if "extent" in there else shapely.union_all(countries.geometry)
    codes = tuple({*lines["country_a"], *lines["country_b"]})
    border = set_from_layers(countries, lines, extent, codes, **about, attribution=credit)
    refuse_gap(border.lines, border.countries, str(path))
    return border


def write(border: BorderSet, path: str | os.PathLike[str]) -> Path:
    """Write a border to a GeoPackage that `read` takes, whole or not at all.

    Parameters
    ----------
    border : BorderSet
    path : str or path
        Ending in ``.gpkg``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FormatError
        If the ending is another.
    StorageError
        If the folder is not there.

    References
    ----------
    OGC GeoPackage Encoding Standard 1.3 (OGC 12-128r17).

    Examples
    --------
    >>> import hazardgeo as hz, tempfile, pathlib
    >>> border = hz.borders.load("HRV", "BIH")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hz.borders.read(hz.borders.write(border, pathlib.Path(folder, "b.gpkg"))).source == border.source
    True
    """
    import geopandas as gpd

    from hazardgeo.registers._write import write_layers

    extent = gpd.GeoDataFrame({"what": ["extent"]}, geometry=[border.extent], crs=WGS84)
    lines = border.lines.assign(**{name: getattr(border, name) for name in (*_ABOUT, "attribution")})
    return write_layers({"countries": border.countries, "lines": lines, "extent": extent}, path)


def _geopackage(path: str | os.PathLike[str]) -> Path:
    from hazardgeo.registers._formats import regular_file

    file = regular_file(path)
    if file.suffix.casefold() != ".gpkg":
        raise FormatError(f"{file}: a border is a GeoPackage with the layers 'countries' and 'lines'.")
    return file


def _layer(path: str | os.PathLike[str], layer: str, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    raw = read_layer(path, layer)
    if missing := [name for name in columns if name not in raw.columns]:
        raise FormatError(f"{path}: the layer {layer!r} has no column {missing[0]!r}.")
    if raw.faults:
        raise FormatError(f"{path}: the layer {layer!r} has a fault. {raw.faults[0].seen} {raw.faults[0].remedy}")
    if raw.crs is None:
        raise CRSError(f"{path}: the layer {layer!r} names no CRS.")
    broken = np.flatnonzero(~shapely.is_valid(raw.shapes))
    if len(broken):
        raise FormatError(f"{path}: row {broken[0] + 1} of the layer {layer!r} has no valid geometry.")
    geometries, _ = to_wgs84(raw.shapes, raw.crs, str(path))
    return gpd.GeoDataFrame(dict(raw.columns), geometry=geometries, crs=WGS84)


def _stated(lines: gpd.GeoDataFrame, name: str) -> list[str]:
    return sorted({str(value) for value in lines[name].dropna()} - {""}) if name in lines else []


def _said(lines: gpd.GeoDataFrame, name: str, given: str | None) -> str:
    in_file = _stated(lines, name)
    if given is not None and in_file not in ([], [given]):
        raise BorderError(
            f"The file says {name} {in_file[0]!r} and {given!r} was given. Correct the one that is wrong."
        )
    if given is None and not in_file:
        raise BorderError(f"The border has no {name}. Say {name}=: a border without it cannot be cited.")
    return given if given is not None else "; ".join(in_file)


def _column(lines: gpd.GeoDataFrame, name: str, given: Any) -> Any:
    if name in lines and lines[name].notna().all():
        return lines[name]
    if given is None:
        raise BorderError(
            f"The border has no {name}. Say {name}=: every line is uncertain, and how far must be stated."
        )
    return lines[name].fillna(given) if name in lines else given
