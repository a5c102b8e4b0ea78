"""Tables of the FlatBuffers encoding, every step checked against the end of the bytes.

Layout: "FlatBuffers Internals" (flatbuffers.dev): a table begins with the way back to the list of where its fields are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table somewhere in a buffer; a field is known by its number in the schema."""

    buffer: bytes
    at: int

    @classmethod
    def root(cls, buffer: bytes) -> Table:
        """The table that a buffer holds."""
        return cls(buffer, _unpack("<I", buffer, 0))

    def number(self, field: int, form: str, default: int = 0) -> int:
        """A number; `form` as in `struct`."""
        at = self._place(field)
        return default if at is None else _unpack(f"<{form}", self.buffer, at)

    def vector(self, field: int, size: int) -> bytes:
        """The bytes of a vector whose members have this size; empty where there is none."""
        at = self._place(field)
        if at is None:
            return b""
        start = at + _unpack("<I", self.buffer, at)
        return _cut(self.buffer, start + 4, size * _unpack("<I", self.buffer, start))

    def text(self, field: int) -> str:
        """A text; empty where there is none."""
        return self.vector(field, 1).decode("utf-8")

    def table(self, field: int) -> Table | None:
        """A table within; None where there is none."""
        at = self._place(field)
        return None if at is None else Table(self.buffer, at + _unpack("<I", self.buffer, at))

    def tables(self, field: int) -> list[Table]:
        """A vector of tables."""
        at = self._place(field)
        if at is None:
            return []
        start = at + _unpack("<I", self.buffer, at)
        count = len(_cut(self.buffer, start + 4, 4 * _unpack("<I", self.buffer, start))) // 4
        places = [start + 4 + 4 * i for i in range(count)]
        return [Table(self.buffer, place + _unpack("<I", self.buffer, place)) for place in places]

    def _place(self, field: int) -> int | None:
        """Where a field stands; None where the table lacks it."""
        listed = self.at - _unpack("<i", self.buffer, self.at)
        if 4 + 2 * field >= _unpack("<H", self.buffer, listed):
            return None
        away = _unpack("<H", self.buffer, listed + 4 + 2 * field)
        return self.at + away if away else None


def _unpack(form: str, buffer: bytes, at: int) -> int:
    if at < 0:  # which would count from the end
        raise ValueError("it points before its own beginning")
    (number,) = struct.unpack_from(form, buffer, at)
    return int(number)


def _cut(buffer: bytes, start: int, length: int) -> bytes:
    if start + length > len(buffer):
        raise ValueError("it points behind its own end")
    return buffer[start : start + length]
