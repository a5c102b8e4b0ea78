"""Which letters the bytes of a table stand for, and what to say where nobody knows."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawFault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# The language byte of a dBASE header (Esri, "Setting the code page for shapefiles", ArcPad 10.0 help; codetitans.pl, "DBF
# and language code-page"). 0x57 is left out: it means the code page of whatever machine wrote the file.
_LANGUAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac_roman", 0x08: "cp865", 0x09: "cp437", 0x0A: "cp850",
    0x0B: "cp437", 0x0D: "cp437", 0x0E: "cp850", 0x0F: "cp437", 0x10: "cp850", 0x11: "cp437", 0x64: "cp852",
    0x65: "cp866", 0x66: "cp865", 0x67: "cp861", 0x6A: "cp737", 0x6B: "cp857", 0x78: "cp950", 0x79: "cp949",
    0x7A: "cp936", 0x7B: "cp932", 0x7C: "cp874", 0x7D: "cp1255", 0x7E: "cp1256", 0x96: "mac_cyrillic",
    0x97: "mac_latin2", 0x98: "mac_greek", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253",
}  # fmt: skip
_LATIN = re.compile(r"(?:iso[ _-]*)?8859[ _-]*(\d{1,2})|iso[ _-]*(?:ir[ _-]*)?88?59(\d{1,2})", re.IGNORECASE)
_PAGE = re.compile(r"(?:ansi|oem|cp|windows|ibm)?[ _-]*(\d{3,5})", re.IGNORECASE)
_GUESS = "cp1252"
_SAY = (
    'State it in a profile (encoding = "cp1250" for Croatian, "cp1251" for Cyrillic), or put a file of the same name ending in '
    ".cpg beside it with that word in it."
)
_PRINTED = bytes(range(32, 127))
# Escapes, and the code page of the machine that happens to read.
_NO_PAGE = ("unicode_escape", "raw_unicode_escape", "mbcs", "oem", "undefined", "idna", "punycode")


@dataclass(frozen=True)
class Letters:
    """How the texts of one table are decoded."""

    encoding: str
    stated: bool

    @classmethod
    def chosen(cls, file: Path, given: str | None, cpg: str | None, language: int, cells: Iterable[bytes]) -> Letters:
        """Choose by what the caller says, else the .cpg file, else the language byte, else UTF-8 where all of it fits.

        Raises
        ------
        FormatError
            If the caller names no encoding that is known.
        """
        if given is not None:
            encoding = _codec(given)
            if encoding is None:
                raise FormatError(f"{file}: {given!r} is no encoding. Say one such as UTF-8, cp1250 or cp1251.")
            return cls(encoding, stated=True)
        stated = (_codec(cpg.strip()) if cpg else None) or _LANGUAGES.get(language)
        if stated:
            return cls(stated, stated=True)
        # Text in another encoding is almost never UTF-8 by chance.
        return cls("utf-8", stated=True) if all(_fits(cell, "utf-8") for cell in cells) else cls(_GUESS, stated=False)

    def of_name(self, name: str) -> str:
        """The name of a column, given as the characters of its bytes."""
        return name.encode("latin-1").decode(self.encoding, "backslashreplace")

    def is_cut(self, cell: bytes) -> bool:
        """Whether a cell ends in the middle of a letter, and reads well up to there."""
        if _fits(cell, self.encoding):
            return False
        return any(_fits(cell[:-k], self.encoding) for k in (1, 2, 3))

    def read(self, i: int, column: str, cell: bytes) -> tuple[str, RawFault | None]:
        """The text of one cell of the record at a position, and what there is to say about its letters."""
        text = cell.decode(self.encoding, "backslashreplace")
        if "\0" in text:
            seen = f"Its {column} has a character in it that ends a text for many programs ({text[:40]!r})."
            return text, RawFault(i, "text-broken", seen, "Write the text again.")
        if cell.isascii():
            return text, None
        if not self.stated:
            seen = f"The file does not say how its letters are stored. Read as {_GUESS}, {column} is {text[:60]!r}."
            return text, RawFault(i, "encoding-unstated", seen, _SAY)
        if not _fits(cell, self.encoding):
            seen = f"Its {column} is no text in {self.encoding}, in which the file is said to be ({text[:40]!r})."
            return text, RawFault(i, "text-broken", seen, _SAY)
        return text, None


def _fits(cell: bytes, encoding: str) -> bool:
    if cell.isascii():
        return True
    try:
        cell.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _codec(word: str) -> str | None:
    """The encoding that a word names in any of the ways that programs write; None if it names none."""
    if latin := _LATIN.fullmatch(word):
        word = f"iso8859-{latin[1] or latin[2]}"
    elif page := _PAGE.fullmatch(word):
        word = {"65001": "utf-8"}.get(page[1], f"cp{page[1]}")
    try:
        name = codecs.lookup(word).name.replace("-", "_")
        # Others keep even plain letters in another way: two bytes for each, or compressed.
        return name if name not in _NO_PAGE and _PRINTED.decode(name) == _PRINTED.decode("ascii") else None
    except (LookupError, ValueError):
        return None
