"""One table of how things are drawn: the same colours, hatches and symbols on every map and figure.

Nothing is told by colour alone: each row has its own fill, hatch, outline, dash and symbol, so that a class can
still be told in grey print and by readers who do not see the colours apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hazardgeo import vocabulary as voc
from hazardgeo.sources import Grade, Source

Hatch = Literal["down", "up", "cross", "horizontal", "vertical", "dots", "none"]
Shape = Literal["triangle", "diamond", "circle", "hexagon", "square", "square-ring", "square-hollow"]


@dataclass(frozen=True)
class AreaStyle:
    """How one kind of area is drawn, and where that comes from."""

    key: str
    label: str
    fill: str
    """Colour of the fill, as #RRGGBB."""
    fill_opacity: float
    hatch: Hatch
    hatch_spacing: int
    """Distance between hatch lines, in pixels."""
    outline: str
    """Colour of outline, hatch and symbol edge, as #RRGGBB."""
    outline_width: float
    dash: str
    """SVG dash pattern of the outline; empty is a continuous line."""
    symbol: Shape
    """Stands for the area where the scale makes it too small to see."""
    fill_source: Source
    form_source: Source

    @property
    def is_hollow(self) -> bool:
        """Whether its symbol is an outline alone: it stands behind those that are filled."""
        return self.symbol in ("square-hollow", "hexagon")


@dataclass(frozen=True)
class LineStyle:
    """How a border line of one status is drawn."""

    key: str
    label: str
    width: float
    dash: str
    source: Source


@dataclass(frozen=True)
class FindingStyle:
    """How one kind of answer to a two-sided question is drawn: a stroke without a fill, so that it hides no hazard."""

    key: str
    label: str
    colour: str
    width: float
    dash: str
    sign: str
    """A letter beside each, where there must be no overlooking it; empty for none."""
    shown: bool
    """Whether it is drawn before anybody asks for it."""
    source: Source


@dataclass(frozen=True)
class Palette:
    """Colours of what is not in question: kept pale, and the same on both sides of every line."""

    sea: str
    land: str
    edge: str
    names: str
    borders: tuple[str, ...]
    """One colour for each version of the border, in the order given; the last serves for any more."""
    source: Source


_OURS = Source("hazardgeo design choice", Grade.ASSUMED)
_GICHD = Source("GICHD IMSMA wiki, Symbology; TN 07.11/01 (February 2016)", Grade.SECONDARY)


def _hazard(word: str) -> str:
    return voc.CLASSIFICATION.label(word)


def _release(word: str) -> str:
    return voc.RELEASE_KIND.label(word)


# From the bottom of the drawing to its top: no release hides a hazard, and nothing hides a confirmed one. An area whose
# class is not stated may be a confirmed one, so it lies above the suspected ones.
AREA_STYLES = (
    AreaStyle(
        "cancelled", _release("cancelled"),
        "#8C93C4", 0.25, "vertical", 11, "#4A5187", 1.2, "1 4", "square-hollow", _OURS, _OURS,
    ),
    AreaStyle(
        "reduced", _release("reduced"),
        "#5BA3C7", 0.3, "dots", 8, "#1F5F80", 1.2, "4 3", "square-ring", _OURS, _OURS,
    ),
    AreaStyle(
        "cleared", _release("cleared"),
        "#3BA776", 0.35, "horizontal", 9, "#1B6B47", 1.4, "", "square", _OURS, _OURS,
    ),
    AreaStyle(
        "closed", "Closed or handed over",
        "#9A9A9A", 0.2, "none", 10, "#5A5A5A", 1.4, "2 3", "hexagon", _OURS, _OURS,
    ),
    AreaStyle(
        "SHA", _hazard("SHA"),
        "#F4A718", 0.5, "up", 10, "#7A4300", 2.0, "8 4", "diamond", _GICHD, _OURS,
    ),
    AreaStyle(
        "unstated", _hazard("unstated"),
        "#B04FC0", 0.5, "cross", 10, "#5B1F6B", 2.0, "9 3 2 3", "circle", _OURS, _OURS,
    ),
    AreaStyle(
        "CHA", _hazard("CHA"),
        "#FF0000", 0.5, "down", 6, "#8B0000", 2.4, "", "triangle", _GICHD, _OURS,
    ),
)  # fmt: skip

LEGEND_ORDER = ("CHA", "SHA", "unstated", "closed", "cleared", "reduced", "cancelled")
"""Keys of `AREA_STYLES` as a legend lists them: the known classes first, which is not the order of drawing."""

BORDER_STYLES = (
    LineStyle("agreed", voc.BORDER_STATUS.label("agreed"), 2.2, "", _OURS),
    LineStyle("delimited", voc.BORDER_STATUS.label("delimited"), 2.2, "", _OURS),
    LineStyle("demarcated", voc.BORDER_STATUS.label("demarcated"), 2.2, "", _OURS),
    LineStyle("unstated", voc.BORDER_STATUS.label("unstated"), 2.2, "12 4 2 4", _OURS),
    LineStyle("undetermined", voc.BORDER_STATUS.label("undetermined"), 2.2, "8 6", _OURS),
    LineStyle("disputed", voc.BORDER_STATUS.label("disputed"), 2.6, "1 5", _OURS),
)

FINDING_STYLES = (
    FindingStyle("conflicts", "Conflict: released ground on an open hazard", "#000000", 3.2, "", "!", True, _OURS),
    FindingStyle("overlaps", "Ground in two registers", "#0B3D91", 2.6, "2 3", "", False, _OURS),
    FindingStyle("continuations", "Outline ends at the line: to visit", "#C2007A", 7.0, "", "", False, _OURS),
    FindingStyle("frontage", "Border with a hazard near it", "#006D77", 5.0, "10 3", "", False, _OURS),
    FindingStyle(
        "joint_tasks", "Joint task: near enough to be worked as one", "#4A148C", 2.2, "12 4 2 4", "", False, _OURS
    ),
    FindingStyle("zones", "Safety distance of a munitions site", "#7A2E00", 2.0, "6 4", "", True, _OURS),
    FindingStyle("accidents", "Accident on record", "#000000", 2.4, "", "✶", True, _OURS),
)
"""In the order of a legend; the first is told before all else."""

PALETTE = Palette(
    sea="#DCE7EC",
    land="#F7F5EF",
    edge="#C9C2B2",
    names="#5E5A50",
    borders=("#2B1B6B", "#7A3B00", "#8A1C5B", "#5A5A5A"),
    source=_OURS,
)


def hazard_style(classification: str, work_status: str) -> AreaStyle:
    """Choose how a hazard is drawn: by its class while it is open, in its own muted way when it is not.

    Parameters
    ----------
    classification : str
        A word of ``vocabulary.CLASSIFICATION``.
    work_status : str
        A word of ``vocabulary.WORK_STATUS``.

    Returns
    -------
    AreaStyle
        The row of its class, or the row ``closed``.

    Examples
    --------
    >>> hazard_style("CHA", "suspended").fill
    '#FF0000'
    >>> hazard_style("CHA", "closed").label
    'Closed or handed over'
    """
    # A record whose status is not known is not closed: it is drawn as the hazard that it may be.
    return area_style("closed" if work_status in voc.CLOSED_STATUSES else classification)


def area_style(key: str) -> AreaStyle:
    """Find the row of a classification, a release kind, or ``closed``.

    Parameters
    ----------
    key : str
        A word of ``vocabulary.CLASSIFICATION`` or ``vocabulary.RELEASE_KIND``, or ``closed``.

    Returns
    -------
    AreaStyle
        The row.

    Raises
    ------
    KeyError
        If the table has no such row.

    Examples
    --------
    >>> area_style("cleared").symbol
    'square'
    """
    return {style.key: style for style in AREA_STYLES}[key]
