"""Rules that compare the ids, names and dates of one register's records."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from hazardgeo.errors import named
from hazardgeo.registers._rules._catalogue import NOTE, SERIOUS, Hit, Seen, rule
from hazardgeo.registers._rules._register import first_of_outline
from hazardgeo.sources import Grade, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEMA = Source(
    "Somalia Explosive Management Authority, Mine Action Data Catalogue v1.2: 'nugal' beside 'Nugaal', one district name "
    "in several regions",
    Grade.SECONDARY,
)
_LEVELS = (
    r"province|region|governorate|oblast|county|zupanija|kanton|okrug|adm(in)?1",
    r"district|municipality|rayon|raion|opcina|opstina|commune|adm(in)?2",
)
_NO_NAME = re.compile(r"(^|[\W_])(p?code|id|guid|no|number)$")
_MOST = 5_000  # different names; a column of more is no list of administrative areas
_SHORTEST = 5  # letters of a name in which one wrong letter is more likely than another name
# Marks by which people tell an update or a copy from its original; anything else at the end of an id may be its number.
_UPDATE = re.compile(
    r"[\s._/-]*\(?(dup|copy|rev|ver|version|upd|update|new|old)[\s._-]*\d*\)?$|\s*\(\d+\)$", re.IGNORECASE
)


@rule(
    "id-alike",
    SERIOUS,
    "register",
    "A link or a report that writes the id a little differently will meet the wrong record, or none.",
    Source(
        "GICHD geocheck (github.com/GICHD/geocheck, commit 56f2a03), views …_localid_trimmed: spaces added by mistake",
        Grade.READ,
    ),
)
def id_alike(seen: Seen) -> Iterator[Hit]:
    """Its id differs from an earlier one only in case, spaces, dashes or the way its letters are encoded."""
    known: dict[str, str] = {}
    for at, one in enumerate(seen.ids.tolist()):
        first = known.setdefault(_folded_id(one), one)
        if first != one:
            words = f"Its id {one!r} differs from {first!r} only in case, spaces, dashes or the encoding of letters."
            yield Hit(at, words, "Find out whether they are one record; if not, give one of them another id.")


def _folded_id(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = "".join("-" if unicodedata.category(sign) == "Pd" or sign == "−" else sign for sign in text)
    return "".join(text.split()).casefold()


@rule(
    "date-of-information-equal",
    NOTE,
    "register",
    "In IMSMA a report changes a record only if its date of information is later: with equal dates one was not taken in.",
    Source(
        "GICHD IMSMA wiki, Understanding IMSMA Information Model (revision 24062, 30 June 2018), warning: when the date is "
        "earlier or the same, the item will not be updated",
        Grade.READ,
    ),
)
def date_of_information_equal(seen: Seen) -> Iterator[Hit]:
    """It has the date of information of an earlier record with its outline, or whose id it carries with a mark."""
    dates = seen.column("date_of_information")
    if dates is None:
        return
    days, outline = dates.astype("datetime64[D]"), seen.once(first_of_outline)
    stems: dict[str, int] = {one: at for at, one in reversed(list(enumerate(seen.ids.tolist())))}
    for at, one in enumerate(seen.ids.tolist()):
        stem = _UPDATE.sub("", one)
        earlier = {int(outline[at])} | ({stems.setdefault(stem, at)} if stem != one else set())
        for first in sorted(earlier - {at}):
            if days[first] == days[at]:  # a date that is missing is equal to none
                words = f"It and {seen.ids[first]!r} carry the same date of information, {days[at]}."
                yield Hit(at, words, "Find out which of the two is valid, and date the later one later.")


@rule(
    "name-spelled-differently",
    NOTE,
    "register",
    "Counts and areas by that name are split, and a record is missed by whoever looks for one spelling.",
    _SEMA,
)
def name_spelled_differently(seen: Seen) -> Iterator[Hit]:
    """A province, district or other administrative name is spelled in several ways."""
    for column, _ in _name_columns(seen):
        values = seen.words(column)
        count = Counter(value.strip() for value in values if value.strip())
        for group in _alike(count) if len(count) <= _MOST else []:
            by_use = sorted(group, key=lambda name: (-count[name], name))
            listed = ", ".join(f"{name!r} ({count[name]} record{'s' * (count[name] != 1)})" for name in by_use)
            at = next(i for i, value in enumerate(values) if value.strip() == by_use[-1])
            yield Hit(at, f"{column} is written {listed}.", "Use one spelling, if they are one place.")


def _name_columns(seen: Seen) -> list[tuple[str, int]]:
    """Columns that hold names of administrative areas, and their level, the higher one first."""
    found = []
    for column in map(str, seen.records.columns):
        words = re.split(r"[\W_]+", _folded(column))
        for level, pattern in enumerate(_LEVELS):
            if any(re.fullmatch(pattern, word) for word in words) and not _NO_NAME.search(column.casefold()):
                found.append((column, level))
    return sorted(found, key=lambda pair: pair[1])


def _folded(name: str) -> str:
    """A name without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d").replace("ł", "l").replace("ı", "i"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _sound(name: str) -> str:
    """A name without case, accents, spaces, signs and doubled letters; doubled digits are another number."""
    return re.sub(r"([^\W\d_])\1+", r"\1", re.sub(r"[\W_]+", "", _folded(name)))


def _alike(names: Iterable[str]) -> list[list[str]]:
    """Groups of names that are spelled alike: equal but for accents and the like, or one letter apart."""
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(_sound(name), []).append(name)
    joined: dict[str, str] = {}
    for one, other in _one_letter_apart(list(groups)):
        root = joined.get(one, one)
        joined[other] = root
        if other in groups and root in groups and other != root:
            groups[root] += groups.pop(other)
    return [group for group in groups.values() if len(group) > 1]


def _one_letter_apart(words: list[str]) -> list[tuple[str, str]]:
    """Pairs of words of five letters and more, without digits, that one letter more, less or other tells apart."""
    shorter: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha():
            for key in {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}:
                shorter.setdefault(key, []).append(word)
    pairs = {tuple(sorted((a, b))) for group in shorter.values() for a in group for b in group if a < b}
    return sorted((a, b) for a, b in pairs if _is_one_edit(a, b))


def _is_one_edit(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    i = next((k for k, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return long[i + 1 :] == short[i + (len(short) == len(long)) :]


@rule(
    "district-in-several-regions",
    NOTE,
    "register",
    "Either two districts share the name, or some records carry the wrong region: totals by region are off.",
    _SEMA,
)
def district_in_several_regions(seen: Seen) -> Iterator[Hit]:
    """One name of a district stands in several provinces or regions."""
    columns = _name_columns(seen)
    upper, lower = ([name for name, at in columns if at == level][:1] for level in (0, 1))
    if not (upper and lower):
        return
    regions, districts = seen.words(upper[0]), seen.words(lower[0])
    found: dict[str, dict[str, int]] = {}
    sound = {name: _sound(name) for name in {*regions, *districts}}
    for at, (region, district) in enumerate(zip(regions, districts, strict=True)):
        if sound[region] and sound[district]:
            found.setdefault(sound[district], {}).setdefault(sound[region], at)
    for where in found.values():
        if len(where) > 1:
            those = sorted(where.values())
            listed = named(regions[those])
            words = f"{lower[0]} {districts[those[0]]!r} has {len(those)} different entries in {upper[0]}: {listed}."
            yield Hit(those[-1], words, "Check the region of its records, by a map if the name is not unique.")
