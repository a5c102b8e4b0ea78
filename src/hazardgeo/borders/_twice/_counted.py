"""Ground of several registers, counted once."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hazardgeo.borders._seam import largest_seam_m
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import counted, print_large_area
from hazardgeo.overlay import CLASSES, Measured, ground_once
from hazardgeo.schema import Shown, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

IN_BOTH, IN_SEVERAL, ONCE = "in both registers", "in two registers or more", "counted once"


@dataclass(frozen=True)
class RegisterTotal:
    """One register's own totals, areas in m².

    `declared_m2` sums what records declare, and `declared_records` says how many of them declare anything; `net_m2` is
    ground covered, counted once within the register. `unmeasured` records have no outline and are in no area.
    """

    register: str
    records: int
    unmeasured: int
    declared_records: int
    declared_m2: float
    sum_m2: float
    net_m2: float


@dataclass(frozen=True)
class ClassTotal:
    """One class of one register, or of all of them together (`register` is then *counted once*), areas in m².

    `once_m2` is ground counted under this class and no other: what a confirmed hazardous area covers is no longer suspected
    ground, and what either covers is no longer of unstated class. The three classes sum to the ground counted once. `sum_m2` sums
    the records as they are, whatever else covers their ground.
    """

    register: str
    classification: str
    records: int
    unmeasured: int
    sum_m2: float
    once_m2: float


@dataclass(frozen=True, repr=False)
class CountOnce(Shown):
    """The totals of several registers, the ground that more than one reports, and all ground counted once [m²].

    `a` and `b` are the first two registers, `others` any further ones. `seam_m` is how far their ways to WGS 84 disagree
    (`datum_seams`): an overlap no wider than that says nothing.
    """

    a: RegisterTotal
    b: RegisterTotal
    overlap_m2: float
    once_m2: float
    seam_m: float
    others: tuple[RegisterTotal, ...] = ()
    classes: tuple[ClassTotal, ...] = ()

    @property
    def registers(self) -> tuple[RegisterTotal, ...]:
        """The totals of every register, in the order in which they were given."""
        return (self.a, self.b, *self.others)

    @property
    def sentences(self) -> list[str]:
        """What they come to: added up, and counted once."""
        each = self.registers
        names = ", ".join(one.register for one in each)
        records = counted(sum(one.records for one in each), "record", "records")
        if math.isnan(self.overlap_m2):
            return [f"{names}: {records}. What they have in common is not known: a register has no outline."]
        summed = math.fsum(one.sum_m2 for one in each)
        return [
            f"{names}: {records}; {print_large_area(summed)} if added up, {print_large_area(self.once_m2)} counted once. "
            f"{print_large_area(self.overlap_m2)} of it is in {'two registers or more' if self.others else 'both'}."
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row for each register, one for ground in more than one and one for ground counted once; areas in m²."""
        import pandas as pd

        each = self.registers
        together = {
            "records": sum(one.records for one in each),
            "unmeasured": sum(one.unmeasured for one in each),
            "sum_m2": math.fsum(one.sum_m2 for one in each),
            "net_m2": self.once_m2,
        }
        shared = {"register": IN_SEVERAL if self.others else IN_BOTH, "net_m2": self.overlap_m2, "seam_m": self.seam_m}
        table = pd.DataFrame([*map(asdict, each), shared, {"register": ONCE, **together}]).set_index("register")
        counts = ["records", "unmeasured", "declared_records"]
        return table.astype(dict.fromkeys(counts, "Int64"))

    def by_class(self) -> pd.DataFrame:
        """One row for each class of each register, and of all of them counted once; areas in m²."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.classes]).set_index(["register", "classification"])


def count_once(*registers: gpd.GeoDataFrame) -> CountOnce:
    """Count the ground of several registers once, with each register's own total beside it.

    On the ground: how much land there is to survey or clear, whoever reports it. Nothing is taken out of any register. What one
    register reports in another place than its neighbour (`moved_twins`) counts twice here too.

    Parameters
    ----------
    *registers : geopandas.GeoDataFrame
        Two registers or more: polygons with a CRS, a unique index and the column ``register``; ``declared_area_m2`` and
        ``classification`` where known.

    Returns
    -------
    CountOnce
        Declared and measured totals of each, the ground in two or more of them, and the once-only total, each measured on its
        own; by class in `CountOnce.by_class`.

    Raises
    ------
    HazardgeoError
        If there are not two registers.
    CRSError, GeometryError, SchemaError
        If a register cannot be measured, an id stands twice, or ``register`` is missing.

    Notes
    -----
    Ground under records of several classes counts as CHA before SHA before *unstated*: a confirmed area inside a suspected one
    takes its ground out of the suspected total, and out of no sum of records.

    References
    ----------
    docs/explanation/counted_twice.md of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> a = gpd.GeoDataFrame({"register": ["A"]}, geometry=[shapely.box(16, 45, 16.02, 45.01)], crs="EPSG:4326")
    >>> counted = count_once(a, a.assign(register="B"))
    >>> round(counted.once_m2 / counted.a.net_m2, 9)
    1.0
    """
    if len(registers) < 2:
        raise HazardgeoError("Ground is counted once over two registers or more. Give another, or ask for net_area_m2.")
    for frame in registers:
        require(frame, "register")
    measured = [Measured.of(frame, k) for k, frame in enumerate(registers)]
    ground = ground_once(Measured.joined(measured), len(registers), len(CLASSES))
    nested, once = ground.nested, ground.by_rank
    totals = [_total(*one) for one in zip(registers, measured, nested[:-1, -1], strict=True)]
    known = not any(math.isnan(one.net_m2) for one in totals)
    classes = [row for one in zip(totals, measured, once[:-1], strict=True) for row in _class_totals(*one)]
    together = once[-1] if known else np.full(len(CLASSES), math.nan)
    return CountOnce(
        totals[0],
        totals[1],
        ground.shared_m2 if known else math.nan,
        float(nested[-1, -1]) if known else math.nan,
        float(np.max([largest_seam_m(a, b) for a, b in combinations(registers, 2)])),  # NaN where one is not known
        others=tuple(totals[2:]),
        classes=(*classes, *_together(classes, together)),
    )


def _total(frame: gpd.GeoDataFrame, measured: Measured, net_m2: float) -> RegisterTotal:
    total = measured.sum_m2()
    return RegisterTotal(
        " + ".join(sorted(str(name) for name in frame["register"].unique())) or "(empty)",
        len(frame),
        measured.unmeasured(),
        *_declared(frame),
        total,
        math.nan if math.isnan(total) else float(net_m2),
    )


def _declared(frame: gpd.GeoDataFrame) -> tuple[int, float]:
    if "declared_area_m2" not in frame.columns:
        return 0, math.nan
    stated = frame["declared_area_m2"].dropna()
    return len(stated), math.fsum(stated) if len(stated) else math.nan


def _class_totals(total: RegisterTotal, measured: Measured, once_m2: NDArray[np.float64]) -> Iterator[ClassTotal]:
    for k, (word, once) in enumerate(zip(CLASSES, once_m2, strict=True)):
        mine = measured.rank == k
        summed, missing = measured.sum_m2(mine), measured.unmeasured(mine)
        known = not math.isnan(summed)
        yield ClassTotal(total.register, word, int(mine.sum()), missing, summed, float(once) if known else math.nan)


def _together(classes: list[ClassTotal], once_m2: NDArray[np.float64]) -> Iterator[ClassTotal]:
    for word, once in zip(CLASSES, once_m2, strict=True):
        each = [one for one in classes if one.classification == word]
        records, missing = sum(one.records for one in each), sum(one.unmeasured for one in each)
        known = [one.sum_m2 for one in each if not math.isnan(one.sum_m2)]
        unmeasured = records > 0 and missing == records
        summed = math.nan if unmeasured else math.fsum(known)
        yield ClassTotal(ONCE, word, records, missing, summed, math.nan if unmeasured else float(once))
