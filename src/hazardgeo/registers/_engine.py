"""The one engine of every reader: rows, cells, shapes, CRS, rules; every record accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.crs import WGS84, DatumOperation
from hazardgeo.registers._account import Account
from hazardgeo.registers._cells import check_ids, check_rows, columns_of
from hazardgeo.registers._place import layer_crs, place
from hazardgeo.registers._provenance import provenance
from hazardgeo.registers._rules import RULES, Seen
from hazardgeo.registers._shapes import check_shapes
from hazardgeo.schema import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.registers._reading import Reading
    from hazardgeo.registers._route import Part
    from hazardgeo.schema import Schema

_SHAPE_COLUMN = "geometry"


@dataclass(frozen=True)
class Taken:
    """What became of every record of one kind."""

    records: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    findings: pd.DataFrame
    ids: tuple[str, ...]
    rows: tuple[int, ...]
    operation: DatumOperation | None
    repairs: pd.DataFrame


def take_in(part: Part, reading: Reading) -> Taken:
    """Run some records of one kind through every check.

    Parameters
    ----------
    part : Part
    reading : Reading

    Returns
    -------
    Taken
        ``part.raw.count == len(records) + len(quarantine)``, always.
    """
    raw, schema, names = part.raw, part.schema, part.names
    cells = raw.columns[names[schema.index]] if schema.index in names else [None] * raw.count
    account = Account(raw, [as_text(cell) for cell in cells])
    if not raw.count:
        account.add_file("no-records", "It holds no records.", "Check that it is so.")
    for ours, theirs in part.matched.items():
        account.add_file(
            "column-matched", f"Its column {theirs!r} is read as {ours!r}.", "Say in a profile if it is not."
        )
    check_rows(account)
    check_ids(account, schema, names)
    columns = columns_of(account, schema, names, reading)
    crs = layer_crs(account, reading.crs)
    shapes = check_shapes(account, schema, reading.limits, reading.watch, repair_in=crs if reading.repair else None)
    reading.watch.tell("placing")  # from here on, time that is spent is no longer that of the outlines looked at last
    recorded = shapes.copy()
    if reading.refused:
        account.add_file("crs-refused", reading.refused, "")
    known_sd = columns.get("vertex_sd_m")
    operation = None if crs is None else place(account, shapes, crs, known_sd, reading.datum_operation)
    at = account.good
    frame = _frame(account, schema, columns, shapes, operation or DatumOperation("", "", None))
    records = _with_rest(account, frame, part)
    if crs is not None and len(at):
        known = (reading.thresholds, reading.countries, reading.today, reading.watch)
        seen = Seen(records, schema, recorded[at], crs, *known, [raw.row_number(int(i)) for i in at])
        _ask_rules(account, at, seen, reading)
        records = records[account.usable[at]]
    rows = tuple(raw.row_number(int(i)) for i in account.good)
    return Taken(
        records, _quarantine(account), account.table(), tuple(account.ids), rows, operation, account.repair_table()
    )


def _ask_rules(account: Account, at: NDArray[np.intp], seen: Seen, reading: Reading) -> None:
    """Ask every rule about the records that can be used; `at` is where they stand in the layer."""
    for rule in RULES.values():
        if rule.find is not None and rule.scope in reading.scopes:
            reading.watch.tell(rule.name)
            for hit in rule.find(seen):
                if hit.at is None:
                    account.add_file(rule.name, hit.seen, hit.remedy)
                else:
                    account.add(int(at[hit.at]), rule.name, hit.seen, hit.remedy)


def _frame(
    account: Account,
    schema: Schema,
    columns: dict[str, list[Any]],
    shapes: NDArray[np.object_],
    operation: DatumOperation,
) -> gpd.GeoDataFrame:
    """The usable records, by position."""
    import geopandas as gpd
    import pandas as pd

    good = account.good
    data = {
        spec.name: _typed([columns[spec.name][i] for i in good], spec.kind)
        for spec in schema.columns
        if spec.name in columns
    }
    data |= provenance(account, data, operation, len(good))
    return gpd.GeoDataFrame(data, index=pd.Index(good), geometry=shapes[good], crs=WGS84)


def _with_rest(account: Account, frame: gpd.GeoDataFrame, part: Part) -> gpd.GeoDataFrame:
    """Add the columns that are not of the schema, as they stand, and set the ids as the index."""
    import geopandas as gpd
    import pandas as pd

    good = frame.index.to_numpy()
    schema, used = part.schema, part.others | set(part.names.values())
    rest: dict[str, list[Any]] = {}
    for name, cells in account.raw.columns.items():
        if name not in used:
            free = _column_name(account, name, {schema.index, *frame.columns, *rest})
            rest[free] = [_passed_through(cells[i]) for i in good]
    shapes = frame[_SHAPE_COLUMN]
    others = pd.DataFrame({name: pd.Series(cells, dtype=_dtype(cells)) for name, cells in rest.items()})
    others.index = frame.index
    both = pd.concat([frame.drop(columns=_SHAPE_COLUMN), others], axis=1)
    both[_SHAPE_COLUMN] = shapes
    return gpd.GeoDataFrame(both, crs=WGS84).set_axis(_index(account, good, schema), axis=0)


def _dtype(cells: Sequence[Any]) -> Any:
    # Text stays what it is; numbers and truth values become columns of their kind where every cell is one.
    kinds = {cell.__class__ for cell in cells}
    return None if kinds <= {int, float, type(None)} or kinds == {bool} else object


def _index(account: Account, at: NDArray[np.intp], schema: Schema) -> pd.Index[Any]:
    import pandas as pd

    index: pd.Index[Any] = pd.Index([account.ids[i] for i in at], name=schema.index, dtype=object)
    return index


def _quarantine(account: Account) -> pd.DataFrame:
    import pandas as pd

    raw = account.raw
    bad = np.flatnonzero(~account.usable).tolist()
    columns = {**raw.columns, **raw.written}
    return pd.DataFrame(
        {name: pd.Series([cells[i] for i in bad], dtype=object) for name, cells in columns.items()}
        if columns
        else None,
        index=pd.RangeIndex(len(bad)),
    ).set_axis(pd.Index([raw.row_number(i) for i in bad], name="row", dtype=int), axis=0)


def _column_name(account: Account, name: str, taken: set[str]) -> str:
    """Keep the name of a column that passes through, unless it is that of the shapes or of a column read from another."""
    if name != _SHAPE_COLUMN and name not in taken:
        return name
    new = f"{name}_text"
    while new in taken or new in account.raw.columns:
        new += "_"
    account.add_file(
        "column-renamed", f"Its column {name!r} is called {new!r} here.", "Rename the column in the source."
    )
    return new


def _passed_through(value: Any) -> Any:
    return as_text(value) if isinstance(value, bytes) else value


def _typed(values: list[Any], kind: str) -> Any:
    import pandas as pd

    if kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return pd.array(values, dtype="Int64") if kind == "count" else np.array(values, dtype=object)
