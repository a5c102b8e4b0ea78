"""A `matplotlib.figure.Figure` that is drawn the same whatever the settings around it, and writes no text as a formula."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from hazardgeo.maps._figure_text import FONT
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

MM_PER_INCH = 25.4
INK = "#1B1F24"
_DPI = 200
_OURS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hazardgeo",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "savefig.dpi": _DPI,
}
# The time of writing would make equal figures unequal files.
_UNDATED = {
    "svg": {"Date": None},
    "svgz": {"Date": None},
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>\s*")


@contextlib.contextmanager
def plain_settings() -> Iterator[None]:
    """Matplotlib's own defaults and ours for the time of a block; what was set before is set again."""
    skipped = ("backend", "interactive", "toolbar", "_")
    settings: Any = {name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(skipped)}
    with mpl.rc_context({**settings, **_OURS}):
        yield


class HazardFigure(Figure):
    """A figure of hazards; save it with ``savefig`` as PNG, SVG or PDF. Equal figures give equal bytes."""

    def __init__(self, width: float, height: float, title: str) -> None:
        super().__init__(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), dpi=_DPI, facecolor="white")
        self.title = title

    def savefig(self, fname: Any, **kwargs: Any) -> None:
        """Write the figure, whole or not at all.

        In an SVG, text is text and nothing refers to anything outside it.

        Parameters
        ----------
        fname : str, path or binary file
        **kwargs
            As `matplotlib.figure.Figure.savefig` takes them.

        Raises
        ------
        StorageError
            If the file cannot be written. What stood there is untouched.
        """
        is_path = isinstance(fname, str | os.PathLike)
        path = Path(fname) if is_path else None
        form = kwargs.pop("format", None) or (path.suffix[1:].casefold() if path is not None and path.suffix else "png")
        named = {"Title": self.title} if form in ("svg", "svgz", "pdf", "png") else {}
        metadata = {**named, **_UNDATED.get(form, {}), **(kwargs.pop("metadata", None) or {})}
        buffer = io.BytesIO()
        with plain_settings():
            super().savefig(buffer, format=form, metadata=metadata or None, **kwargs)
        # A reader of XML may fetch what a document type names.
        content = _DOCTYPE.sub(b"", buffer.getvalue(), count=1) if form == "svg" else buffer.getvalue()
        if path is None:
            fname.write(content)
            return
        with replacing(path if path.suffix else path.with_name(f"{path.name}.{form}")) as part:
            part.write_bytes(content)

    def _repr_png_(self) -> bytes:
        """Show itself in a notebook, whether or not pyplot was told to."""
        shown = io.BytesIO()
        self.savefig(shown, format="png", dpi=110)
        return shown.getvalue()


def paper_axes(figure: HazardFigure, x: float, y: float, width: float, height: float) -> Any:
    """Axes without ticks over a rectangle of the sheet, in millimetres from its own lower left corner."""
    whole_x, whole_y = (inches * MM_PER_INCH for inches in figure.get_size_inches())
    axes = figure.add_axes((x / whole_x, y / whole_y, width / whole_x, height / whole_y))
    axes.set(xlim=(0, width), ylim=(0, height), xticks=[], yticks=[], autoscale_on=False)
    axes.spines[:].set_visible(False)
    axes.patch.set_visible(False)
    return axes


def add(axes: Any, artist: Any) -> None:
    """Add lines or polygons to axes whose limits stay."""
    axes.add_collection(artist, autolim=False)


def write(axes: Any, x: float, y: float, text: str, size: float, *, bold: bool = False, **look: Any) -> None:
    """Write a text that is already literal: never a formula, whatever signs are in it."""
    look = {"color": INK, "ha": "left", "va": "baseline", **look}
    weight = "bold" if bold else "normal"
    axes.text(
        x,
        y,
        text,
        fontsize=size,
        fontfamily=[FONT, "sans-serif"],
        fontweight=weight,
        parse_math=False,
        usetex=False,
        **look,
    )
