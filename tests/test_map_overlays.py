"""A picture below the hazards, and tiles for those who ask."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from browser import (
    complaints,
    count,
    fictional_hazards,
    show,
    text,
    wait_for,
)
from PIL import Image
from test_map import Elements, data_of, page_of

import hazardgeo as hz
from hazardgeo.errors import CRSError, FormatError, MapError
from hazardgeo.maps import _raster

if TYPE_CHECKING:
    pass

HAZARDS = fictional_hazards(20)
AT = (17.0, 45.1)  # longitude and latitude of the marked pixel
MERCATOR = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)


def write(
    path: Path, bands: np.ndarray, *, crs: Any = "EPSG:3035", corner: Any = None, pixel: float = 500.0, **more: Any
) -> Path:
    """Write a GeoTIFF whose marked corner is given in its own plane; around `AT` unless told otherwise."""
    count_, height, width = bands.shape
    if corner is None:
        x, y = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(*AT)
        corner = (x - pixel * width / 2, y + pixel * height / 2)
    palette = more.pop("palette", None)
    profile = {"driver": "GTiff", "width": width, "height": height, "count": count_, "dtype": bands.dtype, "crs": crs}
    with rasterio.open(
        path, "w", transform=Affine(pixel, 0, corner[0], 0, -pixel, corner[1]), **profile, **more
    ) as made:
        made.write(bands)
        if palette:
            made.write_colormap(1, palette)
    return path


def overlay_of(path: Path) -> dict[str, Any]:
    return data_of(page_of(hz.hazard_map(HAZARDS, raster=path)))["raster"]


def pixels_of(overlay: dict[str, Any]) -> tuple[np.ndarray, str]:
    kind, encoded = re.fullmatch(r"data:image/(\w+);base64,(.*)", overlay["image"]).groups()
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))), kind


def place_of(overlay: dict[str, Any], row: float, column: float, shape: tuple[int, ...]) -> tuple[float, float]:
    """Web Mercator coordinates of a pixel's middle, by the bounds that the page is given."""
    (south, west), (north, east) = overlay["bounds"]
    (left, bottom), (right, top) = MERCATOR.transform(west, south), MERCATOR.transform(east, north)
    return left + (column + 0.5) / shape[1] * (right - left), top - (row + 0.5) / shape[0] * (top - bottom)


@pytest.mark.parametrize("crs", ["EPSG:3035", "EPSG:4326", "EPSG:32633", "EPSG:3857"])
def test_a_marked_place_lies_where_pyproj_puts_it(tmp_path: Path, crs: str) -> None:
    """One white square of 3 × 3 pixels around `AT`; the middle of what is white in the picture lies within a pixel of it."""
    bands = np.zeros((1, 81, 81), dtype=np.uint8)
    bands[0, 39:42, 39:42] = 255
    overlay = overlay_of(write(tmp_path / "a.tif", bands, crs=crs, pixel=0.005 if crs == "EPSG:4326" else 500.0))
    pixels, _ = pixels_of(overlay)
    grey = pixels if pixels.ndim == 2 else pixels[..., 0] * (pixels[..., 1] > 0)
    rows, columns = np.nonzero(grey > 127)
    x, y = place_of(overlay, rows.mean(), columns.mean(), grey.shape)
    expected = MERCATOR.transform(*AT)
    one = place_of(overlay, 0, 1, grey.shape)[0] - place_of(overlay, 0, 0, grey.shape)[0]
    assert (x, y) == pytest.approx(expected, abs=one)
    assert crs in overlay["note"]
    assert "bilinear resampling" in overlay["note"]


def test_colours_stay_colours_and_a_palette_is_not_mixed(tmp_path: Path) -> None:
    colour = np.zeros((3, 40, 40), dtype=np.uint8)
    colour[0], colour[1, :, 20:] = 200, 100
    pixels, _ = pixels_of(overlay_of(write(tmp_path / "rgb.tif", colour)))
    assert {tuple(c) for c in pixels[pixels[..., -1] > 0][:, :3]} >= {(200, 0, 0), (200, 100, 0)} or pixels.shape[
        -1
    ] == 3
    classes = np.ones((1, 40, 40), dtype=np.uint8)
    classes[0, :, 20:] = 2
    palette = {1: (10, 20, 30, 255), 2: (240, 230, 220, 255)}
    overlay = overlay_of(write(tmp_path / "classes.tif", classes, palette=palette))
    pixels, kind = pixels_of(overlay)
    assert kind == "png"
    assert {tuple(c) for c in pixels.reshape(-1, pixels.shape[-1])[:, :3]} - {(0, 0, 0)} == {
        (10, 20, 30),
        (240, 230, 220),
    }
    assert "nearest resampling" in overlay["note"]


def test_what_is_empty_stays_empty_and_heights_are_stretched(tmp_path: Path) -> None:
    heights = np.full((1, 50, 50), -9999.0, dtype=np.float32)
    heights[0, 10:40, 10:40] = np.linspace(100, 1100, 30)
    overlay = overlay_of(write(tmp_path / "dem.tif", heights, nodata=-9999.0))
    pixels, _ = pixels_of(overlay)
    seen = pixels[..., 1] > 0
    assert 0.2 < seen.mean() < 0.6
    assert pixels[..., 0][seen].min() < 10
    assert pixels[..., 0][seen].max() > 245
    assert re.search(r"Grey from 1\d\d\.?\d* \(dark\) to 10\d\d", overlay["note"])


def test_the_picture_is_bounded_and_cut_to_the_ground_of_the_map(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    world = rng.integers(0, 255, (1, 1500, 3000), dtype=np.uint8)
    path = write(tmp_path / "world.tif", world, crs="EPSG:4326", corner=(-180, 90), pixel=0.12)
    page = data_of(page_of(hz.hazard_map(HAZARDS, raster=path)))
    (south, west), (north, east) = page["raster"]["bounds"]
    (low, left), (high, right) = page["limits"]
    assert (west, north) == pytest.approx((left, high), abs=0.01)
    assert east <= right + 0.13
    assert south >= low - 0.13
    pixels, _ = pixels_of(page["raster"])
    assert max(pixels.shape[:2]) <= _raster.LONGEST_SIDE


@pytest.mark.parametrize(
    ("made", "error", "said"),
    [
        ({"crs": None, "corner": (0, 0)}, CRSError, "no CRS"),
        ({"crs": "EPSG:31276"}, CRSError, "datum is not that of WGS 84"),
        ({"corner": (0, 0)}, MapError, "does not reach"),
        ({"bands": np.zeros((7, 5, 5), np.uint8)}, MapError, "7 bands"),
        ({"bands": np.zeros((3, 5, 5), np.uint16)}, MapError, "8 bits"),
        ({"nodata": 0}, MapError, "empty"),
    ],
)
def test_what_cannot_lie_below_a_map_is_refused(tmp_path: Path, made: dict, error: type, said: str) -> None:
    path = write(tmp_path / "a.tif", made.pop("bands", np.zeros((1, 5, 5), np.uint8)), **made)
    with pytest.raises(error, match=said):
        hz.hazard_map(HAZARDS, raster=path)


def test_a_picture_of_absurd_size_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.tif", np.zeros((1, 20, 20), np.uint8))
    monkeypatch.setattr(_raster, "MOST_PIXELS", 399)
    with pytest.raises(MapError, match="20 × 20 pixels"):
        hz.hazard_map(HAZARDS, raster=path)


def test_what_is_no_geotiff_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        hz.hazard_map(HAZARDS, raster=tmp_path / "none.tif")
    (tmp_path / "a.vrt").write_text("<VRTDataset rasterXSize='5' rasterYSize='5'></VRTDataset>")
    with pytest.raises(FormatError, match="cannot be read as a GeoTIFF"):
        hz.hazard_map(HAZARDS, raster=tmp_path / "a.vrt")


def test_equal_rasters_give_equal_pages(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.arange(400, dtype=np.uint8).reshape(1, 20, 20))
    assert page_of(hz.hazard_map(HAZARDS, raster=path)) == page_of(hz.hazard_map(HAZARDS, raster=path))


# Tiles


def policy_of(page: str) -> str:
    metas = [attributes for tag, attributes in Elements(page).seen if tag == "meta"]
    return next(each["content"] for each in metas if each.get("http-equiv") == "Content-Security-Policy")


def test_tiles_open_the_policy_to_their_host_alone_and_are_told() -> None:
    page = page_of(hz.hazard_map(HAZARDS, online=True))
    assert "img-src data: https://a.tile.opentopomap.org;" in policy_of(page)
    assert policy_of(page).replace(" https://a.tile.opentopomap.org", "") == policy_of(page_of(hz.hazard_map(HAZARDS)))
    assert "© OpenStreetMap contributors, SRTM; map style © OpenTopoMap (CC-BY-SA)" in page.split("<footer")[1]
    assert "connects to https://a.tile.opentopomap.org alone" in page
    assert "connects to no network" not in page


def test_a_server_of_ones_own_can_be_named() -> None:
    own = ("http://localhost:8080/tiles/{z}/{x}/{y}.png", "© Our Office")
    page = page_of(hz.hazard_map(HAZARDS, online=own))
    assert "img-src data: http://localhost:8080;" in policy_of(page)
    assert data_of(page)["tiles"]["attribution"] == "© Our Office"


@pytest.mark.parametrize(
    "online",
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors"),
        ("https://a.tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors"),
        ("https://example.org/tiles.png", "©"),
        ("http://example.org/{z}/{x}/{y}.png", "©"),
        ("https://example.org; script-src */{z}/{x}/{y}.png", "©"),
        ("https://example.org/{z}/{x}/{y}.png'; script-src *", "©"),
        ("https://*/{z}/{x}/{y}.png", "©"),
        ("https://example.org/{z}/{x}/{y}.png", " "),
    ],
)
def test_what_is_no_server_of_tiles_or_not_to_be_asked_is_refused(online: tuple[str, str]) -> None:
    with pytest.raises(MapError):
        hz.hazard_map(HAZARDS, online=online)


# In a browser


@pytest.mark.browser
def test_a_picture_is_drawn_below_the_hazards_and_asks_for_nothing(browser: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.arange(400, dtype=np.uint8).reshape(1, 20, 20), pixel=5000.0)
    show(browser, hz.hazard_map(HAZARDS, raster=path), tmp_path / "map.html")
    picture = "document.querySelector('.leaflet-hz-raster-pane img')"
    wait_for(browser, f"return {picture}.complete && {picture}.naturalWidth > 0")
    levels = browser.execute_script(
        "return ['hz-base', 'hz-raster', 'hz-borders'].map(n => +document.querySelector(`.leaflet-${n}-pane`).style.zIndex)"
    )
    assert levels == sorted(levels)
    assert "Picture: a.tif" in text(browser, "#hz-legend")
    assert "resampling" in text(browser, "#hz-legend")
    browser.find_element("css selector", ".hz-kinds input").click()
    assert count(browser, ".leaflet-hz-raster-pane img") == 0
    assert complaints(browser) == []


@pytest.mark.browser
def test_no_tile_is_asked_for_before_the_tick_and_the_warning_stays_while_it_is_set(
    browser: Any, tmp_path: Path
) -> None:
    """The host cannot be reached here: what is seen is which requests are made, and of whom."""
    show(browser, hz.hazard_map(HAZARDS, online=True), tmp_path / "map.html")
    assert "tells a.tile.opentopomap.org where you look" in text(browser, "#hz-legend")
    assert not browser.find_element("id", "hz-online").is_displayed()
    assert complaints(browser) == []
    box = browser.find_element("css selector", ".hz-kinds input")
    box.click()
    assert "tells that server where you look" in text(browser, "#hz-online")
    assert browser.find_element("id", "hz-online").is_displayed()
    wait_for(browser, "return document.querySelectorAll('.leaflet-hz-tiles-pane img').length > 0")
    asked = "return [...document.querySelectorAll('.leaflet-hz-tiles-pane img')]"
    asked += ".map(i => [new URL(i.src).host, i.referrerPolicy])"
    assert {tuple(one) for one in browser.execute_script(asked)} == {("a.tile.opentopomap.org", "no-referrer")}
    box.click()
    assert text(browser, "#hz-online") == ""
    requested = [one for one in complaints(browser) if one.startswith("http")]
    assert requested
    assert all(one.startswith("https://a.tile.opentopomap.org/") for one in requested)
