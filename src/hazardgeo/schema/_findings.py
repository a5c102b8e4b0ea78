"""Findings, the check that a frame can be reasoned about, and which of its records are open ground."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING

from hazardgeo.errors import SchemaError, named
from hazardgeo.vocabulary import CLOSED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Finding:
    """One fault or remark about one record, in words that its keeper can act on."""

    file: str
    record: str
    row: int
    rule: str
    severity: str
    seen: str
    means: str
    remedy: str


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Lay findings out as a table, one row each.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    pandas.DataFrame
        Columns ``file``, ``record``, ``row``, ``rule``, ``severity``, ``seen``, ``means``, ``remedy``.
    """
    import pandas as pd

    names = [field.name for field in fields(Finding)]
    return pd.DataFrame(map(attrgetter(*names), findings), columns=names)


def is_open(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Whether each hazard is open ground: all but those that are closed or handed over.

    A record without a status, or with one that the vocabulary does not know, is open: nothing says that its ground is closed.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        With ``work_status`` where known.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> import pandas as pd
    >>> is_open(pd.DataFrame({"work_status": ["open", None, "Closed?", "closed", "handed_over"]})).tolist()
    [True, True, True, False, False]
    """
    if "work_status" not in frame.columns:  # nothing says that any is closed
        import numpy as np

        return np.ones(len(frame), dtype=bool)
    still: NDArray[np.bool_] = ~frame["work_status"].isin(CLOSED_STATUSES).to_numpy(dtype=bool)
    return still


def require(frame: gpd.GeoDataFrame, *columns: str, what: str = "hazards") -> None:
    """Refuse a frame that cannot be reasoned about: no CRS, ids twice, or a needed column missing.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
    *columns : str
        Names that must be there.
    what : str
        What the frame holds, for the message.

    Raises
    ------
    SchemaError
        With one problem for each thing that is missing.
    """
    faults: list[tuple[str, str, str, str]] = []
    if getattr(frame, "crs", None) is None:
        faults.append(
            ("crs-missing", "-", "The frame has no CRS.", "Set the CRS that the coordinates were recorded in.")
        )
    twice = frame.index[frame.index.duplicated()].unique()
    if len(twice):
        faults.append(("id-twice", named(twice), "The id stands more than once.", "Give each record its own id."))
    faults += [
        (
            "column-missing",
            "-",
            f"There is no column {name!r}.",
            f"Add {name!r}, or read the file with hazardgeo's readers.",
        )
        for name in columns
        if name not in frame.columns
    ]
    if faults:
        problems = [Finding(what, rec, 0, rule, "quarantined", seen, "", do) for rule, rec, seen, do in faults]
        raise SchemaError(f"These {what} cannot be used as they are:", findings_table(problems))
