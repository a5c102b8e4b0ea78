"""What happens to cells: wrong units, unreadable numbers and dates, unknown words, names in two spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import shapely

from .dirty_records import CLOSED, Record, Twin

HECTARES = "declared area in hectares (10,000 times too small)"
THOUSANDTH = "declared area read with a decimal sign in place of one of thousands (1,000 times too small)"
NUMBER = "number that cannot be read"
TWO_NUMBERS = "number that is one thing in Zagreb and another in London"
DATE = "date that cannot be read"
FUTURE = "date in the future"
CLASS = "class that is no word of the field"
NO_CLASS = "no class"
STATUS = "status that is no word of the field"
NO_STATUS = "no status"
CONTENTS = "contents that are no word of the field"
COUNTRY = "country that is no code of three letters"
SPELLED = "municipality in a second spelling"
SPELLED_AGAIN = "municipality in a second spelling, once more"
HARMLESS = "written a little differently, and still understood"
FORMULA = "text that a spreadsheet would run"
MARKUP = "text that a browser would run"
REVERSED = "work that ends before it starts"
NO_DEPTH = "cleared ground without a depth"
NO_LINK = "release that names no hazard"
UNKNOWN_LINK = "release that names a hazard that nobody has"
SPACED_LINK = "release that names its hazard with a space at the end"
WRONG_LINK = "release that names another hazard than its own"
LINKS = (NO_LINK, UNKNOWN_LINK, SPACED_LINK, WRONG_LINK)
REOPENED = "closed hazard, wholly released, entered as open"
_FUTURE = pd.Timestamp("2062-03-15")
FORMULA_TEXT = '=HYPERLINK("#A1";"klik")'
MARKUP_TEXT = "<b onmouseover=alert(1)>Fiktivni šljivik</b> & {{ 7*7 }}"


def is_hazard(record: Record) -> bool:
    """Whether it is a hazard."""
    return record.kind == "hazards"


def write(
    twin: Twin, kind: str, column: str, texts: list[Any], what: str, *rules: str, fits: Callable[[Record], Any] = bool
) -> list[Record]:
    """Write texts into a column of as many records, drawn by lot."""
    records = twin.draw(len(texts), kind, fits)
    for record, text in zip(records, texts, strict=True):
        record.written[column] = text
        twin.tell(record, what, *rules)
    return records


def wrong_units(twin: Twin, kind: str, hectares: int, thousandths: int) -> None:
    """Declare areas of a hectare and more in another unit."""

    def fits(one: Record) -> bool:
        return bool((one.value("declared_area_m2") or 0) > 10_000)

    for count, factor, what in ((hectares, 1e-4, HECTARES), (thousandths, 1e-3, THOUSANDTH)):
        for record in twin.draw(count, kind, fits):
            record.cells["declared_area_m2"] = round(record.cells["declared_area_m2"] * factor, 3)
            twin.tell(record, what, "declared-area-differs")


def future_dates(twin: Twin, kind: str, column: str, count: int) -> None:
    """Mistype the year."""
    # A hazard without work: nothing that was done there comes before what is known of it.
    for record in twin.draw(count, kind, lambda one: one.kind == "releases" or one.value("work_status") == "open"):
        record.cells[column] = _FUTURE
        twin.tell(record, FUTURE, "date-in-future")


def reversed_dates(twin: Twin, count: int) -> None:
    """Exchange the first and the last day of work."""
    for record in twin.draw(count, "releases", lambda one: one.cells["completed_on"] > one.cells["started_on"]):
        cells = record.cells
        cells["started_on"], cells["completed_on"] = cells["completed_on"], cells["started_on"]
        twin.tell(record, REVERSED, "dates-reversed")


def no_depth(twin: Twin, count: int) -> None:
    """Leave the depth out."""
    for record in twin.draw(count, "releases", lambda one: one.value("kind") == "cleared"):
        record.cells["depth_m"] = None
        twin.tell(record, NO_DEPTH, "depth-missing")


def spelled_twice(twin: Twin, column: str, spellings: dict[str, tuple[str, int]]) -> None:
    """Write some names of municipalities otherwise; the note stands at the first record of the rarer spelling."""
    for name, (other, count) in spellings.items():

        def fits(one: Record, name: str = name) -> bool:
            return one.cells[column] == name

        for k, record in enumerate(twin.draw(count, "hazards", fits)):
            record.cells[column] = other
            twin.tell(record, SPELLED_AGAIN if k else SPELLED, *([] if k else ["name-spelled-differently"]))


def links(twin: Twin, *, none: int, unknown: list[str], spaced: int, wrong: int) -> None:
    """Lose or mistake the hazard that a release belongs to; what follows from it is found when all is known."""

    def fits(one: Record) -> bool:
        return one.value("kind") is not None

    for record in twin.draw(none, "releases", fits):
        record.cells["hazard_id"] = ""
        twin.tell(record, NO_LINK, "link-missing")
    for record, name in zip(twin.draw(len(unknown), "releases", fits), unknown, strict=True):
        record.cells["hazard_id"] = name
        twin.tell(record, UNKNOWN_LINK)
    for record in twin.draw(spaced, "releases", fits):
        record.cells["hazard_id"] += " "
        twin.tell(record, SPACED_LINK)
    for record, other in zip(twin.draw(wrong, "releases", fits), _far_from_work(twin), strict=False):
        record.cells["hazard_id"] = other.name
        twin.tell(record, WRONG_LINK)


def _far_from_work(twin: Twin) -> Iterator[Record]:
    """Hazards that can be named by mistake: sound, closed, without a release of their own."""
    named = {one.cells["hazard_id"] for one in twin.all if one.kind == "releases"}
    for one in twin.all:
        if is_hazard(one) and not one.drawn and one.name not in named:
            one.drawn = True
            yield one


def reopened(twin: Twin, count: int) -> None:
    """Enter hazards as open whose ground was released."""
    released = [one for one in twin.all if one.kind == "releases"]

    def own(hazard: Record) -> list[Record]:
        return [one for one in released if one.cells["hazard_id"] == hazard.name]

    def fits(one: Record) -> bool:
        mine = own(one)
        if one.cells["work_status"] not in CLOSED or any(release.drawn for release in mine) or not mine:
            return False
        covered = shapely.union_all([release.shape for release in mine])
        alone = all(near in mine for near in twin.around[id(one)])
        return bool(alone and shapely.intersection(covered, one.shape).area > 0.98 * one.shape.area)

    for record in twin.draw(count, "hazards", fits):
        record.cells["work_status"] = "open"
        for release in own(record):
            release.drawn = True
        twin.tell(record, REOPENED)
