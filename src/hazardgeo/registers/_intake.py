"""An intake: the records of a file that can be used, and what became of every other."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, grouped
from hazardgeo.schema import HAZARDS, SCHEMAS
from hazardgeo.vocabulary import SEVERITY

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Intake:
    """What became of every record of a file.

    Parameters
    ----------
    file : str
    frames : mapping of str to geopandas.GeoDataFrame
        The records that can be used, by kind: ``hazards``, ``releases``, ``points``, ``depots``.
    quarantine : pandas.DataFrame
        The rows that cannot be used, as they came; the index is the row as a person counts it in the file.
    findings : pandas.DataFrame
        Columns ``file``, ``record``, ``row``, ``rule``, ``severity``, ``seen``, ``means``, ``remedy``.
    records_in : int
        How many records the file holds; always ``len(records) + len(quarantine)``.
    ids : tuple of str
        The id of every record, accepted or quarantined, as in the source; empty text where it has none.
    all_rows : tuple of int
        The row of every record, in the order of `ids`.
    rows : mapping of str to tuple of int
        The row of each record that can be used, by kind, in the order of its frame.
    crs, datum_operation : str
        CRS that the coordinates were recorded in, and the operation that brought them to WGS 84.
    repairs : pandas.DataFrame
        What became of outlines that are not valid, where repair was asked for; the index is the row, the other columns those of
        the log of `repair_geometry`, with the id as ``record``.
    """

    file: str
    frames: Mapping[str, gpd.GeoDataFrame]
    quarantine: pd.DataFrame
    findings: pd.DataFrame
    records_in: int
    ids: tuple[str, ...]
    all_rows: tuple[int, ...]
    rows: Mapping[str, tuple[int, ...]]
    crs: str
    datum_operation: str
    repairs: pd.DataFrame

    @property
    def records(self) -> gpd.GeoDataFrame:
        """The records that can be used.

        One frame in the schema of its kind; for a sheet of several kinds all of them under each other, with the column
        ``record_kind`` to tell them apart (`frames` has each in its own schema).
        """
        frames = dict(self.frames)
        if len(frames) == 1:
            return next(iter(frames.values()))
        import pandas as pd

        together = [frame.assign(record_kind=kind) for kind, frame in frames.items()]
        return pd.concat(together).rename_axis("record_id")

    @property
    def hazards(self) -> gpd.GeoDataFrame:
        """The hazards among the records."""
        return self._frame("hazards")

    @property
    def releases(self) -> gpd.GeoDataFrame:
        """The releases among the records."""
        return self._frame("releases")

    def _frame(self, kind: str) -> gpd.GeoDataFrame:
        if kind not in self.frames:
            raise HazardgeoError(f"{self.file}: holds {' and '.join(self.frames)}, no {kind}.")
        return self.frames[kind]

    @property
    def accepted(self) -> int:
        """How many records can be used."""
        return sum(map(len, self.frames.values()))

    @property
    def area_m2(self) -> float:
        """Ground of the accepted records, each square metre counted once [m²]."""
        from hazardgeo.overlay import net_area_m2

        records = self.records
        polygons = records[records.geometry.geom_type.isin(HAZARDS.shapes)]
        return net_area_m2(polygons) if len(polygons) else 0.0

    @property
    def is_clean(self) -> bool:
        """Whether there is no finding but notes, and no record in quarantine."""
        return not len(self.quarantine) and not (self.findings["severity"] != "note").any()

    def write_worklist(self, path: str | os.PathLike[str]) -> Path:
        """Write the findings for the person who has to mend the source; see `hazardgeo.write_worklist`."""
        from hazardgeo.registers._worklist import write_worklist

        return write_worklist([self], path)

    def headline(self) -> str:
        """The account in one line."""
        kinds = " and ".join(counted(len(frame), SCHEMAS[kind].record, kind) for kind, frame in self.frames.items())
        records = counted(self.records_in, "record", "records")
        return f"{self.file}: {records} = {kinds} accepted + {grouped(len(self.quarantine))} quarantined."

    def by_rule(self) -> list[tuple[str, str, int]]:
        """Severity, rule and number of findings, the gravest and most frequent first."""
        counts = Counter(zip(self.findings["severity"], self.findings["rule"], strict=True))
        rows = [(severity, rule, count) for (severity, rule), count in counts.items()]
        return sorted(rows, key=lambda row: (SEVERITY.words.index(row[0]), -row[2], row[1]))

    def __repr__(self) -> str:
        lines = [self.headline(), *(f"  {count:>6,} {severity}: {rule}" for severity, rule, count in self.by_rule())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{severity}</td><td>{rule}</td><td style='text-align:right'>{count:,}</td></tr>"
            for severity, rule, count in self.by_rule()
        )
        head = "<tr><th>severity</th><th>rule</th><th>findings</th></tr>"
        table = f"<table>{head}{rows}</table>" if rows else "<p>Nothing was found.</p>"
        return f"<p><b>{html.escape(self.headline())}</b></p>{table}"
