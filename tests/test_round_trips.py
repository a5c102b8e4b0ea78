"""What is written reads back: all of it, or all but what the list of losses says."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo.registers._export import export
from hazardgeo.schema import SCHEMAS, ColumnSpec, Schema

WHOLE_FILE = "(the file)"
MILLIMETRE_DEG = 0.001 / 111_320

# The list of losses calls the file so; a record of that name is one that the list could not tell from it.
letters = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12
).filter(lambda text: text != WHOLE_FILE)
awkward = st.sampled_from(
    [
        "=1+1",
        "-1",
        "@x",
        "'tis",
        "007",
        "1.234",
        "1e5",
        "NA",
        "null",
        "None",
        "a,b;c\td",
        'he said "5"',
        "Šušnjar / Шушњар",
        "<b>&amp;",
    ]
)
texts = st.one_of(letters, awkward).map(str.strip).filter(bool)
ids = st.one_of(texts, st.sampled_from(["007", "7", "1E5", "NA", "a/b", " HR 1"]))
numbers = st.one_of(
    st.sampled_from([0.0, 1.234, 12.5, 999.999, 0.1 + 0.2, 1e-7, 1234.567, 5.0]),
    st.floats(0, 9_999, allow_subnormal=False),
)
days = st.dates(datetime.date(1901, 1, 1), datetime.date(2024, 12, 31))


def cell_of(column: ColumnSpec) -> st.SearchStrategy[Any]:
    if column.kind in ("term", "terms"):
        words = st.sampled_from(column.vocabulary.words)
        if column.kind == "term":
            return words
        return st.sets(words, min_size=1, max_size=3).map(lambda some: ";".join(sorted(some)))
    if column.kind == "code":
        return st.sampled_from(["HRV", "BIH", "XKX"])
    return {"text": texts, "id": ids, "date": days, "number": numbers, "count": st.integers(0, 10**9)}[column.kind]


@st.composite
def outlines(draw: st.DrawFn, kinds: tuple[str, ...]) -> Any:
    """Near 16° E, 45° N, in doubles of any number of digits."""
    x, y = draw(st.floats(16, 17)), draw(st.floats(45, 46))
    square = shapely.box(x, y, x + 0.01, y + 0.01)
    holed = square.difference(shapely.box(x + 0.002, y + 0.002, x + 0.004, y + 0.005))
    shapes = {
        "Polygon": st.sampled_from([square, holed]),
        "MultiPolygon": st.just(shapely.MultiPolygon([holed, shapely.box(x + 0.02, y, x + 0.03, y + 0.01)])),
        "Point": st.just(shapely.Point(x, y)),
        "MultiPoint": st.just(shapely.MultiPoint([(x, y), (x + 0.01, y)])),
    }
    return draw(shapes[draw(st.sampled_from(kinds))])


def typed(values: list[Any], kind: str) -> Any:
    if kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    return pd.array(values, dtype="Int64") if kind == "count" else np.array(values, dtype=object)


@st.composite
def frames(
    draw: st.DrawFn, schema: Schema, record_ids: st.SearchStrategy[str], remarks: st.SearchStrategy[Any], one_kind: bool
) -> gpd.GeoDataFrame:
    """Records of one kind with every column of the schema, empty cells among them, and columns of a user's own."""
    some = draw(st.lists(record_ids, min_size=1, max_size=3, unique=True))
    data = {}
    for column in schema.columns:
        # A history is kept only whole, so a record of ours has both of these.
        filled = column.required or column.name in ("source_crs", "datum_operation")
        cells = cell_of(column) if filled else st.none() | cell_of(column)
        data[column.name] = typed([draw(cells) for _ in some], column.kind)
    data["remark"] = np.array([draw(remarks) for _ in some], dtype=object)
    data["number_of_photographs"] = pd.array([draw(st.none() | st.integers(0, 2**53)) for _ in some], dtype="Int64")
    kinds = tuple(kind for kind in schema.shapes if "Point" not in kind) or schema.shapes if one_kind else schema.shapes
    shapes = [draw(outlines(kinds)) for _ in some]
    return gpd.GeoDataFrame(data, geometry=shapes, index=pd.Index(some, name=schema.index, dtype=object), crs=4326)


def same(was: Any, now: Any) -> bool:
    """One value, whether it is text or typed; nothing and an empty text are one."""
    if pd.isna(was) or was == "":
        return bool(pd.isna(now) or now == "")
    if pd.isna(now):
        return False
    if isinstance(was, (int, float, np.number)):
        return float(was) == float(now)
    if isinstance(was, (datetime.date, np.datetime64)):
        return pd.Timestamp(was) == pd.Timestamp(now)
    return isinstance(now, str) and was == now


def differences(frame: gpd.GeoDataFrame, again: gpd.GeoDataFrame, names: dict[str, str]) -> dict[tuple[str, str], Any]:
    """Record and column of every cell that differs, with what it is now; `names` are those that changed."""
    assert again.index.tolist() == frame.index.tolist()
    different = {}
    for column in frame.columns.drop("geometry"):
        read = again[column if column in again.columns else names[column]]
        for record, was, now in zip(frame.index, frame[column], read, strict=True):
            if not same(was, now):
                different[record, column] = now
    return different


def assert_same_places(frame: gpd.GeoDataFrame, again: gpd.GeoDataFrame) -> None:
    """Corner by corner to a millimetre, wherever an outline begins and however it runs."""
    for was, now in zip(frame.geometry, again.geometry, strict=True):
        parts = [
            shapely.normalize(shapely.GeometryCollection(shapely.get_parts(shape).tolist())) for shape in (was, now)
        ]
        assert shapely.equals_exact(*parts, MILLIMETRE_DEG)


def taken_in(path: Path, frame: gpd.GeoDataFrame, schema: Schema) -> gpd.GeoDataFrame:
    taken = hz.intake(path, schema.name, checks="records")
    assert taken.records_in == len(frame)
    assert not len(taken.quarantine), taken.findings[["rule", "seen"]].to_string()
    return taken.frames[schema.name]


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet", "fgb", "csv"])
@settings(max_examples=10)
@given(data=st.data())
def test_what_is_written_comes_back_equal_by_id(tmp_path_factory, suffix, name, data):
    schema = SCHEMAS[name]
    remarks = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
    frame = data.draw(frames(schema, ids, remarks, one_kind=False))
    path = hz.write(frame, tmp_path_factory.mktemp("w") / f"x.{suffix}")
    again = taken_in(path, frame, schema)
    assert differences(frame, again, {}) == {}
    assert_same_places(frame, again)


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("suffix", ["zip", "shp", "kml", "xlsx"])
@settings(max_examples=10)
@given(data=st.data())
def test_the_list_of_losses_is_what_differs_and_nothing_else(tmp_path_factory, suffix, name, data):
    schema = SCHEMAS[name]
    remarks = st.none() | st.one_of(
        texts,
        st.sampled_from(
            ["two\r\nlines", "one\rsign", " before", "behind  ", "međa" * 80, "x" * 255, "y" * 40_000, "\x01", "   "]
        ),
    )
    frame = data.draw(frames(schema, texts, remarks, one_kind=True))
    path = tmp_path_factory.mktemp("w") / f"x.{suffix}"
    losses = export(frame, path)
    again = taken_in(path, frame, schema)
    of_file = losses["id"] == WHOLE_FILE
    named = losses[of_file & losses["was"].notna()]
    expected = differences(frame, again, dict(zip(named["was"], named["is"], strict=True)))
    of_cells = losses[~of_file]
    listed = {(row.id, row.column): row.now for row in of_cells.rename(columns={"is": "now"}).itertuples()}
    assert len(listed) == len(of_cells)
    assert listed.keys() == expected.keys()
    assert all(same(now, listed[key]) for key, now in expected.items())
    for row in of_cells.itertuples():
        assert same(frame.loc[row.id, row.column], row.was)
    added = set(losses.loc[of_file & losses["was"].isna(), "is"])
    assert added == set(again.columns) - set(frame.columns) - set(named["is"])
    assert losses["why"].str.endswith(".").all()
    assert_same_places(frame, again)
