"""Hazards, releases and a border on one sheet of paper, for those whose mail or printer takes no page with a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.errors import FormatError, MapError
from hazardgeo.maps._records import Layer, hazard_layer, release_layer
from hazardgeo.maps._words import as_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from hazardgeo.borders import BorderSet

SIZES = {"A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0)}
"""Sheets that a figure can fill, lying on their long side: width and height [mm] (ISO 216)."""


def hazard_figure(
    hazards: gpd.GeoDataFrame,
    *,
    releases: gpd.GeoDataFrame | None = None,
    border: BorderSet | Sequence[BorderSet] | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    notice: str = "",
    disclaimer: str | None = None,
    size: str = "A4",
) -> Figure:
    """Draw hazards, released land and a border on one sheet of paper.

    The same records, colours, hatches, symbols and words as `hazard_map`, for print, for a report and for mail that takes no
    page with a script. Every record with an outline is drawn; a confirmed hazardous area lies above everything else, and no
    released land above an open hazard. What the figure does not say: that land outside the polygons is safe.

    Parameters
    ----------
    hazards : geopandas.GeoDataFrame
        Hazards: ``register``, ``country``, ``classification``, ``work_status``, polygons with a CRS.
    releases : geopandas.GeoDataFrame, optional
        Released land: ``hazard_id``, ``register``, ``country``, ``kind``, polygons with a CRS.
    border : BorderSet or sequence of BorderSet, optional
        One version of the border or several, each in its own colour; around each line a band shows how far it may be off, where
        the scale shows it.
    title : str, optional
        Heading; names the countries of the border unless given.
    subtitle : str, optional
        Stands before the date of the newest information.
    notice : str, optional
        What must stand on top, such as how many records of the registers are not on the map.
    disclaimer : str, optional
        Replaces the sentence on boundaries and names; an empty string leaves it out.
    size : {"A4", "A3", "A2"}
        The sheet, lying on its long side.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with ``savefig`` as PNG, SVG or PDF: whole or not at all, and equal figures give equal bytes. Needs the extra
        *plot*.

    Raises
    ------
    FormatError
        If matplotlib is not installed.
    MapError
        If there is no such sheet, or nothing that a map could be drawn around.
    SchemaError
        If a column is missing, an id stands twice, or a class, status or kind is not a known word.
    CRSError, GeometryError
        If the polygons cannot be measured.

    Notes
    -----
    The plane is Lambert's azimuthal equal-area projection about the sheet's centre; the sheet says within how much the scale
    bar is true on all of it. Letters are those of DejaVu Sans (Latin, Greek, Cyrillic, Armenian, Georgian, Arabic, Hebrew, Lao);
    a letter that it has not is shown as a replacement sign.

    References
    ----------
    Colours of confirmed and suspected areas: GICHD IMSMA wiki, Symbology; TN 07.11/01. All else that is drawn:
    `hazardgeo.style`.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> hazards = gpd.GeoDataFrame(
    ...     {"register": ["A"], "country": ["HRV"], "classification": ["CHA"], "work_status": ["open"]},
    ...     geometry=[shapely.box(16, 45, 16.01, 45.01)], index=["HR-1"], crs="EPSG:4326",
    ... )
    >>> figure = hazard_figure(hazards, title="One area")
    >>> [round(inches * 25.4) for inches in figure.get_size_inches()]
    [297, 210]
    """
    if size not in SIZES:
        raise MapError(f"There is no sheet {size!r}. Sheets: {', '.join(SIZES)}.")
    try:
        from hazardgeo.maps._figure_sheet import draw_sheet
        from hazardgeo.maps._figure_words import words_of
    except ImportError as error:
        raise FormatError('Figures need the extra "plot". Install it with: pip install "hazardgeo[plot]"') from error
    layers = [hazard_layer(hazards, ())]
    if releases is not None:
        layers.append(release_layer(releases, ()))
    borders = as_versions(border)
    given = {"title": title, "subtitle": subtitle, "notice": notice, "disclaimer": disclaimer, "releases": releases}
    words = words_of(hazards, layers, borders, given)
    return draw_sheet(words, layers, borders, _around(layers, borders), SIZES[size])


def _around(layers: Sequence[Layer], borders: Sequence[BorderSet]) -> NDArray[Any]:
    """What has to be on the sheet: every outline, or the border where there is none."""
    polygons = np.concatenate([layer.polygons for layer in layers])
    there: NDArray[Any] = polygons[~shapely.is_missing(polygons)]
    if len(there):
        return there
    if not borders:
        raise MapError("No record has an outline, and no border is given: there is nothing to draw a map of.")
    return np.asarray(borders[0].asked_lines.geometry.array, dtype=object)
