"""What is told of a traverse that was drawn: how, and what its measurements say about themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hazardgeo.measure._traverse._survey import Survey
    from hazardgeo.registers._formats._corners import PointRows
    from hazardgeo.registers._formats._traverse_rows import Station

_MISCLOSURE, _OFF_POSITION = "traverse-misclosure", "traverse-off-position"
LOOK_UP = "Look its bearings and distances up in the report."


def tell_of_traverse(
    record: PointRows,
    surveys: Sequence[tuple[Survey, list[Station]]],
    *,
    said: str,
    too_sure_m: float | None,
) -> None:
    """Tell of a record how it was drawn, and which checks fail.

    Parameters
    ----------
    record : PointRows
    surveys : sequence of (Survey, list of Station)
        One for each of its outlines.
    said : str
        From which north, with which errors, and by which points.
    too_sure_m : float or None
        The accuracy that is stated of it, where a check shows more [m].
    """
    legs = len({one.row for _, stations in surveys for one in stations if one.leg is not None})
    record.tell(
        "traverse-drawn",
        f"Its outline was drawn by {legs} bearings and distances, {said}",
        "Check the map against the report.",
    )
    if not any(found.closure for found, _ in surveys):
        seen = "No leg closes it: its misclosure is not known."
        record.tell("traverse-not-closed", seen, "Add the leg that closes, if there is one.")
    by_rule: dict[str, list[str]] = defaultdict(list)
    for found, _ in surveys:
        for rule, words in _findings(found):
            by_rule[rule].append(words)
    if too_sure_m is not None:
        worst = max((found for found, _ in surveys), key=lambda found: found.shown_m)
        sure = f"Its corners are said to be known to {too_sure_m:g} m; they are taken to be known to {worst.shown_m:.1f} m."
        by_rule[_rule_of(worst)].append(sure)
    for rule, several in by_rule.items():
        record.tell(rule, " ".join(several), LOOK_UP)


def _findings(found: Survey) -> Iterator[tuple[str, str]]:
    if found.closure is not None and not found.closure.passes:
        yield _MISCLOSURE, found.closure.in_words()
    if found.back_bearings is not None and not found.back_bearings.passes:
        yield "traverse-local-attraction", found.back_bearings.in_words()
    for check in found.checks:
        if not check.passes:
            yield _OFF_POSITION, f"{check.in_words()} The outline follows the bearings and distances."


def _rule_of(worst: Survey) -> str:
    """The rule of the failing check that shows the most."""
    closes_badly = worst.closure is not None and worst.closure.misclosure_m == worst.shown_m
    return _MISCLOSURE if closes_badly else _OFF_POSITION
