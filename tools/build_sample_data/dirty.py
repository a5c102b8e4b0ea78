"""The dirty twins: the clean registers as offices really keep them, every defect drawn by lot and entered in a list."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from . import dirty_cells as cells
from . import dirty_degrees as degrees
from . import dirty_rows as rows
from . import dirty_shapes as shapes
from .dirty_files import geojson_bytes, shapefile_bytes
from .dirty_follow import follow
from .dirty_list import EXPECTED, table_text
from .dirty_records import WHOLE_FILE, Record, Twin, records_of
from .dirty_sheet import FIRST_ROW, PROFILE, sheet_bytes

SHEET, REGISTER, RELEASES = "bih_register_dirty.csv", "hrv_register_dirty.geojson", "hrv_releases_dirty.zip"
RELEASES_PROFILE = Path(__file__).with_name("hrv_releases_dirty.toml")
_TOWNS = {
    "BIH": ("Zamišljeni Grad", "Fiktivno Polje", "Izmišljeni Most", "Nepostojeća Luka", "Čudesni Brod", "Tobožnja Glava"),
    "HRV": ("Zamišljena Gora", "Fiktivni Otok", "Izmišljeno Selo", "Nepostojeći Klanac", "Čudesna Dubrava", "Tobožnji Kamen"),
}  # fmt: skip
_TOWN_M = 45_000.0


def build(folder: Path, frames: dict[str, gpd.GeoDataFrame], line: Any, seed: int) -> list[Twin]:
    """Write the dirty twins, their profiles, and the list of what was done to them.

    Parameters
    ----------
    folder : pathlib.Path
    frames : dict of str to geopandas.GeoDataFrame
        ``BIH``, ``HRV`` and the releases of each, in the plane.
    line : shapely.LineString
        The border, in the plane.
    seed : int

    Returns
    -------
    list of Twin
    """
    rng = np.random.default_rng([seed, 1])
    twins = [_sheet(frames, line, rng), *_hrv(frames, line, rng)]
    sheet, register, releases = twins
    (folder / SHEET).write_bytes(sheet_bytes(sheet.records))
    for twin in (register, releases):
        for record in twin.records:
            if record.geometry is None and record.shape is not None:
                record.geometry = twin.to_file(record.shape)
    columns = {code: [name for name in frames[code].columns if name != "geometry"] for code in ("HRV", "HRV releases")}
    (folder / REGISTER).write_bytes(geojson_bytes(register.records, [*columns["HRV"], "municipality"]))
    stem = RELEASES.removesuffix(".zip")
    (folder / RELEASES).write_bytes(shapefile_bytes(releases.records, columns["HRV releases"], stem))
    for profile in (PROFILE, RELEASES_PROFILE):
        shutil.copyfile(profile, folder / profile.name)
    (folder / EXPECTED).write_text(table_text(twins), encoding="utf-8", newline="")
    return twins


def _records(frames: dict[str, gpd.GeoDataFrame], code: str) -> tuple[list[Record], list[Record]]:
    """Hazards and releases of one register, with the fictional municipality that each lies in."""
    found = [records_of(frames[name], kind) for name, kind in ((code, "hazards"), (f"{code} releases", "releases"))]
    for record in (one for records in found for one in records):
        x = shapely.get_x(shapely.centroid(record.shape))
        towns = _TOWNS[code]
        record.cells["municipality"] = towns[int(x // _TOWN_M) % len(towns)]
    return found[0], found[1]


def _sheet(frames: dict[str, gpd.GeoDataFrame], line: Any, rng: np.random.Generator) -> Twin:
    hazards, releases = _records(frames, "BIH")
    # In the list each release stands below its hazard.
    records = [one for hazard in hazards for one in (hazard, *_released_from(hazard, releases))]
    twin = Twin(SHEET, records, rng, line, degrees=False, first_row=FIRST_ROW)
    _sheet_links(twin)
    _sheet_shapes(twin)
    _sheet_rows(twin)
    _sheet_cells(twin)
    follow(twin, twin)
    total = Record("hazards", "UKUPNO", {}, None, taken_as="hazards")
    total.written["declared_area_m2"] = "34.412.908"
    twin.add(total)
    twin.tell(
        total, "sum below the list, in the columns of the records", "geometry-missing", "value-missing", lost=True
    )
    return twin


def _released_from(hazard: Record, releases: list[Record]) -> list[Record]:
    return [one for one in releases if one.cells["hazard_id"] == hazard.name]


def _sheet_links(twin: Twin) -> None:
    # First, as they need hazards and releases of which nothing else is wrong.
    cells.reopened(twin, 2)
    cells.links(twin, none=5, unknown=["BIH-0912", "BIH-O044"], spaced=2, wrong=1)
    released = [one for one in twin.records if one.kind == "releases"]

    def is_part(one: Record) -> bool:
        """One of several pieces of a closed hazard, so that the hazard is not the same ground."""
        hazard = next((other for other in twin.records if other.name == one.cells["hazard_id"]), None)
        if hazard is None or hazard.is_open or not twin.is_alone(hazard):
            return False
        return len(_released_from(hazard, released)) > 1

    for record in cells.write(
        twin,
        "releases",
        "kind",
        ["Oslobođeno"],
        "word for released ground that nobody knows",
        "term-unknown",
        fits=is_part,
    ):
        record.taken_as = "hazards"  # the safe side
        twin.tell(record, "word for released ground that nobody knows", "value-missing")


def _sheet_shapes(twin: Twin) -> None:
    shapes.circles(twin, 2)
    shapes.long_edges(twin, 2)
    shapes.at_nought(twin, 1, in_degrees=False)
    shapes.to_grid(twin, 2, 100)
    shapes.to_grid(twin, 3, 10)
    shapes.slivers(twin, 1)
    shapes.points_twice(twin, 2)
    shapes.no_geometry(twin, 20)
    shapes.bow_ties(twin, 15)
    shapes.open_rings(twin, 3)
    shapes.too_few(twin, 2, "geometry-too-few-points")
    shapes.exchanged_grid(twin, 2)
    for record, text in zip(twin.draw(2), ("vidi skicu", "POLYGON EMPTY"), strict=True):
        record.geometry, record.shape = text, None
        rule = "geometry-missing" if "EMPTY" in text else "geometry-unreadable"
        what = "empty outline" if "EMPTY" in text else "words in place of the outline"
        twin.tell(record, what, rule, lost=True)


def _sheet_rows(twin: Twin) -> None:
    rows.map_sheet(twin, 3)
    rows.copies(twin, 1)
    rows.moved(twin, 1)
    rows.overlapping(twin, 3)
    rows.repeated(twin, "hazards", 2)
    rows.repeated(twin, "releases", 1)
    rows.one_id(twin, "hazards", 2)
    rows.one_id(twin, "releases", 1)
    rows.spaced_id(twin, "hazards", 1)
    rows.spaced_id(twin, "releases", 1)


def _sheet_cells(twin: Twin) -> None:
    area = "declared_area_m2"
    cells.wrong_units(twin, "hazards", 3, 2)
    cells.wrong_units(twin, "releases", 1, 1)
    cells.write(twin, "hazards", area, ["12,345.6", "oko 20.000", "5,2 ha"], cells.NUMBER, "number-unreadable")
    cells.write(twin, "releases", "ap_mines", ["nekoliko", "2,5"], cells.NUMBER, "number-unreadable")
    cells.write(
        twin, "hazards", "date_of_information", ["31.02.2024.", "proljeće 2021", "2021"], cells.DATE, "date-unreadable"
    )
    cells.write(twin, "releases", "completed_on", ["31.06.2023."], cells.DATE, "date-unreadable")
    cells.future_dates(twin, "hazards", "date_of_information", 2)
    cells.reversed_dates(twin, 2)
    cells.no_depth(twin, 2)
    cells.write(
        twin, "hazards", "classification", ["Minsko polje", "MSP?"], cells.CLASS, "term-unknown", fits=twin.is_alone
    )
    cells.write(twin, "hazards", "classification", ["", "", ""], cells.NO_CLASS, "value-missing", fits=twin.is_alone)
    cells.write(twin, "hazards", "work_status", ["U pripremi", "da"], cells.STATUS, "term-unknown", fits=twin.is_alone)
    cells.write(twin, "hazards", "work_status", [""], cells.NO_STATUS, "value-missing", fits=twin.is_alone)
    cells.write(twin, "hazards", "contamination", ["PP, PMR-2A"], cells.CONTENTS, "term-unknown")
    cells.spelled_twice(
        twin, "municipality", {"Zamišljeni Grad": ("Zamisljeni Grad", 2), "Izmišljeni Most": ("IZMIŠLJENI MOST", 1)}
    )
    cells.write(twin, "hazards", "name", [cells.FORMULA_TEXT], cells.FORMULA)
    cells.write(twin, "hazards", "remark", [cells.MARKUP_TEXT], cells.MARKUP)
    for column, text, ours in (
        ("classification", "RIZIČNA POVRŠINA", "SHA"),
        ("classification", " rizična površina ", "SHA"),
        ("work_status", "otvoreno", "open"),
    ):
        cells.write(
            twin, "hazards", column, [text], cells.HARMLESS, fits=lambda one, c=column, o=ours: one.cells[c] == o
        )
    cells.write(twin, "releases", "kind", ["očišćeno"], cells.HARMLESS, fits=lambda one: one.cells["kind"] == "cleared")


def _hrv(frames: dict[str, gpd.GeoDataFrame], line: Any, rng: np.random.Generator) -> tuple[Twin, Twin]:
    hazards, released = _records(frames, "HRV")
    register = Twin(REGISTER, hazards, rng, line, degrees=True, others=released)
    _register_shapes(register)
    _register_rows(register)
    _register_cells(register)
    releases = Twin(RELEASES, released, rng, line, degrees=True, others=hazards)
    _releases(releases)
    follow(releases, register)
    return register, releases


def _register_shapes(twin: Twin) -> None:
    degrees.cut_to_three(twin, 2)
    degrees.cut_to_two(twin, 1)
    shapes.circles(twin, 1)
    shapes.long_edges(twin, 1)
    degrees.swapped(twin, 3)
    shapes.at_nought(twin, 1, in_degrees=True)
    shapes.slivers(twin, 1)
    shapes.points_twice(twin, 1)
    shapes.no_geometry(twin, 11)
    shapes.bow_ties(twin, 8)
    shapes.open_rings(twin, 1)
    shapes.too_few(twin, 1, "geometry-unreadable")


def _register_rows(twin: Twin) -> None:
    rows.map_sheet(twin, 2)
    rows.copies(twin, 1)
    rows.moved(twin, 1)
    rows.overlapping(twin, 2)
    rows.repeated(twin, "hazards", 1)
    rows.one_id(twin, "hazards", 1)
    rows.spaced_id(twin, "hazards", 1)


def _register_cells(twin: Twin) -> None:
    area = "declared_area_m2"
    cells.wrong_units(twin, "hazards", 2, 2)
    cells.write(twin, "hazards", area, ["1.234", "56,789"], cells.TWO_NUMBERS, "number-ambiguous")
    cells.write(twin, "hazards", area, ["cca 5000"], cells.NUMBER, "number-unreadable")
    cells.write(twin, "hazards", "date_of_information", ["31.02.2024", "13.04.2021"], cells.DATE, "date-unreadable")
    cells.future_dates(twin, "hazards", "date_of_information", 2)
    cells.write(twin, "hazards", "classification", ["MSP", "sumnjivo"], cells.CLASS, "term-unknown", fits=twin.is_alone)
    cells.write(twin, "hazards", "classification", [None, ""], cells.NO_CLASS, "value-missing", fits=twin.is_alone)
    cells.write(twin, "hazards", "work_status", ["U izradi", "Open"], cells.STATUS, "term-unknown", fits=twin.is_alone)
    cells.write(twin, "hazards", "country", ["Hrvatska", "hrv"], cells.COUNTRY, "code-unknown")
    cells.write(twin, "hazards", "contamination", ["PMA"], cells.CONTENTS, "term-unknown")
    cells.spelled_twice(twin, "municipality", {"Izmišljeno Selo": ("Izmisljeno Selo", 1)})


def _releases(twin: Twin) -> None:
    twin.tell(WHOLE_FILE, "names of columns cut to ten characters", "column-name-cut")
    cells.links(twin, none=2, unknown=["HR-0944"], spaced=0, wrong=1)
    shapes.no_geometry(twin, 7)
    shapes.bow_ties(twin, 5)
    rows.repeated(twin, "releases", 1)
    rows.one_id(twin, "releases", 1)
    cells.wrong_units(twin, "releases", 2, 1)
    cells.write(twin, "releases", "completed_on", ["31.02.2024", "2/3/2023"], cells.DATE, "date-unreadable")
    cells.future_dates(twin, "releases", "completed_on", 1)
    cells.reversed_dates(twin, 2)
    cells.no_depth(twin, 2)
    for record in cells.write(
        twin, "releases", "kind", ["done", None], "way of release that is no word of the field", "kind-unknown"
    ):
        record.lost = True
