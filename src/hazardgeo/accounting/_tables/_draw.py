"""Figures of land release that can be read in grey: hatches and marks tell what colours tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hazardgeo.accounting._tables._period import period_in_words
from hazardgeo.accounting._tables._released import ORDER
from hazardgeo.accounting._tables._stock import BASES
from hazardgeo.constants import M2_PER_KM2
from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.style import area_style
from hazardgeo.vocabulary import RELEASE_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hazardgeo.accounting._balance import Balance

_HATCH = {"none": "", "down": "\\\\", "up": "//", "cross": "xx", "horizontal": "--", "vertical": "||", "dots": ".."}
_LINES = {"geometry": ("measured", "-", "o"), "declared": ("declared", "--", "s")}
_SIZE, _DPI = (7.5, 4.2), 150
_INK = "#1b1f24"


def release_figure(accounts: Sequence[Balance]) -> Any:
    """Draw the land released in each period, by method.

    Parameters
    ----------
    accounts : sequence of Balance
        One a period, in their order; by outlines.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with ``savefig``, as PNG, SVG or PDF. Needs the extra *plot*.

    Raises
    ------
    FormatError
        If matplotlib is not installed.
    HazardgeoError
        If there is no balance.

    References
    ----------
    `hazardgeo.style` for colours and hatches.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> accounts = hz.accounting.balances(hazards, releases, years=range(2003, 2007))
    >>> [label.get_text() for label in hz.accounting.release_figure(accounts).axes[0].get_xticklabels()]
    ['2003', '2004', '2005', '2006']
    """
    figure, axes = _empty(accounts)
    periods = [period_in_words(account.since, account.until) for account in accounts]
    base = [0.0] * len(accounts)
    for kind in reversed(ORDER):  # what was cleared stands on the ground line, to be compared
        style = area_style(kind)
        heights = [_sum(account, "geometry", f"{kind}_m2") / M2_PER_KM2.value for account in accounts]
        axes.bar(
            periods, heights, 0.62, base, label=RELEASE_KIND.label(kind), facecolor=style.fill, edgecolor=style.outline,
            hatch=_HATCH[style.hatch], linewidth=1.0,
        )  # fmt: skip
        base = [low + height for low, height in zip(base, heights, strict=True)]
    _label(axes, base)
    axes.set_ylabel("Land released, km²")
    axes.legend(frameon=False, loc="best")
    return figure


def remaining_figure(accounts: Sequence[Balance]) -> Any:
    """Draw what is recorded and not released at the end of each period, by outlines and by declared figures.

    Parameters
    ----------
    accounts : sequence of Balance
        One a period, in their order.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with ``savefig``, as PNG, SVG or PDF. Needs the extra *plot*.

    Raises
    ------
    FormatError
        If matplotlib is not installed.
    HazardgeoError
        If there is no balance.

    References
    ----------
    `hazardgeo.style` for colours.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> hazards = hz.read_hazards(hz.sample_data("programme_2003_2006.geojson"))
    >>> releases = hz.read_releases(hz.sample_data("programme_2003_2006_releases.geojson"))
    >>> accounts = hz.accounting.balances(hazards, releases, years=range(2003, 2007))
    >>> len(hz.accounting.remaining_figure(accounts).axes[0].lines)
    2
    """
    figure, axes = _empty(accounts)
    periods = [period_in_words(account.since, account.until) for account in accounts]
    highest = 0.0
    for basis in BASES:
        label, dash, mark = _LINES[basis]
        values = [_sum(account, basis, "reported_m2") / M2_PER_KM2.value for account in accounts]
        if not all(map(math.isnan, values)):
            axes.plot(periods, values, dash, marker=mark, color=_INK, markerfacecolor="white", label=label)
            highest = max(highest, *(value for value in values if not math.isnan(value)))
    axes.set_ylim(0, 1.08 * highest or 1.0)
    axes.set_ylabel("Recorded and not released at the end, km²")
    axes.legend(frameon=False, loc="best")
    return figure


def save_figures(accounts: Sequence[Balance], folder: Path) -> None:
    """Write both figures as PNG and SVG; the same bytes for the same figures and versions."""
    import matplotlib as mpl

    for name, draw in (("release_by_year", release_figure), ("remaining", remaining_figure)):
        figure = draw(accounts)
        with mpl.rc_context({"svg.hashsalt": "hazardgeo"}):
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        figure.savefig(folder / f"{name}.png", dpi=_DPI, metadata={"Software": None})


def _empty(accounts: Sequence[Balance]) -> tuple[Any, Any]:
    if not accounts:
        raise HazardgeoError("There is no balance to draw. Give one or more.")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise FormatError('Figures need the extra "plot". Install it with: pip install "hazardgeo[plot]"') from error
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.grid(visible=True, color="#d0d7de")
    axes.set_axisbelow(True)
    figure.supxlabel(
        "Geodesic areas on WGS 84. The absence of a record does not say that ground is without hazard.",
        fontsize=7,
        color="#57606a",
    )
    return figure, axes


def _sum(account: Balance, basis: str, column: str) -> float:
    table = account.to_frame()
    values = table.loc[table["basis"] == basis, column]
    return math.nan if values.isna().all() else math.fsum(values.dropna())


def _label(axes: Any, tops: list[float]) -> None:
    for at, top in enumerate(tops):
        axes.annotate(f"{top:.2f}", (at, top), (0, 3), textcoords="offset points", ha="center", fontsize=8, color=_INK)
