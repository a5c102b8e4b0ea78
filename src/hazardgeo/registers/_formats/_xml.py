"""The one door for XML: no document type, no entities, no depth without end."""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import FormatError, named
from hazardgeo.registers._formats._layer import RawFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

_DEEPEST = 64


def parse_xml(file: Path, content: bytes) -> Element:
    """Read an XML document.

    Parameters
    ----------
    file : pathlib.Path
        For the message.
    content : bytes

    Returns
    -------
    xml.etree.ElementTree.Element
        Its root. Names of elements are without their namespace: each version of a format has another.

    Raises
    ------
    FormatError
        If it is not well-formed, has a document type or entities, or more than 64 elements one in another.
    """
    # Here and not above: XML is read by few, and defusedxml takes a while to come in.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    root: Element | None = None
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if event == "end":
                element.tag = element.tag.rpartition("}")[2]
            if depth > _DEEPEST:
                raise FormatError(f"{file}: has more than {_DEEPEST} elements one in another. Export it again.")
    except DefusedXmlException as error:
        raise FormatError(
            f"{file}: has a document type or entities, which can lead to other files. Export it again without them."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FormatError(f"{file}: is not well-formed XML ({error}). Export it again.") from error
    if root is None:
        raise FormatError(f"{file}: is empty. Export it again.")
    return root


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of an element that have one of these names."""
    return (child for child in element if child.tag in names)


def text_of(element: Element) -> str:
    """All text in an element, that of the elements in it included."""
    return "".join(element.itertext())


def position(lon: str | None, lat: str | None, *height: str) -> tuple[float, float]:
    """Longitude and latitude from their texts; a height must be a number, and is let go.

    Raises
    ------
    ValueError
        If one is no number, or they are no longitude and latitude.

    Examples
    --------
    >>> position("16.5", "45")
    (16.5, 45.0)
    >>> position("45,5", "16")
    Traceback (most recent call last):
    ValueError: '45,5' is no number
    """
    x, y, *_ = (_number(text) for text in (lon, lat, *height))
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise ValueError(f"({x:g}, {y:g}) is no longitude and latitude")
    return x, y


def _number(text: str | None) -> float:
    if text is None:
        raise ValueError("a coordinate is missing")
    try:
        # Python reads 1_000 as a thousand; nobody who writes coordinates does.
        number = math.nan if "_" in text else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no number")
    return number


def row_of(i: int, cells: Iterable[tuple[str, str | None]]) -> tuple[dict[str, Any], list[RawFault]]:
    """The cells of the record at a position, and the fault if one name stands twice, capitals or not."""
    cells = list(cells)
    count = Counter(name.casefold() for name, _ in cells)
    row = {name: value or None for name, value in reversed(cells)}
    row = {name: row[name] for name, _ in cells}
    twice = [name for name in dict.fromkeys(name for name, _ in cells) if count[name.casefold()] > 1]
    if not twice:
        return row, []
    seen = f"It has {named(twice)} more than once, and it cannot be told which counts."
    return row, [RawFault(i, "row-broken", seen, "Keep the right one in the source.")]
