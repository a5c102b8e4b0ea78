"""Outputs are whole or not there."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardgeo.errors import StorageError
from hazardgeo.storage import as_json, escape_cell, replacing, replacing_directory, unescape_cell


@given(st.text())
def test_escaping_a_cell_is_undone_exactly(text):
    assert unescape_cell(escape_cell(text)) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula(start):
    assert escape_cell(f"{start}1").startswith("'")


def test_replacing_puts_the_file_in_place_only_at_the_end(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")
    with replacing(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_replacing_that_fails_leaves_the_old_and_no_litter(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_folder_is_replaced_only_if_its_maker_may(tmp_path):
    out = tmp_path / "out"

    def make(maker: str, content: str, *, made_by: tuple[str, ...]) -> None:
        with replacing_directory(out, made_by=made_by) as folder:
            (folder / "a").write_text(content)
            (folder / "manifest.json").write_text(as_json({"made_by": maker}))

    make("demo", "1", made_by=())
    with pytest.raises(StorageError, match="--overwrite"):
        make("demo", "2", made_by=())
    make("demo", "3", made_by=("demo",))
    assert (out / "a").read_text() == "3"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_folder_of_somebody_else_is_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for manifest in (None, "[]", '{"made_by": 5}'):
        if manifest:
            (tmp_path / "manifest.json").write_text(manifest)
        with pytest.raises(StorageError, match="is kept"), replacing_directory(tmp_path, made_by=("demo",)):
            pytest.fail("the block must not run")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_folder_that_fails_is_not_there(tmp_path):
    with pytest.raises(RuntimeError), replacing_directory(tmp_path / "out", made_by=()) as folder:
        (folder / "a").write_text("half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_json_is_the_same_for_the_same_value():
    assert as_json({"b": 1, "a": "č"}) == as_json({"a": "č", "b": 1})
    assert json.loads(as_json({"a": "č"})) == {"a": "č"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json(float("nan"))
