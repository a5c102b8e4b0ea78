"""Values in words: cells, dates, counts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSTATED = "not stated"


def cell(value: Any) -> str:
    """Write one value of a frame as a person reads it; nothing is interpreted.

    Examples
    --------
    >>> cell(None), cell(float("nan")), cell(2.0), cell("{{ x }}")
    ('not stated', 'not stated', '2', '{{ x }}')
    """
    import pandas as pd

    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return UNSTATED
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or UNSTATED


def day(value: Any) -> str | None:
    """ISO date of a cell that holds one, for finding the newest; None for anything else."""
    text = cell(value)[:10]
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def not_ahead(dates: Iterable[str]) -> list[str]:
    """Keep the ISO dates up to today: one that lies ahead is a slip, and no age of anything.

    Examples
    --------
    >>> not_ahead(["2019-05-04", "9999-01-01"])
    ['2019-05-04']
    """
    today = datetime.date.today().isoformat()  # noqa: DTZ011  (days of registers, which name no time zone)
    return [date for date in dates if date <= today]


def fictional_notice(registers: Iterable[object]) -> str:
    """What must stand on a page whose records are invented; empty where no register says that it is fictional.

    Examples
    --------
    >>> fictional_notice(["FICTIONAL-HRV", "FICTIONAL-BIH"])
    'FICTIONAL DATA: every record is invented.'
    >>> fictional_notice(["FICTIONAL-HRV", "MAC"]), fictional_notice(["MAC"])
    ('FICTIONAL DATA in part: FICTIONAL-HRV.', '')
    """
    names = {str(name) for name in registers}
    fictional = sorted(name for name in names if "fictional" in name.casefold())
    if not fictional:
        return ""
    return (
        "FICTIONAL DATA: every record is invented."
        if len(fictional) == len(names)
        else (f"FICTIONAL DATA in part: {', '.join(fictional)}.")
    )
