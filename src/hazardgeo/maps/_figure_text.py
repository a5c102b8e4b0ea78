"""Text on a figure: shown literally, measured in millimetres, broken into lines."""

from __future__ import annotations

import functools
import itertools
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT = "DejaVu Sans"
_MM_PER_POINT = 25.4 / 72
_SHOWN = "\ufffd"
# They would show what follows in another order than it stands in; a sign is shown where one was.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def literal(text: object) -> str:
    r"""Text as it can be drawn and written to any format: what is no letter of the font is shown as a replacement sign.

    Parameters
    ----------
    text : object
        Whatever a user gave.

    Returns
    -------
    str

    Examples
    --------
    >>> literal("a$x^2$\tb"), literal("\u202eabc") == "\ufffdabc"
    ('a$x^2$ b', True)
    """
    return "".join(map(_sign, str(text)))


@functools.lru_cache(maxsize=4096)
def _sign(letter: str) -> str:
    if letter.isspace() and letter not in "\u00a0\u2007\u2009\u202f":
        return " "
    if letter in _TURNING or unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co"):
        return _SHOWN
    return letter if _font(False).get_char_index(ord(letter)) else _SHOWN


@functools.lru_cache(maxsize=2)
def _font(bold: bool) -> Any:
    from matplotlib import font_manager

    weight = "bold" if bold else "normal"
    # A font object of our own: the one that matplotlib keeps has the size of its last text.
    path = font_manager.findfont(font_manager.FontProperties(family=FONT, weight=weight))
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(path))
    font.set_size(100, 72)
    return font


@functools.lru_cache(maxsize=8192)
def _advance(letter: str, bold: bool) -> float:
    return float(_font(bold).load_char(ord(letter)).linearHoriAdvance / 65536 / 100)


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text of so many points [mm]; a little more than it is, for letters that move together."""
    return sum(_advance(letter, bold) for letter in text) * size * _MM_PER_POINT * 1.01


def line_mm(size: float) -> float:
    """Height of a line of so many points [mm]."""
    return size * _MM_PER_POINT * 1.25


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 99) -> list[str]:
    """Break a text into lines that are no wider than `width` [mm], `most` of them; what is left out is shown by three points."""
    text = text.replace(" %", "\u00a0%")  # a number keeps its sign
    lines = list(itertools.islice(_lines(text, width, size, bold), most + 1))
    if len(lines) <= most:
        return lines
    last = _start(f"{lines[most - 1]} ", width - width_mm("…", size, bold=bold), size, bold)
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _lines(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_mm(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while len(start := _start(line, width, size, bold)) < len(line):
            yield start
            line = line[len(start) :]
    if line:
        yield line


def _start(text: str, width: float, size: float, bold: bool) -> str:
    """As much of a text as fits, one letter at least."""
    room = 0.0
    for n, letter in enumerate(text):
        room += width_mm(letter, size, bold=bold)
        if room > width:
            return text[: max(1, n)]
    return text
