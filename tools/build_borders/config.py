"""The configuration, read from TOML into frozen values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]
DEFAULT_PATH = Path(__file__).resolve().parent.parent / "borders.toml"


@dataclass(frozen=True)
class Settings:
    """Distances and tolerances; the TOML says what each is for."""

    strip_m: float
    box_margin_deg: float
    seam_deg: float
    grid_deg: float
    sliver_m: float
    pocket_m2: float
    edge_m: float
    sample_m: float
    osm_floor_m: float
    dry_m: float
    coast_out_m: float
    coast_close_m: float
    inland_m: float


@dataclass(frozen=True)
class SourceNote:
    """What travels with every line of one source."""

    source: str
    version: str
    date: str
    licence: str
    attribution: str
    tolerance_m: float
    deviation_m: float


@dataclass(frozen=True)
class Package:
    """One archive of a package registry, pinned by its hash."""

    registry: str
    name: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Country:
    """A country and three towns that must lie in it."""

    name: str
    towns: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Zone:
    """Which country or countries a time zone stands for."""

    code: str
    parts: tuple[str, ...] = ()
    carve: str = ""


@dataclass(frozen=True)
class Enclave:
    """A country's ground within another, and a point that must lie in it."""

    code: str
    within: str
    at: tuple[float, float]
    sources: tuple[str, ...]
    borrow: bool = False


@dataclass(frozen=True)
class Region:
    """The countries asked for, their neighbours, and the box that limits them."""

    name: str
    asked: tuple[str, ...]
    neighbours: tuple[str, ...]
    box: Box
    note: str
    scale_lat: float | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """All countries of the region, sorted."""
        return tuple(sorted(self.asked + self.neighbours))


@dataclass(frozen=True)
class Config:
    """The whole of ``borders.toml``."""

    settings: Settings
    sources: dict[str, SourceNote]
    packages: dict[str, Package]
    ne_codes: dict[str, str]
    ne_status: dict[str, str]
    ne_views: dict[str, str]
    ne_words: dict[str, str]
    regions: dict[str, Region]
    countries: dict[str, Country]
    zones: dict[str, Zone]
    yields: dict[str, str]
    enclaves: dict[str, Enclave]
    basemap_tolerance_m: float
    basemap_extents: dict[str, Box] = field(default_factory=dict)


def _zone(row: dict[str, Any]) -> Zone:
    return Zone(row["code"], tuple(row.get("parts", ())), row.get("carve", ""))


def _region(name: str, row: dict[str, Any]) -> Region:
    return Region(
        name, tuple(row["asked"]), tuple(row["neighbours"]), tuple(row["box"]), row["note"], row.get("scale_lat")
    )


def _country(row: dict[str, Any]) -> Country:
    return Country(row["name"], {town: (lon, lat) for town, (lon, lat) in row["towns"].items()})


def _enclave(row: dict[str, Any]) -> Enclave:
    return Enclave(row["code"], row["within"], tuple(row["at"]), tuple(row["sources"]), row.get("borrow", False))


def load(path: Path = DEFAULT_PATH) -> Config:
    """Read the TOML.

    Parameters
    ----------
    path : Path
        The file; the project's own unless given.

    Returns
    -------
    Config
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Config(
        settings=Settings(**raw["settings"]),
        sources={name: SourceNote(**row) for name, row in raw["sources"].items()},
        packages={name: Package(**row) for name, row in raw["packages"].items()},
        ne_codes=raw["natural_earth"]["codes"],
        ne_status=raw["natural_earth"]["status"],
        ne_views=raw["natural_earth"]["views"],
        ne_words=raw["natural_earth"]["words"],
        regions={name: _region(name, row) for name, row in raw["regions"].items()},
        countries={code: _country(row) for code, row in raw["countries"].items()},
        zones={name: _zone(row) for name, row in raw["zones"].items()},
        yields=raw["yields"],
        enclaves={name: _enclave(row) for name, row in raw["enclaves"].items()},
        basemap_tolerance_m=raw["basemap"]["tolerance_m"],
        basemap_extents={name: tuple(box) for name, box in raw["basemap"]["extents"].items()},
    )
