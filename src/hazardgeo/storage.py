"""Outputs that are whole or not there: written beside, verified, moved into place."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import re
import secrets
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hazardgeo.errors import StorageError, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANIFEST = "manifest.json"

# A spreadsheet runs a cell that begins with one of these, full-width forms included (OWASP, "CSV injection").
_FORMULA = r"[=+\-@\t\r\n\0＝＋－＠]"
_LIVE = re.compile(rf"'*{_FORMULA}")
_MARKED = re.compile(rf"''*{_FORMULA}")


def escape_cell(text: str) -> str:
    """Put the spreadsheet's text mark (an apostrophe) before a text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> escape_cell("=1+1"), escape_cell("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if _LIVE.match(text) else text


def unescape_cell(text: str) -> str:
    """Take the text mark of `escape_cell` away again.

    Examples
    --------
    >>> unescape_cell(escape_cell("'=1")), unescape_cell("'tis")
    ("'=1", "'tis")
    """
    return text[1:] if _MARKED.match(text) else text


def write_rows(rows: Iterable[tuple[str | float, ...]], path: Path) -> None:
    """Write rows to a new CSV file for a spreadsheet; a name that is taken is an error, never an overwritten table.

    A text that the spreadsheet would run gets its text mark; a number is no text, so that one below 0 stays a number.
    """
    with path.open("x", encoding="utf-8-sig", newline="") as stream:  # Excel knows UTF-8 by the mark at its beginning
        csv.writer(stream, lineterminator="\r\n").writerows(
            [escape_cell(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows
        )


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def as_json(value: Any) -> str:
    """JSON with sorted keys and a last newline, the same bytes for the same value; NaN is refused."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; move it into place only when the block ends well.

    Parameters
    ----------
    path : pathlib.Path
        Where the file shall stand in the end.

    Yields
    ------
    pathlib.Path
        In a folder of its own on the same file system, with the same name.

    Raises
    ------
    StorageError
        If the folder is not there or cannot be written to. What stood at `path` is untouched.
    """
    with _beside(path) as folder:
        part = folder / path.name
        yield part
        try:
            _flush(part)
            part.replace(path)
        except OSError as error:
            raise StorageError(
                f"{path}: could not be put in place ({error}). What stood there is untouched."
            ) from error


@contextlib.contextmanager
def replacing_directory(path: Path, *, made_by: tuple[str, ...]) -> Iterator[Path]:
    """Give a new folder to fill; move it to `path` only when the block ends well.

    Parameters
    ----------
    path : pathlib.Path
    made_by : tuple of str
        An existing folder is replaced only if its manifest says that one of these made it, and if it holds what that
        manifest lists and nothing else.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    StorageError
        If `path` exists and is not such a folder, or cannot be written. What stood there is untouched.
    """
    path = path.resolve()  # a link stays a link: what it points to is replaced
    check_replaceable(path, made_by=made_by)
    with _beside(path) as folder:
        new, old = folder / "new", folder / "old"
        new.mkdir()
        yield new
        for file in new.rglob("*"):
            if file.is_file():
                _flush(file)
        check_replaceable(path, made_by=made_by)  # once more: the work took a while
        try:
            if path.exists():
                path.replace(old)
            new.replace(path)
        except OSError as error:
            raise StorageError(
                f"{path}: could not be put in place ({error}). What stood there is untouched."
            ) from error
        finally:
            # Also where the user interrupts between the two moves.
            if old.exists() and not path.exists():
                old.replace(path)
        shutil.rmtree(old, ignore_errors=True)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a folder, last of all, with a seal that shows whether it was changed since."""
    sealed = manifest | {"seal": _seal(manifest)}
    (folder / MANIFEST).write_text(as_json(sealed), encoding="utf-8", newline="\n")


def _seal(manifest: dict[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(as_json(rest).encode("utf-8")).hexdigest()


def check_replaceable(path: Path, *, made_by: tuple[str, ...]) -> None:
    """Refuse a folder that none of `made_by` made, or that holds anything of the user's, before any work is done.

    Parameters
    ----------
    path : pathlib.Path
    made_by : tuple of str

    Raises
    ------
    StorageError
        Naming what would be lost.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    manifest = _manifest(path)
    if manifest is None:
        raise StorageError(f"{path} exists and was not made by hazardgeo; it is kept. Name another folder with --out.")
    if manifest["made_by"] not in made_by:
        raise StorageError(
            f"{path} exists and is kept. Name another folder with --out, or say --overwrite to replace it."
        )
    theirs = _not_listed(path, manifest["outputs"])
    if manifest.get("seal") != _seal(manifest):
        theirs.append(MANIFEST)
    if theirs:
        raise StorageError(
            f"{path} is kept, for it holds what hazardgeo did not write, or what was changed since: {named(theirs)}. Move "
            "that away, or name another folder with --out."
        )


def _manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_ours = isinstance(manifest, dict) and isinstance(manifest.get("outputs"), dict) and "made_by" in manifest
    return manifest if is_ours else None


def _not_listed(path: Path, outputs: dict[str, str]) -> list[str]:
    """What a folder holds besides its outputs as they were written; links and empty folders too."""
    folders = {parent.as_posix() for name in outputs for parent in PurePosixPath(name).parents}
    theirs = []
    for file in path.rglob("*"):
        name = file.relative_to(path).as_posix()
        if file.is_dir() and not file.is_symlink():
            known = name in folders
        else:
            known = name == MANIFEST or (not file.is_symlink() and outputs.get(name) == sha256(file))
        if not known:
            theirs.append(name)
    return sorted(theirs)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    parent = path.resolve().parent
    if not parent.is_dir():
        raise StorageError(f"{path}: the folder {parent} is not there. Make it first.")
    # Named before it is made, so that whoever interrupts just then leaves nothing.
    folder = parent / f".{path.name}-{secrets.token_hex(6)}"
    try:
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise StorageError(f"{path}: the folder {parent} cannot be written to ({error.strerror}).") from error
        yield folder
    finally:
        # Whatever could not be put back in its place is not thrown away.
        if not (folder / "old").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
