"""Records of a dirty twin, the lots drawn over them, and the list of what was done to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .ground import in_degrees

Rng = np.random.Generator
CLOSED = ("closed", "handed_over")
APART_M = 12.0  # clean records of one register keep at least this far apart, unless they have to do with each other
_INLAND_M = 200.0
COUNTRIES = "countries"  # what a finding needs besides the file: the countries …
HAZARDS_TOO = "hazards"  # … or the hazards of the same register
FOLLOWS = "nothing was done to it; its hazard was lost, renamed or laid open"


@dataclass(eq=False)
class Record:
    """One record on its way into a dirty file. `shape` is in the plane; None where the file gives it no outline."""

    kind: str
    name: str
    cells: dict[str, Any]
    shape: Any
    written: dict[str, Any] = field(default_factory=dict)  # cells that are written so, whatever `cells` say
    geometry: Any = None  # what the file has in place of `shape`, in its coordinates: a shape, or rings as they stand
    drawn: bool = False  # a lot fell on it, or another record's defect rests on it
    lost: bool = False  # it cannot be used
    taken_as: str = ""  # kind that it is taken for, where the file does not let it be known

    @property
    def is_hazard(self) -> bool:
        """Whether whoever reads the file must take it for a hazard."""
        return (self.taken_as or self.kind) == "hazards"

    @property
    def is_open(self) -> bool:
        """Whether its ground counts as open; a status that cannot be read is no closed one."""
        return bool(self.cells.get("work_status") not in CLOSED or "work_status" in self.written)

    def value(self, column: str) -> Any:
        """A cell that is there and can be read, or None."""
        cell = self.cells.get(column)
        return None if column in self.written or cell is None or pd.isna(cell) else cell


@dataclass(frozen=True)
class Done:
    """What was done to a record, the rule that says so (empty: none has to), and what the rule needs besides."""

    record: Record
    what: str
    rule: str = ""
    needs: str = ""


WHOLE_FILE = Record("", "(the file)", {}, None)
"""Stands for no record, where something is said of all."""


class Twin:
    """One file in the making.

    Parameters
    ----------
    file : str
    records : list of Record
        In the order of the file.
    rng : numpy.random.Generator
    line : shapely.LineString
        The border, in the plane.
    degrees : bool
        Whether the file has longitudes and latitudes, not coordinates in the plane.
    first_row : int
        Row of the first record, as a person counts them.
    others : list of Record
        Records of the same register that go into another file.
    """

    def __init__(
        self,
        file: str,
        records: list[Record],
        rng: Rng,
        line: Any,
        *,
        degrees: bool,
        first_row: int = 1,
        others: list[Record] | None = None,
    ) -> None:
        self.file, self.records, self.rng, self.line, self.degrees = file, records, rng, line, degrees
        self.first_row = first_row
        self.done: list[Done] = []
        self.all = records + (others or [])
        self.around = {id(one): self._near(one.shape, one) for one in records}

    def to_file(self, shape: Any) -> Any:
        """A shape in the coordinates of the file."""
        return in_degrees(shape) if self.degrees else shape

    def _near(self, shape: Any, *but: Record) -> list[Record]:
        return [
            one
            for one in self.all
            if one not in but and one.shape is not None and shapely.dwithin(one.shape, shape, APART_M)
        ]

    def draw(self, count: int, kind: str = "", fits: Callable[[Record], Any] = bool) -> list[Record]:
        """Draw records by lot among those that no lot has fallen on yet, and that fit."""
        free = [one for one in self.records if not one.drawn and one.shape is not None]
        chosen = []
        for k in self.rng.permutation(len(free)):
            if len(chosen) < count and (not kind or free[k].kind == kind) and not free[k].drawn and fits(free[k]):
                free[k].drawn = True
                chosen.append(free[k])
        if len(chosen) < count:
            raise RuntimeError(f"{self.file}: {len(chosen)} of {count} {kind} found. Ask for fewer or change the seed.")
        return sorted(chosen, key=self.records.index)

    def tell(self, record: Record, what: str, *rules: str, needs: str = "", lost: bool = False) -> None:
        """Enter what was done."""
        record.lost |= lost
        self.done += [Done(record, what, rule, needs) for rule in rules or ("",)]

    def is_plain(self, record: Record) -> bool:
        """Whether it is a hazard of one part that nothing else of its register touches: it can be redrawn by itself."""
        return bool(
            record.kind == "hazards"
            and record.shape.geom_type == "Polygon"
            and not record.shape.interiors
            and not self.around[id(record)]
        )

    def is_inland(self, record: Record) -> bool:
        """Whether it lies well off the border, so that nothing is said of outlines that end there."""
        return bool(shapely.distance(record.shape, self.line) > _INLAND_M)

    def is_alone(self, record: Record) -> bool:
        """Whether no other hazard touches it: its class and its status concern nothing but itself."""
        return all(one.kind != "hazards" for one in self.around[id(record)])

    def is_free(self, shape: Any, *but: Record) -> bool:
        """Whether nothing of the register lies close to a shape."""
        return not self._near(shape, *but)

    def add(self, record: Record) -> None:
        """Add a record at the end."""
        self.records.append(record)
        self.all.append(record)
        self.around[id(record)] = []

    def next_name(self, stem: Record) -> str:
        """The number that the register gives next."""
        before = stem.name.rpartition("-")[0]
        numbers = [
            int(one.name.rpartition("-")[2])
            for one in self.records
            if one.kind == stem.kind and one.name.rpartition("-")[2].isdigit()
        ]
        return f"{before}-{max(numbers) + 1:04d}"

    def copy(self, record: Record, name: str, shape: Any, **cells: Any) -> Record:
        """Another record with the cells of one, drawn as it is."""
        record.drawn = True
        return replace(record, name=name, shape=shape, cells={**record.cells, **cells}, written=dict(record.written))


def records_of(frame: gpd.GeoDataFrame, kind: str) -> list[Record]:
    """Make the records of a clean register."""
    table = frame.drop(columns="geometry").astype(object)
    rows = table.to_dict("records")
    return [
        Record(kind, str(name), row, shape)
        for name, row, shape in zip(frame.index, rows, frame.geometry.to_numpy(), strict=True)
    ]


def area_text(shape: Any) -> float:
    """An area as a clerk declares it: whole square metres."""
    return float(round(shape.area))
