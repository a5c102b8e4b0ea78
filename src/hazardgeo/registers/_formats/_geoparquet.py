"""GeoParquet, read by Arrow alone: no frame between that would turn 007 into 7."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from hazardgeo.crs import WGS84, parse_file_crs
from hazardgeo.errors import FormatError
from hazardgeo.registers._formats._layer import RawLayer, one_layer, text_broken
from hazardgeo.registers._formats._wkb import read_wkb

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
_AGAIN = "Export it again as GeoParquet."


def read_geoparquet(file: Path, layer: str | None = None) -> RawLayer:
    """Read a GeoParquet file.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Its name, if the caller wants to be sure of it: that of the file.

    Returns
    -------
    RawLayer
        In longitude and latitude of WGS 84 where the file says nothing of its CRS, as the format lays down; in none
        where it says that there is none.

    Raises
    ------
    FormatError
        If it is no GeoParquet, or keeps its shapes in another way than as well-known binary.
    """
    name = one_layer(file, [file.stem], layer)
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise FormatError(
            f'{file}: reading GeoParquet needs pyarrow. Install it with: pip install "hazardgeo[parquet]"'
        ) from error
    with file.open("rb") as stream:
        if stream.read(4) != MAGIC:
            raise FormatError(f"{file}: is named like a Parquet file and is none. {_AGAIN}")
        stream.seek(0)
        try:
            # From the open file, so that no name is taken for an address.
            with pq.ParquetFile(stream, page_checksum_verification=True) as parquet:
                geo = _geo(file, parquet)
                table = parquet.read(use_threads=False)
                _compare(file, parquet, table)
        except (pa.ArrowException, OSError, ValueError, EOFError) as error:
            raise FormatError(f"{file}: cannot be read as Parquet ({str(error)[:200]}). {_AGAIN}") from error
    column, crs, unread = _described(file, geo, table)
    shapes, faults = read_wkb(_wkb(file, table.column(column)))
    cells = {}
    for one in table.column_names:
        if one != column:
            cells[one], broken = _cells(table.column(one))
            faults += [text_broken(i) for i in broken]
    return RawLayer(str(file), name, table.num_rows, cells, shapes, crs, tuple(faults), unread_crs=unread)


def _compare(file: Path, parquet: pq.ParquetFile, table: pa.Table) -> None:
    groups = sum(parquet.metadata.row_group(i).num_rows for i in range(parquet.metadata.num_row_groups))
    if not parquet.metadata.num_rows == groups == table.num_rows:
        raise FormatError(
            f"{file}: counts {parquet.metadata.num_rows} records in all and {groups} part by part, and {table.num_rows} were "
            f"read. {_AGAIN}"
        )
    if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        raise FormatError(f"{file}: the column {twice[0]!r} stands twice. Rename one.")


def _geo(file: Path, parquet: pq.ParquetFile) -> dict[str, Any]:
    """What the file says about its shapes."""
    text = (parquet.metadata.metadata or {}).get(b"geo")
    if text is None:
        raise FormatError(f"{file}: is Parquet, but no GeoParquet: it does not say where its shapes are. {_AGAIN}")
    try:
        geo = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file}: what it says about its shapes is not JSON ({error}). {_AGAIN}") from error
    column = geo.get("primary_column") if isinstance(geo, dict) else None
    columns = geo.get("columns") if isinstance(geo, dict) else None
    if not isinstance(column, str) or not isinstance(columns, dict) or not isinstance(columns.get(column), dict):
        raise FormatError(f"{file}: does not say which column holds its shapes. {_AGAIN}")
    return {**columns[column], "column": column}


def _described(file: Path, geo: dict[str, Any], table: pa.Table) -> tuple[str, pyproj.CRS | None, str]:
    """The column of the shapes, the CRS, and how the file names it where that is not read."""
    column, encoding = geo["column"], geo.get("encoding")
    if column not in table.column_names:
        raise FormatError(f"{file}: says that {column!r} holds its shapes, and has no such column. {_AGAIN}")
    if encoding != "WKB":
        raise FormatError(
            f"{file}: keeps its shapes as {encoding!r}. Only well-known binary is read: export it with the encoding WKB."
        )
    if "crs" not in geo:
        return column, WGS84, ""
    crs = _crs(geo["crs"])
    return column, crs, "" if crs is not None or geo["crs"] is None else json.dumps(geo["crs"])[:80]


def _crs(given: Any) -> pyproj.CRS | None:
    """The CRS of a description in JSON (or in words, as first versions had), through the door of any text of a file."""
    try:
        text = given if isinstance(given, str) else pyproj.CRS.from_json_dict(given).to_wkt()
        return parse_file_crs(text)
    except (pyproj.exceptions.CRSError, TypeError, ValueError, RecursionError):
        return None


def _wkb(file: Path, column: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.object_]]:
    values = column.to_pylist()
    if any(value is not None and not isinstance(value, bytes) for value in values):
        raise FormatError(f"{file}: the column of its shapes holds {column.type}, not well-known binary. {_AGAIN}")
    wkb = np.full(len(values), None, dtype=object)
    wkb[:] = values
    return wkb


def _cells(column: pa.ChunkedArray) -> tuple[list[Any], list[int]]:
    """Cells as text, numbers, true or false, and the positions of texts that are not whole.

    Dates are their text, so that one that is no date costs only itself.
    """
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_temporal(column.type) and not pa.types.is_duration(column.type):
        try:
            column = column.cast(pa.string())
        except pa.ArrowException:  # a time zone that this machine does not know
            column = column.cast(pa.timestamp("us", "UTC")).cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _texts(column.cast(pa.large_binary()).to_pylist())
    return [_plain(value) for value in column.to_pylist()], []


def _texts(cells: list[bytes | None]) -> tuple[list[Any], list[int]]:
    texts = [None if cell is None else cell.decode("utf-8", "backslashreplace") for cell in cells]
    broken = [
        i
        for i, (text, cell) in enumerate(zip(texts, cells, strict=True))
        if text is not None and (text.encode("utf-8") != cell or "\0" in text)
    ]
    return texts, broken


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float, bytes)):
        return value
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)
