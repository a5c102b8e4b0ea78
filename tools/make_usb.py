"""The office without internet: a folder of binary wheels for Windows, and two lines that install them.

Usage: python -m tools.make_usb [--out build/usb] [--python 3.11 3.12 3.13]

Packages are downloaded by name. pip decides by the machine that it runs on whether a package needs another, so that what only
Windows needs would be missing; it is asked for by name until nothing is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
EXTRA = "office"
PYTHONS = ("3.11", "3.12", "3.13")
INSTALL = """@echo off
py -m pip install --no-index --find-links "%~dp0wheels" "hazardgeo[office]" && py -m hazardgeo doctor
"""
READ_ME = """hazardgeo for an office without internet

Windows, 64 bit, with Python {pythons} from python.org (tick "py launcher"; the installer can be on this stick too).
Double-click install.bat. It takes everything from the folder wheels, connects to nothing, and ends with the word of
the doctor on what is installed. Then, in a command prompt:

    py -m hazardgeo demo
"""


def windows(python: str) -> dict[str, str]:
    """What markers are judged by on a Windows machine with that Python."""
    return {
        "implementation_name": "cpython", "os_name": "nt", "platform_machine": "AMD64", "platform_system": "Windows",
        "platform_python_implementation": "CPython", "python_full_version": f"{python}.0", "python_version": python,
        "sys_platform": "win32", "implementation_version": f"{python}.0", "platform_release": "10", "platform_version": "10",
    }  # fmt: skip


def needed(wheels: Iterable[Path], python: str) -> Iterator[Requirement]:
    """What the wheels need on Windows, hazardgeo with its extra."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            said = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
        own = canonicalize_name(str(said["Name"]))
        extras = {"", EXTRA} if own == "hazardgeo" else {""}
        requirements = [Requirement(text) for text in said.get_all("Requires-Dist", [])]
        for requirement in requirements:  # an extra that asks for others of its package stands before what they need
            if _holds(requirement, python, extras) and canonicalize_name(requirement.name) == own:
                extras |= requirement.extras
        yield from (one for one in requirements if _holds(one, python, extras) and canonicalize_name(one.name) != own)


def _holds(requirement: Requirement, python: str, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**windows(python), "extra": extra}) for extra in extras)


def missing(folder: Path, python: str) -> list[Requirement]:
    """What is needed on Windows with that Python, and no wheel in the folder is."""
    wheels = [wheel for wheel in folder.glob("*.whl") if _is_for(wheel, python)]
    there = {}
    for wheel in wheels:
        name, version, *_ = parse_wheel_filename(wheel.name)
        there.setdefault(name, []).append(version)
    return [
        requirement
        for requirement in needed(wheels, python)
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version in there.get(canonicalize_name(requirement.name), [])
        )
    ]


def _is_for(wheel: Path, python: str) -> bool:
    """Whether that Python installs the wheel: its own, one for any Python 3, or one that stays the same from an older one on."""
    tags = parse_wheel_filename(wheel.name)[3]
    minor = int(python.partition(".")[2])
    return any(
        tag.interpreter in ("py3", f"cp3{minor}")
        or (tag.abi == "abi3" and tag.interpreter.startswith("cp3") and int(tag.interpreter[3:]) <= minor)
        for tag in tags
    )


def _download(what: list[str], folder: Path, python: str) -> None:
    target = ["--platform", "win_amd64", "--python-version", python, "--implementation", "cp"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", *target]
    subprocess.run([*command, "--dest", str(folder), "--find-links", str(folder), *what], check=True)


def make(out: Path, pythons: Iterable[str] = PYTHONS) -> None:
    """Fill the folder.

    Parameters
    ----------
    out : pathlib.Path
    pythons : iterable of str
        Versions of Python that the offices have.

    Raises
    ------
    SystemExit
        If something that Windows needs cannot be had as a binary wheel.
    """
    folder = out / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
    )
    own = max(folder.glob("hazardgeo-*.whl"), key=lambda path: path.stat().st_mtime)
    for python in pythons:
        _download([f"{own}[{EXTRA}]"], folder, python)
        while lacking := missing(folder, python):
            _download([f"{one.name}{one.specifier}" for one in lacking], folder, python)
    (out / "install.bat").write_text(INSTALL, encoding="ascii", newline="\r\n")
    words = READ_ME.format(pythons=", ".join(pythons))
    (out / "README.txt").write_text(words, encoding="ascii", newline="\r\n")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "usb")
    parser.add_argument("--python", nargs="+", default=PYTHONS, metavar="VERSION")
    options = parser.parse_args()
    make(options.out, options.python)
    size = sum(file.stat().st_size for file in options.out.rglob("*") if file.is_file())
    print(
        f"{options.out}: {len(list((options.out / 'wheels').iterdir()))} wheels, {size / 1e6:.0f} MB. Copy the folder to a stick."
    )


if __name__ == "__main__":
    main()
