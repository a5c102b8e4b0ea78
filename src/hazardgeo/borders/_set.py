"""One border, one value: countries, lines, where they come from and how far they may be off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo import vocabulary as voc
from hazardgeo.crs import WGS84
from hazardgeo.errors import BorderError
from hazardgeo.overlay._planes import split_long_edges
from hazardgeo.schema import require

if TYPE_CHECKING:
    import geopandas as gpd

COUNTRY_COLUMNS = ("code", "name", "claimants")
CONTESTED = ("disputed", "undetermined")
FIELD_COLUMNS = ("bias_east_m", "bias_north_m", "common_sd_m", "local_sd_m", "correlation_km")
_CODE = re.compile(r"[^\s;:,/–-]+")
LINE_COLUMNS = ("country_a", "country_b", "status", "claimants", "offset_95_m", "offset_evidence")


@dataclass(frozen=True, eq=False)
class BorderSet:
    """A version of the borders of some countries, with its source, its date and its uncertainty.

    A bare line cannot name sides, and two frames can come from two sources: so it is one value.

    Parameters
    ----------
    countries : geopandas.GeoDataFrame
        Polygons in EPSG:4326 that do not overlap: ``code`` (ISO 3166-1 alpha-3, a user's code, or one of the words
        ``disputed`` and ``undetermined``), ``name``, ``claimants`` (codes, parted by ``;`` or a comma or a slash; empty where
        nobody contests it).
    lines : geopandas.GeoDataFrame
        Lines in EPSG:4326: ``country_a``, ``country_b``, ``status``, ``claimants``, ``offset_95_m`` [m] (the true
        line lies within this of the drawn one, along its normal, at 95 %), ``offset_evidence``; and, where known, how that
        offset is made up, all along the normal: ``common_sd_m`` [m] of the part that the whole line is off together,
        ``local_sd_m`` [m] of the part that changes along it, ``correlation_km`` [km along the line] after which the local part
        is forgotten (1/e), ``bias_east_m`` and ``bias_north_m`` [m] of the shift that brings the line onto what it was
        measured against (told, not applied), ``field_evidence``. NaN and empty where not known: then the whole line is
        taken to be off the same way.
    extent : shapely.Polygon or shapely.MultiPolygon
        Where the set can say which side ground lies on.
    codes : tuple of str
        The countries that were asked for; the others are there for their strip along them.
    source, version, licence, attribution : str
        Who made the line, of what date, and what must be said where it is shown.

    Raises
    ------
    BorderError
        If a line has no offset, no status or no geometry, a source or version is empty, a code is none, or an asked country is
        not there.
    SchemaError
        If a column is missing.

    References
    ----------
    docs/explanation/borders.md of this project.

    Examples
    --------
    >>> import hazardgeo as hz
    >>> border = hz.borders.load("HRV", "BIH")
    >>> border.codes
    ('BIH', 'HRV')
    """

    countries: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    extent: Any
    codes: tuple[str, ...]
    source: str
    version: str
    licence: str
    attribution: str

    def __post_init__(self) -> None:
        require(self.countries, *COUNTRY_COLUMNS, what="countries")
        require(self.lines, *LINE_COLUMNS, what="border lines")
        for name in ("source", "version", "licence"):
            if not str(getattr(self, name)).strip():
                raise BorderError(f"The border has no {name}. Say it: a border without it cannot be cited.")
        self._read_claimants()
        self._check_codes()
        if self.countries.crs != WGS84 or self.lines.crs != WGS84:
            raise BorderError("The border is not in EPSG:4326. Read it with hz.borders.read, which brings it there.")
        self._check_lines()
        self._fill_field()
        self._lay_long_edges()
        missing = sorted(set(self.codes) - set(self.countries["code"]))
        if missing:
            raise BorderError(f"The border has no country {', '.join(missing)}. It has {self._listed()}.")

    def _read_claimants(self) -> None:
        # However they are parted in the source: what is not read is nobody's business, and nothing says so.
        for name in ("countries", "lines"):
            frame = getattr(self, name)
            object.__setattr__(self, name, frame.assign(claimants=[_claimants(cell) for cell in frame["claimants"]]))

    def _check_codes(self) -> None:
        named = [*self.countries["code"], *self.lines["country_a"], *self.lines["country_b"]]
        claims = {
            code for frame in (self.countries, self.lines) for text in frame["claimants"] for code in text.split(";")
        }
        wrong = [
            code for code in (*named, *sorted(claims - {""})) if not (isinstance(code, str) and _CODE.fullmatch(code))
        ]
        if wrong:
            raise BorderError(
                f"{wrong[0]!r} is no code of a country. Give one word without spaces and without - ; : , / (a hyphen parts the "
                "two countries of a pair), such as 'GB_NIR', in countries, lines, claimants and registers alike."
            )

    def _check_lines(self) -> None:
        offsets = self.lines["offset_95_m"].to_numpy(dtype=float)
        bare = ~(np.isfinite(offsets) & (offsets > 0))
        if bare.any():
            line = self.lines[bare].iloc[0]
            raise BorderError(
                f"The line {line['country_a']}–{line['country_b']} states no offset. Every line is uncertain: "
                "give offset_95_m, the distance within which the true line lies at 95 %, and its evidence."
            )
        nowhere = (self.lines.geometry.isna() | self.lines.geometry.is_empty).to_numpy()
        if nowhere.any():
            line = self.lines[nowhere].iloc[0]
            raise BorderError(
                f"A line {line['country_a']}–{line['country_b']} has no geometry. Draw it, or leave it out."
            )
        unknown = sorted(set(self.lines["status"]) - set(voc.BORDER_STATUS.words))
        if unknown:
            raise BorderError(f"Status {unknown[0]!r} is not known. Use one of {', '.join(voc.BORDER_STATUS.words)}.")

    def _fill_field(self) -> None:
        lacking: dict[str, Any] = {name: np.nan for name in FIELD_COLUMNS if name not in self.lines}
        if "field_evidence" not in self.lines:
            lacking["field_evidence"] = ""
        lines = self.lines.assign(**lacking)
        known = {name: lines[name].astype(float) for name in FIELD_COLUMNS}
        object.__setattr__(self, "lines", lines.assign(**known, field_evidence=lines["field_evidence"].fillna("")))
        parts = self.lines[["common_sd_m", "local_sd_m", "correlation_km"]]
        # One part without the other is no field; and neither is a part that is less than nothing, or that never is forgotten.
        odd = (
            (parts < 0).any(axis=1)
            | (parts.isna().any(axis=1) & parts.notna().any(axis=1))
            | (parts == np.inf).any(axis=1)
        )
        if odd.any():
            line = self.lines[odd].iloc[0]
            raise BorderError(
                f"The line {line['country_a']}–{line['country_b']} states only part of its error field. Give common_sd_m, "
                "local_sd_m and correlation_km, all of them 0 or more, or none of them."
            )

    def _lay_long_edges(self) -> None:
        # An edge is a geodesic. Where a long one were cut before it is split, its middle would lie elsewhere.
        for name in ("countries", "lines"):
            frame = getattr(self, name)
            object.__setattr__(
                self, name, frame.set_geometry(split_long_edges(frame.geometry.to_numpy())).set_crs(WGS84)
            )
        object.__setattr__(self, "extent", split_long_edges(np.array([self.extent], dtype=object))[0])

    def _listed(self) -> str:
        return ", ".join(sorted(set(self.countries["code"])))

    @property
    def asked_lines(self) -> gpd.GeoDataFrame:
        """The lines between two of the asked countries, and those along ground that two of them contest."""
        asked = [self._is_asked(line.country_a, line.country_b, line.claimants) for line in self.lines.itertuples()]
        return self.lines[np.array(asked, dtype=bool)]

    def _is_asked(self, country_a: str, country_b: str, claimants: str) -> bool:
        countries = {country_a, country_b} - set(CONTESTED)
        contested = {country_a, country_b} & set(CONTESTED)
        return countries <= set(self.codes) and all(self.contests(word, claimants) for word in contested)

    def contests(self, word: str, claimants: str) -> bool:
        """Whether disputed or undetermined ground is a matter between two of the asked countries.

        Where nobody is named as claimant, it is a matter between the countries along it; where no line says which those
        are, it may be anybody's.
        """
        along = self.lines[
            ((self.lines[["country_a", "country_b"]] == word).any(axis=1)) & (self.lines["claimants"] == "")
        ]
        parties = set(claimants.split(";")) if claimants else {*along["country_a"], *along["country_b"]}
        return not parties or len(parties & set(self.codes)) >= 2

    @property
    def names(self) -> str:
        """Names of the asked countries in alphabetical order, so that neither side comes first by choice."""
        named = dict(zip(self.countries["code"], self.countries["name"], strict=True))
        return " – ".join(sorted(str(named[code] or code) for code in self.codes))

    @property
    def title(self) -> str:
        """Countries, source and version in one line.

        Examples
        --------
        >>> import hazardgeo as hz
        >>> hz.borders.load("HRV", "BIH", source="natural_earth").title
        'BIH–HRV, Natural Earth 1:10m 5.1.1 (2022)'
        """
        return f"{'–'.join(self.codes)}, {self.source} {self.version}"

    def __repr__(self) -> str:
        low, high = self.asked_lines["offset_95_m"].min(), self.asked_lines["offset_95_m"].max()
        return f"<BorderSet {self.title}; offset {low:.0f} to {high:.0f} m; {len(self.lines)} lines>"


def _claimants(cell: Any) -> str:
    """Codes in one cell, each once, in alphabetical order, joined by ``;``."""
    text = cell if isinstance(cell, str) else ""
    return ";".join(sorted({code.strip() for code in re.split("[;,/]", text)} - {""}))


def set_from_layers(countries: Any, lines: Any, extent: Any, codes: tuple[str, ...], **about: str) -> BorderSet:
    """Make a BorderSet of frames as they were read."""
    countries, lines = countries.reset_index(drop=True), lines.reset_index(drop=True)
    shapely.prepare(countries.geometry.to_numpy())
    return BorderSet(countries, lines, extent, tuple(sorted(codes)), **about)
