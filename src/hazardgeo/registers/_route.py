"""What kind of record each row is: said by the caller, by a profile, by the column of ids, or row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo import vocabulary as voc
from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.registers._profiles import match_columns
from hazardgeo.registers._profiles._match import fold
from hazardgeo.schema import HAZARDS, RELEASES, SCHEMAS, Schema, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hazardgeo.registers._formats import RawLayer
    from hazardgeo.registers._profiles import Profile

AUTO = "auto"
KINDS = (*SCHEMAS, AUTO)
_MOST_WORDS = 500
_ANY_ID = "id"
"""What a GeoJSON feature calls its identifier, and many a table its own; taken where nothing is called as ours."""
_ID_COLUMNS = ("record_id", "id", "release_id", "hazard_id")


@dataclass(frozen=True)
class Part:
    """Some records of a layer, all of one kind, and the columns of the file that they are read from."""

    raw: RawLayer
    schema: Schema
    names: Mapping[str, str]
    matched: Mapping[str, str]
    """Columns that were taken though they are written a little otherwise, ours to theirs."""
    profile: Profile
    others: frozenset[str] = frozenset()
    """Columns of the file that only records of another kind fill."""


def parts_of(raw: RawLayer, kind: str, profile: Profile) -> list[Part]:
    """Divide a layer by kind of record.

    Parameters
    ----------
    raw : RawLayer
    kind : str
        One of `KINDS`.
    profile : Profile

    Returns
    -------
    list of Part
        Every record is in exactly one.

    Raises
    ------
    HazardgeoError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise HazardgeoError(f"kind={kind!r} is none. Use one of {', '.join(KINDS)}.")
    if kind == AUTO and profile.kind:
        kind = profile.kind
    if kind != AUTO:
        return [_part(raw, SCHEMAS[kind], profile)]
    column, words = _mixed_by(raw, profile)
    if column is not None:
        return _split(raw, column, words, profile)
    ids = {schema.index: schema for schema in (RELEASES, SCHEMAS["depots"], SCHEMAS["points"], HAZARDS)}
    found = [schema for index, schema in ids.items() if _names(raw, schema, profile)[0].get(index, _ANY_ID) != _ANY_ID]
    return [_part(raw, found[0] if found else HAZARDS, profile)]


def _part(raw: RawLayer, schema: Schema, profile: Profile, **more: str) -> Part:
    names, matched = _names(raw, schema, profile)
    matched = {ours: theirs for ours, theirs in matched.items() if ours not in more}
    return Part(raw, schema, {**names, **more}, matched, profile)


def _names(raw: RawLayer, schema: Schema, profile: Profile) -> tuple[dict[str, str], dict[str, str]]:
    """Columns of the file by ours, and those among them that are only alike."""
    wanted = (schema.index, *(column.name for column in schema.columns))
    said = {ours: profile.theirs(ours, schema.name) for ours in wanted}
    said = {ours: theirs for ours, theirs in said.items() if theirs in raw.columns}
    free = [name for name in raw.columns if name not in said.values()]
    alike = {ours: theirs for ours, theirs in match_columns(free, schema).items() if ours not in said}
    if schema.index not in said | alike and _ANY_ID in free:
        alike[schema.index] = _ANY_ID
    return {**said, **alike}, {ours: theirs for ours, theirs in alike.items() if ours != theirs}


def _words() -> dict[str, tuple[Schema, str]]:
    """Words that say what a row is, folded, with the kind of record and our word."""
    words: dict[str, tuple[Schema, str]] = {}
    for schema, vocabulary in ((HAZARDS, voc.CLASSIFICATION), (RELEASES, voc.RELEASE_KIND)):
        for term in vocabulary.terms:
            label = term.label.partition(" (")[0]
            words |= {text.casefold(): (schema, term.word) for text in (term.word, term.label, label)}
    return words


def _mixed_by(raw: RawLayer, profile: Profile) -> tuple[str | None, Mapping[str, tuple[Schema, str]]]:
    """The column whose words say row by row what a record is, and what its words mean."""
    if profile.route and raw.count:
        if profile.route.column not in raw.columns:
            raise FormatError(
                f"{raw.file}: has no column {profile.route.column!r}, by which the profile divides it. The columns are: "
                f"{', '.join(raw.columns)}. Correct the profile, under [route]."
            )
        words = {fold(word): (SCHEMAS[kind], ours) for word, (kind, ours) in profile.route.words.items()}
        return profile.route.column, words
    words = _words()
    found = [name for name, cells in raw.columns.items() if _divides(cells, words)]
    # Where columns of ours say what the records are, a word in another column, a remark perhaps, says nothing.
    for schema, own in ((HAZARDS, "classification"), (RELEASES, "kind")):
        names = _names(raw, schema, profile)[0]
        is_ours = schema is HAZARDS or names.get(schema.index) != _ANY_ID  # many a sheet has a column called kind
        if schema.index in names and own in names and is_ours:
            found = [name for name in found if name == names[own]]
    if len(found) > 1:
        listed = ", ".join(map(repr, found))
        raise FormatError(
            f"{raw.file}: several columns tell hazards from released land ({listed}), and they may differ. Name the one that "
            "counts in a profile, under [route], or say kind= (command: --kind)."
        )
    return (found[0] if found else None), words


def _divides(cells: Sequence[Any], words: Mapping[str, tuple[Schema, str]]) -> bool:
    """Whether the words of a column tell hazards from releases, for most of the records."""
    said = {cell for cell in set(cells) if isinstance(cell, str)}
    if len(said) > _MOST_WORDS:  # names or ids, not words
        return False
    known = {cell: words[fold(cell)][0].name for cell in said if fold(cell) in words}
    return len(set(known.values())) > 1 and sum(cell in known for cell in cells) >= len(cells) / 2


def _split(raw: RawLayer, column: str, words: Mapping[str, tuple[Schema, str]], profile: Profile) -> list[Part]:
    says = [words.get(fold(as_text(cell))) for cell in raw.columns[column]]
    is_release = np.array([found is not None and found[0] is RELEASES for found in says], dtype=bool)
    parts = []
    for schema, ours, at in (
        (HAZARDS, "classification", np.flatnonzero(~is_release)),
        (RELEASES, "kind", np.flatnonzero(is_release)),
    ):
        # A word that nobody knows stays, is a finding, and its record a hazard: the safe side.
        terms = {word: term for word, (of, term) in words.items() if of is schema}
        own = replace(profile, terms={**profile.terms, ours: {**profile.terms.get(ours, {}), **terms}})
        names = {ours: column}
        if (id_column := _id_column(raw, at, schema, profile)) is not None:
            names[schema.index] = id_column
        part = _part(_take(raw, at), schema, own, **names)
        if schema is RELEASES and part.names.get("hazard_id") == id_column:
            part = replace(part, names={name: theirs for name, theirs in part.names.items() if name != "hazard_id"})
        parts.append(part)
    return [replace(part, others=_others(part, parts)) for part in parts]


def _others(part: Part, parts: Sequence[Part]) -> frozenset[str]:
    theirs = {name for other in parts for name in other.names.values()} - set(part.names.values())
    return frozenset(name for name in theirs if not any(as_text(cell).strip() for cell in part.raw.columns[name]))


def _id_column(raw: RawLayer, at: NDArray[np.intp], schema: Schema, profile: Profile) -> str | None:
    """The column with the ids of some records of a sheet of several kinds.

    That of their kind comes first; the id of a hazard is that of a release only where there is no other.
    """
    folded = {name.casefold().replace(" ", "_"): name for name in raw.columns}
    wanted = (
        profile.theirs(schema.index, schema.name),
        *(folded.get(name, "") for name in (schema.index, *_ID_COLUMNS)),
    )
    there = [name for name in dict.fromkeys(wanted) if name in raw.columns]
    used = [name for name in there if any(as_text(raw.columns[name][i]).strip() for i in at)]
    return next(iter(used or there), None)


def _take(raw: RawLayer, at: NDArray[np.intp]) -> RawLayer:
    """Some records of a layer; what is said of the whole layer is said of each part of it."""
    new = {int(i): k for k, i in enumerate(at)}
    return replace(
        raw,
        count=len(at),
        columns={name: [cells[i] for i in at] for name, cells in raw.columns.items()},
        written={name: [cells[i] for i in at] for name, cells in raw.written.items()},
        shapes=raw.shapes[at],
        faults=tuple(
            fault if fault.at is None else replace(fault, at=new[fault.at])
            for fault in raw.faults
            if fault.at is None or fault.at in new
        ),
        row_numbers=tuple(raw.row_number(int(i)) for i in at),
        without_crs=tuple(new[i] for i in raw.without_crs if i in new),
    )
