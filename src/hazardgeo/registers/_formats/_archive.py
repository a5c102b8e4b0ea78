"""Archives (zip), looked through before a byte of them is unpacked.

Whatever an archive says about itself is checked against limits, and nothing of it is written outside its folder.
"""

from __future__ import annotations

import contextlib
import stat
import tempfile
import zipfile
import zlib
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hazardgeo.errors import FormatError, named

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_ARCHIVES = (".zip", ".kmz", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst")
_YOURSELF = "Unpack it yourself, look at what comes out, and name the file in it."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class ArchiveLimits:
    """How far an archive is followed.

    Parameters
    ----------
    total_bytes : int
        Most bytes that all members may have together when unpacked.
    ratio : float
        Most times that they may grow.
    floor_bytes : int
        Below this many bytes the ratio is not asked for: blank tables shrink more than that, and do no harm.
    members : int
        Most members.
    """

    total_bytes: int = 1_000_000_000
    ratio: float = 100.0
    floor_bytes: int = 10_000_000
    members: int = 10_000


DEFAULT_LIMITS = ArchiveLimits()
_WITHIN: ContextVar[ArchiveLimits] = ContextVar("_WITHIN", default=DEFAULT_LIMITS)


@contextlib.contextmanager
def archives_within(limits: ArchiveLimits) -> Iterator[None]:
    """Hold every archive that is opened within this block to these limits, unless a reader is given others."""
    token = _WITHIN.set(limits)
    try:
        yield
    finally:
        _WITHIN.reset(token)


def is_zip(file: Path) -> bool:
    """Whether a file begins as a zip archive does, whatever its name."""
    with file.open("rb") as stream:
        return stream.read(4) in (MAGIC, _EMPTY)


def check_zip(file: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[str]:
    """Look through a zip archive without unpacking it.

    Parameters
    ----------
    file : pathlib.Path
    limits : ArchiveLimits

    Returns
    -------
    list of str
        Names of the files in it, as they stand there.

    Raises
    ------
    FormatError
        If it is no zip archive, grows beyond the limits, holds an archive, a link, a name that leads out of it or the
        same name twice, or is locked with a password.
    """
    with _opened(file) as archive:
        return [member.filename for member in _members(file, archive, limits)]


def read_member(file: Path, name: str, limits: ArchiveLimits = DEFAULT_LIMITS) -> bytes:
    """Read one file of a zip archive, after the whole was looked through."""
    with _opened(file) as archive:
        member = next(one for one in _members(file, archive, limits) if one.filename == name)
        return _content(file, archive, member)


@contextlib.contextmanager
def unpacked(file: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> Iterator[Path]:
    """Unpack a zip archive into a folder of its own, which is removed afterwards.

    Parameters
    ----------
    file : pathlib.Path
    limits : ArchiveLimits

    Yields
    ------
    pathlib.Path

    Raises
    ------
    FormatError
        As `check_zip`, and where a member is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="hazardgeo-") as folder:
        with _opened(file) as archive:
            for member in _members(file, archive, limits):
                _write(file, Path(folder) / member.filename, _content(file, archive, member))
        yield Path(folder)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise FormatError(f"{file}: cannot be opened as a zip archive ({error}). Make the archive again.") from error
    with archive:
        yield archive


def _members(file: Path, archive: zipfile.ZipFile, limits: ArchiveLimits) -> list[zipfile.ZipInfo]:
    """The files of an archive, in its order, once nothing speaks against them."""
    limits = _WITHIN.get() if limits is DEFAULT_LIMITS else limits
    everything = archive.infolist()
    if len(everything) > limits.members:
        raise FormatError(f"{file}: holds {len(everything)} files, and {limits.members} are the limit. {_YOURSELF}")
    members = [member for member in everything if not member.is_dir()]
    for member in everything:
        if why := _refusal(member):
            raise FormatError(f"{file}: {member.filename!r} in it {why}. {_YOURSELF}")
    _refuse_twice(file, members)
    _refuse_size(file, members, limits)
    return members


def _refusal(member: zipfile.ZipInfo) -> str:
    name = member.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable():
        return "has a name that leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link to another file"
    if member.flag_bits & 1:
        return "is locked with a password"
    if path.suffix.casefold() in _ARCHIVES:
        return "is an archive itself"
    return ""


def _refuse_twice(file: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [str(PurePosixPath(member.filename)).casefold() for member in members]
    # On some systems capitals make no difference, and the later file would replace the earlier.
    if twice := {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set():
        raise FormatError(f"{file}: holds {named(sorted(twice))} twice. {_YOURSELF}")


def _refuse_size(file: Path, members: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    total = sum(member.file_size for member in members)
    if total > limits.total_bytes:
        raise FormatError(f"{file}: grows to {total:,} bytes, and {limits.total_bytes:,} are the limit. {_YOURSELF}")
    packed = sum(member.compress_size for member in members)
    if total > limits.floor_bytes and total > limits.ratio * packed:
        raise FormatError(
            f"{file}: grows {total / max(packed, 1):.0f} times to {total:,} bytes, and {limits.ratio:g} times is the "
            f"limit. {_YOURSELF}"
        )


def _content(file: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except _BROKEN as error:
        raise FormatError(f"{file}: {member.filename!r} in it is damaged ({error}). Make the archive again.") from error
    if len(content) != member.file_size:
        raise FormatError(
            f"{file}: {member.filename!r} in it has {len(content)} bytes where the archive says {member.file_size}. Make "
            "the archive again."
        )
    return content


def _write(file: Path, target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise FormatError(
            f"{file}: {target.name!r} in it cannot be unpacked ({error.strerror}). {_YOURSELF}"
        ) from error
