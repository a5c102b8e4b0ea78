"""What the page can switch off beside the classes: countries that report, and registers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hazardgeo.maps import _text
from hazardgeo.measure import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hazardgeo.borders import BorderSet
    from hazardgeo.maps._records import Record


def country_switches(records: Sequence[Record], borders: Sequence[BorderSet]) -> list[dict[str, str]]:
    """List the countries that report, by code, with the name that the border gives them."""
    names = {code: str(name) for border in reversed(borders) for code, name in _names(border)}
    return _switches(
        records,
        lambda record: record.country,
        lambda code, _: f"{names[code]} ({code})" if names.get(code, code) != code else code,
    )


def register_switches(records: Sequence[Record]) -> list[dict[str, str]]:
    """List the registers; the date of the newest information of each is the version that is shown."""
    return _switches(records, lambda record: record.register, lambda name, _: name)


def register_versions(records: Sequence[Record]) -> str:
    """Name the registers with their dates."""
    own = register_switches(records)
    named = "; ".join(f"{one['label']}, {one['newest']}" for one in own)
    return f"{'Registers' if len(own) > 1 else 'Register'}: {named}" if own else ""


def _names(border: BorderSet) -> list[tuple[str, Any]]:
    return list(zip(border.countries["code"], border.countries["name"], strict=True))


def _switches(
    records: Sequence[Record], key: Callable[[Record], str], label: Callable[[str, list[Record]], str]
) -> list[dict[str, str]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return [
        {
            "key": name,
            "label": label(name, own),
            "count": grouped(len(own)),
            "newest": _newest(own),
        }
        for name, own in sorted(groups.items())
    ]


def _newest(records: Sequence[Record]) -> str:
    dates = _text.not_ahead(date for record in records for date in record.dates)
    return f"newest {max(dates)}" if dates else "no date stated"
