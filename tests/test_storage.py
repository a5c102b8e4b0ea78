"""Outputs are whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazardgeo.errors import StorageError
from hazardgeo.storage import (
    MANIFEST,
    as_json,
    escape_cell,
    replacing,
    replacing_directory,
    sha256,
    unescape_cell,
    write_manifest,
)


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


def make(out: Path, maker: str, content: str, *, made_by: tuple[str, ...]) -> None:
    """Make a folder of one file and its manifest, as a report is made."""
    with replacing_directory(out, made_by=made_by) as folder:
        (folder / "a").write_text(content)
        write_manifest(folder, {"made_by": maker, "outputs": {"a": sha256(folder / "a")}})


def test_folder_is_replaced_only_if_its_maker_may(tmp_path):
    out = tmp_path / "out"
    make(out, "demo", "1", made_by=())
    with pytest.raises(StorageError, match="--overwrite"):
        make(out, "demo", "2", made_by=())
    make(out, "demo", "3", made_by=("demo",))
    assert (out / "a").read_text() == "3"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("name", "content"), [("thesis.txt", "years of work"), ("a", "edited by hand")])
def test_folder_with_something_of_the_users_is_never_replaced(tmp_path, name, content):
    out = tmp_path / "out"
    make(out, "demo", "1", made_by=())
    (out / name).write_text(content)
    with pytest.raises(StorageError, match=f"is kept.*'{name}'"):
        make(out, "demo", "2", made_by=("demo",))
    assert (out / name).read_text() == content


def test_links_empty_folders_and_a_changed_manifest_are_the_users_too(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    make(out, "demo", "1", made_by=())
    for theirs, name in (
        (lambda: (out / "empty").mkdir(), "empty"),
        (lambda: (out / "link").symlink_to(elsewhere, target_is_directory=True), "link"),
        (lambda: (out / "dangling").symlink_to(tmp_path / "nothing"), "dangling"),
    ):
        theirs()
        with pytest.raises(StorageError, match=name):
            make(out, "demo", "2", made_by=("demo",))
        (out / name).rmdir() if name == "empty" else (out / name).unlink()
    manifest = json.loads((out / MANIFEST).read_text())
    (out / MANIFEST).write_text(as_json(manifest | {"note": "mine"}))
    with pytest.raises(StorageError, match=MANIFEST):
        make(out, "demo", "2", made_by=("demo",))


def test_a_link_to_a_report_stays_a_link(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    make(real, "demo", "1", made_by=())
    link.symlink_to(real, target_is_directory=True)
    make(link, "demo", "2", made_by=("demo",))
    assert link.is_symlink()
    assert (real / "a").read_text() == "2"


def test_when_nothing_can_be_moved_back_the_old_is_not_thrown_away(tmp_path, monkeypatch):
    out = tmp_path / "out"
    make(out, "demo", "1", made_by=())
    whole, calls = Path.replace, []

    def locked(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) > 1:
            raise PermissionError("locked")
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(PermissionError):
        make(out, "demo", "2", made_by=("demo",))
    (kept,) = tmp_path.rglob("old/a")
    assert kept.read_text() == "1"


def test_what_appears_while_working_is_kept(tmp_path):
    out = tmp_path / "out"
    make(out, "demo", "1", made_by=())
    with pytest.raises(StorageError, match="is kept"), replacing_directory(out, made_by=("demo",)) as folder:
        (folder / "a").write_text("2")
        (out / "note.txt").write_text("just saved")
    assert (out / "note.txt").read_text() == "just saved"


@pytest.mark.parametrize("manifest", [None, "[]", '{"made_by": "demo"}', '{"made_by": 5, "outputs": []}'])
def test_folder_of_somebody_else_is_never_replaced(tmp_path, manifest):
    (tmp_path / "thesis.txt").write_text("years of work")
    if manifest:
        (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(StorageError, match="is kept"), replacing_directory(tmp_path, made_by=("demo",)):
        pytest.fail("the block must not run")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_interrupt_between_the_two_moves_leaves_the_old_folder(tmp_path, monkeypatch):
    out = tmp_path / "out"
    make(out, "demo", "1", made_by=())
    whole = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise KeyboardInterrupt
        return whole(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make(out, "demo", "2", made_by=("demo",))
    assert (out / "a").read_text() == "1"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


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
