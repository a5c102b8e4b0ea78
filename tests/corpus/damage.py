"""Seeded damage: bits flipped and ends cut off, and what intake makes of such a file."""

from __future__ import annotations

import random
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hazardgeo as hz
from corpus.sound import make_sound
from hazardgeo.errors import HazardgeoError

COUNT = 12
FORMATS = (".gpkg", ".geojson", ".csv", ".xlsx", ".shp", ".zip", ".kml", ".kmz", ".gpx", ".fgb", ".gdb", ".parquet")
GPX_PROFILE = """\
[columns]
point_id = "name"
[constants]
register = "BHMAC"
country = "BIH"
kind = "evidence"
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one damaged file."""

    number: int
    refused: str = ""
    """Words of the refusal, if it was refused."""
    crash: str = ""
    """Anything else that was raised: a bug."""
    records_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    ids: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def options_of(suffix: str, folder: Path) -> dict[str, Any]:
    """What intake is to be told to read a sound file of a format."""
    if suffix != ".gpx":
        return {"kind": "hazards"}
    profile = folder / "receiver.toml"
    profile.write_text(GPX_PROFILE, encoding="utf-8")
    return {"kind": "points", "profile": profile}


def damaged(content: bytes, number: int, seed: str) -> bytes:
    """Flip up to four bits, or cut the end off, or both; the same for the same number."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311  (no secret)
    flipped = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4)) if number % 3 else 0):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped[: chance.randrange(len(flipped))] if number % 3 == 0 or number % 10 == 1 else flipped)


def outcomes(suffix: str, numbers: range, folder: Path) -> list[Outcome]:
    """Damage a sound file again and again, and take each in."""
    sound = make_sound(folder, suffix, COUNT)
    options = options_of(suffix, folder)
    if sound.is_dir():
        return [_of_folder(sound, number, folder, options) for number in numbers]
    if suffix == ".shp":
        return [_of_parts(sound, number, folder, options) for number in numbers]
    content = sound.read_bytes()
    found = []
    for number in numbers:
        sound.write_bytes(damaged(content, number, suffix))
        found.append(_outcome(number, sound, options))
    sound.write_bytes(content)
    return found


def damaged_file(suffix: str, number: int, folder: Path) -> Path:
    """The damaged file itself, of a format that is one file; for a second look at it."""
    sound = folder / f"register{suffix}"
    file = folder / f"damaged{suffix}"
    file.write_bytes(damaged(sound.read_bytes(), number, suffix))
    return file


def _of_parts(sound: Path, number: int, folder: Path, options: dict[str, Any]) -> Outcome:
    """Damage the shapes, the table, the index or the CRS, in turn."""
    for part in sound.parent.glob(f"{sound.stem}.*"):
        shutil.copy(part, folder / f"copy{part.suffix}")
    hit = folder / f"copy{('.shp', '.dbf', '.shp', '.dbf', '.shx', '.prj')[number % 6]}"
    hit.write_bytes(damaged(hit.read_bytes(), number, sound.suffix))
    return _outcome(number, folder / "copy.shp", options)


def _of_folder(sound: Path, number: int, folder: Path, options: dict[str, Any]) -> Outcome:
    copy = folder / f"copy{sound.suffix}"
    shutil.copytree(sound, copy)
    files = sorted(file for file in copy.iterdir() if file.stat().st_size)
    hit = files[number % len(files)]
    hit.write_bytes(damaged(hit.read_bytes(), number, sound.suffix))
    found = _outcome(number, copy, options)
    shutil.rmtree(copy)
    return found


def _outcome(number: int, file: Path, options: dict[str, Any]) -> Outcome:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a warning of a library is a word that nobody put into ours
            taken = hz.intake(file, today=None, **options)
    except HazardgeoError as error:
        return Outcome(number, refused=str(error))
    except Exception as error:  # whatever it is, it is the finding
        return Outcome(number, crash=f"{type(error).__name__}: {error}")
    rules = tuple(sorted(set(taken.findings["rule"])))
    return Outcome(
        number,
        records_in=taken.records_in,
        accepted=taken.accepted,
        quarantined=len(taken.quarantine),
        ids=taken.ids,
        rules=rules,
    )
