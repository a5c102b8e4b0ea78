"""A profile, read from its TOML file, with every mistake in it named."""

from __future__ import annotations

import codecs
import dataclasses
import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import parse_crs
from hazardgeo.errors import FormatError
from hazardgeo.registers._profiles._match import fold
from hazardgeo.registers._profiles._profile import About, Join, Profile, Route
from hazardgeo.registers._profiles._ready import ready_made
from hazardgeo.registers._profiles._said import Said
from hazardgeo.registers._profiles._traverse import legs_of
from hazardgeo.registers._profiles._units import UNITS
from hazardgeo.schema import SCHEMAS, parse_cell
from hazardgeo.schema._locales import spelling_of
from hazardgeo.schema._spelling import Spelling
from hazardgeo.sources import Grade

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from hazardgeo.registers._formats._places import Places
    from hazardgeo.schema import ColumnSpec

KEYS = (
    "about", "kind", "locale", "spelling", "columns", "terms", "separator", "constants", "units", "places", "crs",
    "datum_operation", "encoding", "header_row", "layer", "route", "join", "traverse",
)  # fmt: skip
_SEPARATORS = (";", ",", "|", "/", "+")
_ROUTED = {"hazards": "classification", "releases": "kind"}
_LIMIT_BYTES = 1_000_000


def load_profile(given: str | os.PathLike[str]) -> Profile:
    """Read a profile.

    Parameters
    ----------
    given : str or path
        Name of a ready-made profile (`profiles` lists them), or a TOML file.

    Returns
    -------
    Profile

    Raises
    ------
    FormatError
        If there is no such profile, or it is no TOML.
    HazardgeoError
        If it says something that cannot be: the message names the file, the key and what to do.

    Examples
    --------
    >>> load_profile("samples").theirs("hazard_id")
    'hazard_id'
    """
    file = _file(given)
    try:
        said = Said(file, tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as error:
        raise FormatError(f"{file}: is not UTF-8 at byte {error.start + 1}. Save the profile as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormatError(f"{file}: is no TOML ({error}). A key stands once only; text stands in quotes.") from error
    return _profile(said)


def _file(given: str | os.PathLike[str]) -> Path:
    files = ready_made()
    if str(given) in files:
        return files[str(given)]
    file = Path(given)
    if "://" in str(given) or not file.is_file():
        raise FormatError(f"There is no profile {str(given)!r}. Give a TOML file, or one of {', '.join(files)}.")
    if file.stat().st_size > _LIMIT_BYTES:
        raise FormatError(f"{file}: is too large for a profile. Give the TOML file that describes the register.")
    return file


def _profile(said: Said) -> Profile:
    said.refuse_unknown("", said.keys, KEYS)
    columns, by_kind = _columns(said)
    return Profile(
        name=said.file.stem,
        kind=_kind(said),
        columns=columns,
        columns_by_kind=by_kind,
        terms=_terms(said),
        constants=_constants(said),
        factors={name: _factor(said, name, unit) for name, unit in said.table("units").items()},
        separator=_separator(said),
        spelling=_spelling(said),
        places=_places(said),
        crs=_crs(said),
        datum_operation=said.text("datum_operation"),
        encoding=_encoding(said),
        header_row=_header_row(said),
        layer=said.text("layer"),
        route=_route(said),
        join=_join(said),
        about=_about(said),
    )


def _kind(said: Said) -> str:
    kind = said.text("kind")
    if kind not in ("", "auto", *SCHEMAS):
        raise said.fail("kind", f"is {kind!r}. Use one of {', '.join(SCHEMAS)}, auto.")
    return "" if kind == "auto" else kind


def _specs(said: Said, key: str, name: str) -> list[ColumnSpec]:
    """The columns of ours of that name, one for each kind of record that has it."""
    known = [column for schema in SCHEMAS.values() for column in schema.columns]
    found = [column for column in known if column.name == name]
    if not found:
        names = ", ".join(dict.fromkeys(column.name for column in known))
        raise said.fail(f"{key}.{name}", f"there is no column {name!r} of ours. Use one of {names}.")
    return found


def _columns(said: Said) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    table = said.table("columns")
    by_kind = {kind: table.pop(kind) for kind in SCHEMAS if kind in table}
    shared = _columns_of(said, "columns", table, tuple(SCHEMAS))
    return shared, {kind: _columns_of(said, f"columns.{kind}", own, (kind,)) for kind, own in by_kind.items()}


def _columns_of(said: Said, key: str, table: Any, kinds: tuple[str, ...]) -> dict[str, str]:
    columns = said.texts(key, table, "the name of the one column of theirs that is to be read")
    schemas = [SCHEMAS[kind] for kind in kinds]
    known = dict.fromkeys(name for schema in schemas for name in (schema.index, *(c.name for c in schema.columns)))
    for name in columns:
        if name not in known:
            raise said.fail(f"{key}.{name}", f"there is no column {name!r} of ours. Use one of {', '.join(known)}.")
    return columns


def _terms(said: Said) -> dict[str, dict[str, str]]:
    terms = {}
    for name, words in said.table("terms").items():
        key, specs = f"terms.{name}", _specs(said, "terms", name)
        known = dict.fromkeys(word for spec in specs if spec.vocabulary for word in spec.vocabulary.words)
        if not known:
            raise said.fail(key, "is no column of terms, so its words are kept as they are. Take this table out.")
        terms[name] = said.texts(key, words)
        _check_words(said, key, terms[name], known, several=specs[0].kind == "terms")
    return terms


def _check_words(said: Said, key: str, words: Mapping[str, str], known: Mapping[str, None], *, several: bool) -> None:
    taken: dict[str, str] = {}
    for theirs, ours in words.items():
        for part in ours.split(";") if several else [ours]:
            if part not in known:
                told = ", ".join(known)
                raise said.fail(
                    key, f"{theirs!r} is turned into {part!r}, which is no word of ours. Use one of {told}."
                )
        if taken.setdefault(fold(theirs), ours) != ours:
            raise said.fail(key, f"{theirs!r} stands twice, as {taken[fold(theirs)]!r} and as {ours!r}. Keep one.")


def _constants(said: Said) -> dict[str, str]:
    constants = {}
    for name, value in said.table("constants").items():
        key = f"constants.{name}"
        constants[name] = str(said.of_type(key, value, str | int | float, "text in quotes, or a number"))
        faults = [parse_cell(constants[name], spec).fault for spec in _specs(said, "constants", name)]
        if faults[0] and all(faults):
            raise said.fail(key, f"{constants[name]!r} cannot be used. {faults[0][2]}")
    return constants


def _factor(said: Said, name: str, unit: Any) -> float:
    key, spec = f"units.{name}", _specs(said, "units", name)[0]
    if spec.kind != "number" or not spec.unit:
        raise said.fail(key, "is no number with a unit. Take it out.")
    fitting = {known: size.factor for known, size in UNITS.items() if size.of == spec.unit}
    if isinstance(unit, str):
        if unit not in fitting:
            names = "".join(f"{known}, " for known in fitting)
            raise said.fail(key, f"is {unit!r}. Use {names}or a number: how many {spec.unit} one of theirs is.")
        return fitting[unit]
    factor = float(
        said.of_type(key, unit, int | float, f"the name of a unit, or how many {spec.unit} one of theirs is")
    )
    if not (factor > 0 and math.isfinite(factor)):
        raise said.fail(key, f"is {unit!r}. Give a number above 0.")
    return factor


def _separator(said: Said) -> str:
    separator = said.text("separator") or ";"
    if separator not in _SEPARATORS:
        raise said.fail("separator", f"is {separator!r}. Use one of {' '.join(_SEPARATORS)}")
    return separator


def _spelling(said: Said) -> Spelling:
    table = said.table("spelling")
    said.refuse_unknown("spelling", table, ("decimal", "group", "dates"))
    dates = said.listed("spelling.dates", table.pop("dates", []))
    marks, locale = said.texts("spelling", table), said.text("locale")
    if not locale:
        return said.told("spelling", lambda: Spelling(**marks, dates=dates))
    if marks:
        raise said.fail("locale", "and spelling both say how numbers are written. Keep one.")
    usual = said.told("locale", lambda: spelling_of(locale))
    return said.told("spelling", lambda: dataclasses.replace(usual, dates=dates or usual.dates))


def _places(said: Said) -> Places:
    from hazardgeo.registers._formats._places import Places

    table, fields = said.table("places"), {one.name: one for one in dataclasses.fields(Places) if one.name != "legs"}
    said.refuse_unknown("places", table, tuple(fields))
    lists = {name for name, one in fields.items() if isinstance(one.default, tuple)}
    values: dict[str, Any] = {name: said.listed(f"places.{name}", table[name]) for name in lists & table.keys()}
    values |= said.texts("places", {name: value for name, value in table.items() if name not in lists})
    values["legs"] = legs_of(said)
    return said.told("places", lambda: Places(**values))


def _crs(said: Said) -> str:
    crs = said.text("crs")
    if crs:
        said.told("crs", lambda: parse_crs(crs))
    return crs


def _encoding(said: Said) -> str:
    encoding = said.text("encoding")
    try:
        return codecs.lookup(encoding).name if encoding else ""
    except (LookupError, ValueError) as error:
        raise said.fail("encoding", f"{encoding!r} is none. Use such as utf-8, cp1250 or cp1251.") from error


def _header_row(said: Said) -> int:
    row = int(said.of_type("header_row", said.keys.get("header_row", 1), int, "a whole number, 1 or more"))
    if row < 1:
        raise said.fail("header_row", f"is {row}. Give the number of the row that names the columns, counted from 1.")
    return row


def _route(said: Said) -> Route | None:
    table = said.table("route")
    if not table:
        return None
    said.refuse_unknown("route", table, ("column", *_ROUTED))
    if kind := _kind(said):
        raise said.fail("route", f"says what each row is, and kind says {kind!r} of all. Keep one.")
    column = said.of_type("route.column", table.get("column"), str, "the column of theirs that says what a row is")
    words: dict[str, tuple[str, str]] = {}
    for kind, ours in _ROUTED.items():
        vocabulary = SCHEMAS[kind].column(ours).vocabulary
        mapped = said.texts(f"route.{kind}", table.get(kind, {}))
        _check_words(
            said, f"route.{kind}", mapped, dict.fromkeys(vocabulary.words if vocabulary else ()), several=False
        )
        if both := {fold(word) for word in words} & {fold(word) for word in mapped}:
            raise said.fail("route", f"{min(both)!r} is both a hazard and a release. Keep one.")
        words |= {theirs: (kind, word) for theirs, word in mapped.items()}
    if not words:
        raise said.fail("route", "names no words. Say under [route.hazards] and [route.releases] what each means.")
    return Route(column, words)


def _join(said: Said) -> Join | None:
    table = said.table("join")
    if not table:
        return None
    fields = {one.name: one for one in dataclasses.fields(Join)}
    said.refuse_unknown("join", table, tuple(fields))
    for name, one in fields.items():
        if name not in table and one.default is dataclasses.MISSING:
            raise said.fail(f"join.{name}", "is missing. Copy the ready-made profile imsma-ng and adapt it.")
    if "number" not in said.table("places"):
        raise said.fail("places.number", "is missing: a register in several tables has its outlines point by point.")
    lists = {name: said.listed(f"join.{name}", value) for name, value in table.items() if name in Join.LISTS}
    values: dict[str, Any] = {**said.texts("join", {k: v for k, v in table.items() if k not in lists}), **lists}
    return Join(**values)


def _about(said: Said) -> About:
    table = said.texts("about", said.table("about"))
    said.refuse_unknown("about", table, tuple(one.name for one in dataclasses.fields(About)))
    if (grade := table.get("grade")) and grade not in set(Grade):
        raise said.fail("about.grade", f"is {grade!r}. Use one of {', '.join(Grade)}.")
    return About(**table)
