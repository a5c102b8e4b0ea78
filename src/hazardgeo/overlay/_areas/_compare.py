"""One area by several methods, side by side."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hazardgeo.crs import Grid, national_grid
from hazardgeo.errors import CRSError, named
from hazardgeo.measure import format_area, geodesic_area_m2, grouped, wgs84_polygons
from hazardgeo.overlay._areas._choice import best_choice
from hazardgeo.overlay._areas._planar import mercator_m2, planar_m2, utm_label, utm_m2, utm_zones, with_geodesic_edges

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from hazardgeo.overlay._areas._choice import ProjectionChoice

GEODESIC, EQUAL_AREA, UTM, GRID = "geodesic", "equal_area", "utm", "national_grid"
STRAIGHT, DECLARED, MERCATOR = "national_grid_straight", "declared", "web_mercator"


@dataclass(frozen=True, eq=False, repr=False)
class AreaComparison:
    """Areas of the same records by several methods.

    Parameters
    ----------
    areas_m2 : pandas.DataFrame
        One row a record, on the frame's index, and a column a method [m²]: ``geodesic``, the reference; ``equal_area``; ``utm``,
        each record in its zone; ``national_grid`` and ``national_grid_straight`` where one was named; ``declared`` where records
        declare any; ``web_mercator``, as a warning. NaN where a method has no figure.
    utm_zone : pandas.Series
        EPSG code of the zone of each record; empty text where there is none.
    equal_area : ProjectionChoice or None
        The equal-area plane; None where no row has a geometry, or no plane holds the whole frame.
    national_grid : str
        Code and name of the grid; empty text without one.
    """

    areas_m2: pd.DataFrame
    utm_zone: pd.Series[str]
    equal_area: ProjectionChoice | None
    national_grid: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row for each record and method: ``area_m2``, and ``difference_m2`` and ``difference_ppm`` against the geodesic."""
        import pandas as pd

        off_m2, off_ppm = self._off()
        records, methods = self.areas_m2.index, list(self.areas_m2.columns)
        index = pd.MultiIndex.from_arrays(
            [records.repeat(len(methods)), np.tile(methods, len(records))], names=[records.name or "record", "method"]
        )
        columns = {
            "area_m2": self.areas_m2.to_numpy().ravel(),
            "difference_m2": off_m2.ravel(),
            "difference_ppm": off_ppm.ravel(),
        }
        return pd.DataFrame(columns, index=index)

    def by_method(self) -> pd.DataFrame:
        """One row a method, over the records that it has a figure for.

        ``records``, ``sum_m2``, ``difference_m2`` and ``difference_ppm`` of the sum against their geodesic sum, and the least and
        the most of a single record, ``least_ppm`` and ``most_ppm``.
        """
        import pandas as pd

        off_m2, off_ppm = self._off()
        rows = []
        for k, method in enumerate(self.areas_m2.columns):
            known = ~np.isnan(off_m2[:, k])
            row: dict[str, Any] = {"method": method, "records": int(known.sum())}
            if known.any():
                total, off = math.fsum(self.areas_m2[method].to_numpy()[known]), math.fsum(off_m2[known, k])
                least, most = off_ppm[known, k].min(), off_ppm[known, k].max()
                row |= {"sum_m2": total, "difference_m2": off, "difference_ppm": off / (total - off) * 1e6}
                row |= {"least_ppm": least, "most_ppm": most}
            rows.append(row)
        columns = ["method", "records", "sum_m2", "difference_m2", "difference_ppm", "least_ppm", "most_ppm"]
        return pd.DataFrame(rows, columns=columns).set_index("method")

    def _off(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What each area has more than the geodesic one [m², parts per million]."""
        values = self.areas_m2.to_numpy(dtype=float)
        off = values - values[:, :1]
        return off, off / values[:, :1] * 1e6

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to print, and what each other method is good for, one sentence each."""
        table = self.by_method()
        if not _of(table, GEODESIC, "records"):
            return ("No record has a geometry: nothing was measured.",)
        total = format_area(_of(table, GEODESIC, "sum_m2"))
        said = [
            f"Print the geodesic areas, {total} in all: they rest on no projection, and records of two countries add up."
        ]
        if self.national_grid:
            said.append(
                f"Beside them print those in {self.national_grid} where that country's authority reports in it: "
                f"{_off(table, GRID)}. Its own figures take edges as straight lines of the grid: {_off(table, STRAIGHT)}."
            )
        if DECLARED in table.index and _of(table, DECLARED, "records"):
            said.append(
                f"Declared areas are the official ones and stand as they are ({_off(table, DECLARED)}); `area_discrepancy` says "
                "which of them do not fit their outlines."
            )
        if _of(table, UTM, "records"):
            said.append(f"UTM, each record in its zone, is not equal-area: {_off(table, UTM)}.")
        if _of(table, MERCATOR, "records"):
            times = 1 + _of(table, MERCATOR, "difference_ppm") / 1e6
            said.append(
                f"Never print areas from Web Mercator, the plane of web maps: here {times:.2f} times the true ones."
            )
        return tuple(said)

    @property
    def sentence(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        return f"{self.by_method().to_string(float_format=lambda value: grouped(value, 1))}\n{self.sentence}"

    def _repr_html_(self) -> str:
        return f"{self.by_method().round(1).to_html()}<p>{html.escape(self.sentence)}</p>"


def compare_area_methods(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, national_grid: Any = None) -> AreaComparison:
    """Measure each polygon by several methods, and say which figure to print.

    It shows how much the method matters; it says nothing of how well an outline was surveyed (`area_uncertainty_m2`).

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or geopandas.GeoSeries
        Polygons with a CRS; ``declared_area_m2`` where known.
    national_grid : str, int or pyproj.CRS, optional
        The grid of a country's authority, such as ``"EPSG:3765"``, on a datum that agrees with WGS 84.

    Returns
    -------
    AreaComparison
        Areas by method, differences from the geodesic one in m² and parts per million (`AreaComparison.to_frame`), totals
        (`AreaComparison.by_method`), and a plain sentence on which to print.

    Raises
    ------
    CRSError
        If the frame has no CRS, or one that needs a datum operation; if the grid is none, is on a datum that needs one, or is
        made for other ground than a record's.
    GeometryError
        As `area_m2`.

    Notes
    -----
    In every plane edges are geodesics, split to 100 m before they are laid, so that only the projection differs. The exception is
    ``national_grid_straight``: an authority that measures in its grid takes the straight line of the grid between two recorded
    points, and a figure that is to agree with its own must do so too. A record is measured in the zone of UTM that the middle of
    its box lies in, without the exceptions about Norway and Svalbard.

    References
    ----------
    docs/explanation/areas.md of this project. C. F. F. Karney (2013), Algorithms for geodesics, J. Geodesy 87, 43-55,
    doi:10.1007/s00190-012-0578-z.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> frame = gpd.GeoSeries([shapely.box(19.0, 44.8, 19.1, 44.9)], index=["a"], crs="EPSG:4326")
    >>> compared = compare_area_methods(frame, national_grid="EPSG:3765")
    >>> compared.by_method()["difference_ppm"].round(-1)
    method
    geodesic                       0.0
    equal_area                    -0.0
    utm                         -220.0
    national_grid                800.0
    national_grid_straight       800.0
    web_mercator              989680.0
    Name: difference_ppm, dtype: float64
    """
    import pandas as pd

    grid = None if national_grid is None else _grid(national_grid)
    polygons = wgs84_polygons(frame)
    present = polygons[~shapely.is_missing(polygons)]
    choice, zones = best_choice(present), utm_zones(polygons)
    split, nothing = with_geodesic_edges(polygons), np.full(len(polygons), np.nan)
    areas = {
        GEODESIC: geodesic_area_m2(polygons),
        EQUAL_AREA: planar_m2(split, choice.forward) if choice else nothing,
        UTM: utm_m2(split, zones),
    }
    if grid:
        _refuse_elsewhere(grid, polygons, frame.index)
        areas |= {
            GRID: planar_m2(split, grid.forward),
            STRAIGHT: planar_m2(polygons, grid.forward),
        }
    if "declared_area_m2" in getattr(frame, "columns", ()):
        areas[DECLARED] = frame["declared_area_m2"].to_numpy(dtype=float, na_value=np.nan)
    areas[MERCATOR] = mercator_m2(split)
    labels = pd.Series([utm_label(zone) for zone in zones.tolist()], index=frame.index, name="utm_zone", dtype=object)
    return AreaComparison(pd.DataFrame(areas, index=frame.index), labels, choice, grid.label if grid else "")


_grid = national_grid  # which the parameter of that name would hide


def _refuse_elsewhere(grid: Grid, polygons: NDArray[Any], index: pd.Index[Any]) -> None:
    there = ~shapely.is_missing(polygons)
    far = np.zeros(len(polygons), dtype=bool)
    far[there] = grid.far_from(polygons[there])
    if far.any():
        raise CRSError(
            f"{named(index[far])}: far outside the area that {grid.label} is made for, where its areas mean nothing. Name the "
            "grid of the country that they lie in, or compare them apart."
        )


def _of(table: pd.DataFrame, method: str, column: str) -> float:
    return float(table[column].to_numpy()[table.index.get_loc(method)])


def _off(table: pd.DataFrame, method: str) -> str:
    """How far a method is off, from record to record: one figure where all are off alike."""
    ends = [_of(table, method, column) for column in ("least_ppm", "most_ppm")]
    low, high = (f"{'+' if end >= 0.5 else ''}{grouped(end)}" for end in ends)
    return f"{low} ppm" if low == high else f"{low} to {high} ppm"
