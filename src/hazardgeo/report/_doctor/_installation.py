"""What is installed around hazardgeo: the computer, the environment, packages, fonts, and its own data."""

from __future__ import annotations

import base64
import hashlib
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import warnings
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo import datasets
from hazardgeo._version import __version__
from hazardgeo.report._doctor._checkup import Check
from hazardgeo.storage import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packaging.requirements import Requirement

NOT_YET = "nothing in this version yet"
NEEDED_FOR = {
    "coords": "positions written in MGRS",
    "excel": "reading and writing Excel files, worklists as workbooks",
    "fast": "areas, distances and common ground of large registers in less time",
    "parquet": "reading and writing GeoParquet",
    "plot": "the map as PNG, PDF and SVG, and figures of land release",
    "postgis": NOT_YET,
    "raster": "people, land cover and other rasters in and about hazards",
}
"""What each extra is for; which packages it holds is in the package's own metadata."""

_REDIRECTING = {
    "PROJ_DATA": "PROJ may read another database than its own, and know other operations or none",
    "PROJ_LIB": "PROJ may read another database than its own, and know other operations or none",
    "PROJ_AUX_DB": "PROJ reads a further database of operations",
    "PROJ_USER_WRITABLE_DIRECTORY": "PROJ finds grids of shifts there",
    "PROJ_NETWORK": "PROJ in other programs may fetch grids of shifts from the network",
    "PROJ_NETWORK_ENDPOINT": "PROJ in other programs may fetch grids of shifts from there",
    "PROJ_ONLY_BEST_DEFAULT": "PROJ chooses operations by another rule",
    "GDAL_DATA": "GDAL reads other tables than its own",
    "GDAL_DRIVER_PATH": "GDAL loads further code from there",
    "OGR_CT_FORCE_TRADITIONAL_GIS_ORDER": "GDAL takes longitude and latitude in another order",
    "OSR_DEFAULT_AXIS_MAPPING_STRATEGY": "GDAL takes longitude and latitude in another order",
    "OSR_USE_NON_DEPRECATED": "GDAL replaces a CRS by another, or no longer does",
}
"""Environment variables that lead PROJ or GDAL elsewhere, and what each does; the names stand in PROJ 9.5 and GDAL 3.12."""
_OFF = frozenset({"", "0", "no", "off", "false"})

_LETTERS = {
    "Latin with diacritics": "čćđšžČĆĐŠŽëçőűłăşğ",
    "Cyrillic": "абвгджијљњћђџѓќБДЖЈЉЊЋЂЏыэїєґ",
    "Arabic script": "ابتثجحخدعغپچژگکی",
}


def computer() -> Iterator[Check]:
    """The hazardgeo in use, Python, the system, and the letters that its console can print."""
    topic = "This computer"
    yield _own_version(topic)
    yield Check(topic, "Python", f"{platform.python_version()} ({sys.executable})")
    yield Check(topic, "system", platform.platform())
    encoding = getattr(sys.stdout, "encoding", None) or "not known"
    lost = [name for name, letters in _LETTERS.items() if not _can_encode(letters, encoding)]
    means = (
        f"It has no letters for: {', '.join(lost)}. They are printed as question marks, in JSON too; files are not touched. "
        "Set the environment variable PYTHONUTF8=1."
    )
    yield Check(topic, "encoding of the console", encoding, means if lost else "", is_problem=bool(lost))


def _own_version(topic: str) -> Check:
    try:
        installed = importlib.metadata.version("hazardgeo")
    except importlib.metadata.PackageNotFoundError:
        installed = __version__  # the packages say that it is not installed
    means = f"pip was told of {installed}; what is said here of packages and extras is of that one. Install it again."
    found = f"{__version__} ({datasets.PACKAGE})"
    return Check(topic, "hazardgeo", found, "" if installed == __version__ else means)


def _can_encode(letters: str, encoding: str) -> bool:
    try:
        letters.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def environment() -> Iterator[Check]:
    """Environment variables that lead PROJ or GDAL elsewhere."""
    topic, found = "Environment", False
    for name, does in _REDIRECTING.items():
        value = os.environ.get(name)
        if value is None or (name == "PROJ_NETWORK" and value.casefold() in _OFF):
            continue
        found = True
        if _is_within(value, sys.prefix):
            yield Check(topic, name, value, "It points into this installation, as conda sets it.")
        else:
            yield Check(topic, name, value, f"With it {does}. Unset it, and start again.", is_problem=True)
    if not found:
        yield Check(topic, "variables of PROJ and GDAL", "none that leads elsewhere")


def _is_within(value: str, folder: str) -> bool:
    inside = Path(folder).resolve()
    return all(Path(part).is_dir() and Path(part).resolve().is_relative_to(inside) for part in value.split(os.pathsep))


def packages() -> Iterator[Check]:
    """The packages that hazardgeo cannot do without, and its extras."""
    required = _requirements()
    if not required:
        means = "Which packages are needed cannot be looked up. Install hazardgeo with pip."
        yield Check("Packages", "hazardgeo", "not installed as a package", means, is_problem=True)
        return
    for one in required.pop("", []):
        found, fault = _package(one)
        remedy = f'{fault} Install it: pip install "{one.name}{one.specifier}".' if fault else ""
        yield Check("Packages", one.name, found, remedy, is_problem=bool(fault))
    for extra in _single(required):
        yield _extra(extra, required[extra])


def _extra(extra: str, members: Sequence[Requirement]) -> Check:
    answers = [(one.name, *_package(one)) for one in members]
    found = ", ".join(f"{name} {version}" for name, version, _ in answers)
    purpose = NEEDED_FOR.get(extra, "what its packages do")
    # What is not there is not needed by whoever never asked for it; what is there and does not work is a fault.
    broken = [fault for _, version, fault in answers if fault and version != _MISSING]
    means = [f"Needed for: {purpose}.", *broken]
    if broken or (purpose != NOT_YET and any(fault for *_, fault in answers)):
        means.append(f'Install it if you need that: pip install "hazardgeo[{extra}]".')
    return Check("Extras", extra, found, " ".join(means), is_problem=bool(broken))


_MISSING = "missing"


def _package(one: Requirement) -> tuple[str, str]:
    """Version of a package, and what is wrong with it, if anything."""
    try:
        version = importlib.metadata.version(one.name)
    except importlib.metadata.PackageNotFoundError:
        return _MISSING, f"{one.name} is not installed."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a package says of its own future is no fault of the installation
            importlib.import_module(one.name.replace("-", "_").casefold())
    except Exception as error:  # a broken package may raise anything, and the doctor is there to say so
        return f"{version}, cannot be loaded", f"{one.name} cannot be loaded ({error})."
    if not one.specifier.contains(version, prereleases=True):
        return version, f"{one.name} {version} is not what hazardgeo was tried with ({one.specifier})."
    return version, ""


def _requirements() -> dict[str, list[Requirement]]:
    """What each extra asks for, by the package's metadata; under the empty name what is always needed."""
    from packaging.requirements import Requirement

    try:
        lines = importlib.metadata.requires("hazardgeo") or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    extras = importlib.metadata.metadata("hazardgeo").get_all("Provides-Extra") or []
    every = [Requirement(line) for line in lines]
    always = [one for one in every if one.marker is None or one.marker.evaluate({"extra": ""})]
    found = {"": always}
    for extra in extras:
        asked = [one for one in every if one.marker is not None and one.marker.evaluate({"extra": extra})]
        found[extra] = [one for one in asked if one not in always]
    return found


def _single(extras: dict[str, list[Requirement]]) -> list[str]:
    """The extras that *all* holds and that are not themselves several extras in one."""
    names = {extra: frozenset(one.name for one in members) for extra, members in extras.items()}
    of_users = [extra for extra in names if names[extra] and names[extra] <= names.get("all", frozenset())]
    return sorted(extra for extra in of_users if not any(names[other] < names[extra] for other in of_users))


def fonts() -> Iterator[Check]:
    """Whether the fonts of figures have the letters of the names along a border."""
    topic = "Fonts"
    try:
        manager = importlib.import_module("matplotlib.font_manager")
    except Exception:  # missing or broken: what is the matter with it stands among the extras
        yield Check(topic, "letters in figures", "not looked at", "matplotlib, which draws figures, is not there.")
        return
    families = manager.FontProperties().get_family()
    fitting = [manager.get_font(manager.findfont(manager.FontProperties(family=[one]))) for one in families]
    names = ", ".join(dict.fromkeys(font.family_name for font in fitting))
    there = set(chain.from_iterable(font.get_charmap() for font in fitting))
    for script, letters in _LETTERS.items():
        lacking = "".join(letter for letter in letters if ord(letter) not in there)
        means = (
            f"A figure would show boxes for {lacking}. Install a font that has them, such as DejaVu Sans or Noto Sans."
        )
        yield Check(topic, script, names, means if lacking else "", is_problem=bool(lacking))


def embedded_data() -> Iterator[Check]:
    """Whether the borders, the base map and the sample data are there, and are those that were packed."""
    topic = "Embedded data"
    for index in sorted(datasets.BORDERS.glob("*/index.json")):
        about = json.loads(index.read_text(encoding="utf-8"))
        what = f"borders, {about['source']} {about['version']}"
        changed = [r["file"] for r in about["regions"].values() if _hash(index.parent / r["file"]) != r["sha256"]]
        yield _intact(topic, what, [f"{index.parent.name}/{name}" for name in changed])
    if not any(datasets.BORDERS.glob("*/index.json")):
        yield _intact(topic, "borders", ["_borders"])
    lacking = [] if datasets.BASEMAP.is_file() else [datasets.BASEMAP.name]
    lacking += [] if datasets.sample_folder().is_dir() else [datasets.sample_folder().name]
    packed = _packed()
    if lacking or packed:
        yield _intact(topic, "base map, sample data and code", lacking or _changed(packed))
    else:
        means = "This is a checkout: the hashes of these files are those of its version control."
        yield Check(topic, "base map and sample data", "there", means)


def _hash(file: Path) -> str:
    return sha256(file) if file.is_file() else ""


def _intact(topic: str, what: str, changed: Sequence[str]) -> Check:
    if not changed:
        return Check(topic, what, "as packed")
    means = f"Missing, or not as packed: {', '.join(changed)}. Install hazardgeo again before you rely on it."
    return Check(topic, what, "damaged", means, is_problem=True)


def _packed() -> list[Any]:
    """The files of the package in use, each with the hash that pip keeps of it; none in a checkout."""
    try:
        files = importlib.metadata.files("hazardgeo") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    inside = datasets.PACKAGE.resolve()
    return [file for file in files if file.hash and Path(str(file.locate())).resolve().is_relative_to(inside)]


def _changed(packed: Sequence[Any]) -> list[str]:
    return [str(file) for file in packed if not _is_as_packed(Path(str(file.locate())), file.hash)]


def _is_as_packed(file: Path, kept: Any) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, kept.mode).digest()
    return bool(base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == kept.value)
