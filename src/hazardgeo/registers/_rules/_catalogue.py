"""Every rule by which a record is judged: its name, how grave it is, what it means, and where it comes from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import shapely

from hazardgeo.overlay import vertex_sd
from hazardgeo.registers._rules._rings import Rings
from hazardgeo.registers._watch import Watch
from hazardgeo.schema import texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.registers._rules._thresholds import Thresholds
    from hazardgeo.schema import Schema
    from hazardgeo.sources import Source

_T = TypeVar("_T")
QUARANTINED, SERIOUS, NOTE = "quarantined", "serious", "note"


class Hit(NamedTuple):
    """A record, by position, or the whole layer (None) that a rule speaks of: what was seen, and what to do."""

    at: int | None
    seen: str
    remedy: str


@dataclass(frozen=True)
class Seen:
    """What a rule sees: the records of one kind that can be used so far."""

    records: gpd.GeoDataFrame
    """In WGS 84, columns of the schema, index the id (unique)."""
    schema: Schema
    shapes: NDArray[Any]
    """The same records, as they were recorded: in `crs`."""
    crs: pyproj.CRS
    thresholds: Thresholds
    countries: gpd.GeoDataFrame | None = None
    """Polygons in WGS 84 with a column ``code``, where the caller gave them; whole countries, not cut ones."""
    today: datetime.date = field(default_factory=datetime.date.today)
    watch: Watch = field(default_factory=Watch)
    rows: Sequence[int] = ()
    """Row of each record, as the watch knows it; their positions where there are none."""
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, find: Callable[[Seen], _T]) -> _T:
        """What several rules need to know, found the first time that one of them asks."""
        key = f"{find.__module__}.{find.__qualname__}"
        if key not in self._found:
            self._found[key] = find(self)
        found: _T = self._found[key]
        return found

    def batches(self, step: str, first: NDArray[np.intp], later: NDArray[np.intp]) -> Iterator[slice]:
        """Cut work on pairs of records into batches, and tell the watch of each before it begins.

        Of a pair, the record with more corners is told first: if the pair costs too much, that one is to blame.
        """
        corners = shapely.get_num_coordinates(self.lonlat)
        swap = corners[later] > corners[first]
        rows = np.array(self.rows or range(len(corners)))
        pairs = np.column_stack([rows[np.where(swap, later, first)], rows[np.where(swap, first, later)]])
        yield from self.watch.batches(step, pairs.tolist())

    @cached_property
    def lonlat(self) -> NDArray[Any]:
        """The geometries of the records, in WGS 84."""
        return np.asarray(self.records.geometry.array, dtype=object)

    @cached_property
    def rings(self) -> Rings:
        """Points, edges, areas and lengths of the polygons among them."""
        return Rings(self.lonlat)

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Ids of the records."""
        return np.asarray(self.records.index.astype(str), dtype=object)

    @cached_property
    def vertex_sd_m(self) -> NDArray[np.float64]:
        """Standard deviation of each record's vertices [m], the default where it states none."""
        return vertex_sd(self.records)[0]

    def column(self, name: str) -> NDArray[Any] | None:
        """Values of a column, or None where there is no such column."""
        return self.records[name].to_numpy() if name in self.records.columns else None

    def words(self, name: str) -> NDArray[np.object_]:
        """Words of a column, empty text where a record has none."""
        return texts_of(self.records, name)


@dataclass(frozen=True)
class Rule:
    """One rule. `find` is None where a reader or the engine finds it on the way."""

    name: str
    severity: str
    scope: str
    """file, cell, geometry, record, or register (several records together)."""
    what: str
    means: str
    source: Source
    find: Callable[[Seen], Iterator[Hit]] | None = None


RULES: dict[str, Rule] = {}


def declare(name: str, severity: str, scope: str, what: str, means: str, source: Source) -> None:
    """Enter a rule that a reader or the engine finds on the way."""
    _enter(Rule(name, severity, scope, what, means, source))


def rule(
    name: str, severity: str, scope: str, means: str, source: Source
) -> Callable[[Callable[[Seen], Iterator[Hit]]], Callable[[Seen], Iterator[Hit]]]:
    """Enter a function as a rule; the first line of its docstring says what it finds."""

    def enter(find: Callable[[Seen], Iterator[Hit]]) -> Callable[[Seen], Iterator[Hit]]:
        what = (find.__doc__ or "").partition("\n")[0].strip()
        _enter(Rule(name, severity, scope, what, means, source, find))
        return find

    return enter


def _enter(one: Rule) -> None:
    if one.name in RULES:
        raise ValueError(f"the rule {one.name} is entered twice")
    RULES[one.name] = one
