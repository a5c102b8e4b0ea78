"""Where a layer is on the ground: its CRS, and the one operation that brings it to WGS 84."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hazardgeo.crs import WGS84, DatumOperation, misplaced, same_crs, successor, to_wgs84
from hazardgeo.errors import CRSError, GeometryError
from hazardgeo.measure import area_m2
from hazardgeo.overlay import fault_in_words
from hazardgeo.registers._edges import straight_edges
from hazardgeo.registers._rules import zone_prefix
from hazardgeo.registers._rules._exchanged import exchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyproj
    from numpy.typing import NDArray

    from hazardgeo.registers._account import Account

_SAY_CRS = (
    'Say crs="EPSG:…" (hazardgeo check: --crs EPSG:…; hazardgeo report: --crs FILE=EPSG:…), the system that the coordinates '
    "were recorded in."
)


def layer_crs(account: Account, given: pyproj.CRS | None) -> pyproj.CRS | None:
    """The CRS of a layer, as it says or as was given; without one, no record of it can be used."""
    raw = account.raw
    if any(fault.at is None and fault.rule == "crs-conflict" for fault in raw.faults):
        return None  # the file has contradicted itself already
    if raw.crs is None and given is None:
        unread = f"The file names its CRS in no way that is read here ({raw.unread_crs})." if raw.unread_crs else ""
        account.add_file("crs-missing", unread or "The file names no CRS.", _SAY_CRS)
    elif raw.crs is not None and given is not None and _is_successor(given, raw.crs):
        return given
    elif raw.crs is not None and given is not None and not same_crs(raw.crs, given):
        seen = f"The file says {raw.crs.name!r} and {given.name!r} was given."
        account.add_file("crs-conflict", seen, "Correct the file, or do not say crs= (command: --crs).")
        return None
    elif given is None:
        for i in raw.without_crs:
            seen = "The record names no CRS, and others of the file do."
            account.add(i, "crs-missing", seen, f"Name it as the others do. {_SAY_CRS}")
    return raw.crs if given is None else given


def _is_successor(given: pyproj.CRS, named: pyproj.CRS) -> bool:
    """Whether what was given is what the register has in the place of the deprecated CRS that the file names."""
    later = successor(named)
    return later is not None and same_crs(later, given)


def place(
    account: Account,
    shapes: NDArray[np.object_],
    crs: pyproj.CRS,
    vertex_sd_m: Sequence[float | None] | None,
    operation: str | None = None,
) -> DatumOperation | None:
    """Bring the usable shapes to WGS 84, in place; a record that cannot be there costs only itself.

    Parameters
    ----------
    account : Account
    shapes : ndarray of shapely geometries
        In `crs`; those that can be used are in WGS 84 afterwards.
    crs : pyproj.CRS
    vertex_sd_m : sequence of float or None
        Standard deviation of a vertex, by record [m].
    operation : str, optional
        Code of the operation to take.

    Returns
    -------
    DatumOperation or None
        None where no record could be placed.
    """
    if not len(good := account.good):
        return None
    # First, as eastings without the zone's number may make the whole layer fail.
    for hit in zone_prefix(shapes[good], crs):
        account.add(int(good[hit.at]), "zone-prefix", hit.seen, hit.remedy)
    try:
        found = _to_wgs84(account, shapes, crs, operation)
    except CRSError as error:
        _refuse(account, error)
        return None
    if found is None:
        return None
    placed, done = found
    good = account.good
    sd = None if vertex_sd_m is None else [vertex_sd_m[i] for i in good]
    for k, departure in straight_edges(shapes[good], crs, sd):
        seen = f"A straight edge of its source CRS lies {departure:.1f} m from the geodesic."
        account.add(int(good[k]), "edge-not-geodesic", seen, "Add points along the long edge in the source.")
    shapes[good] = placed
    if not done.nothing_done:
        _check_still_valid(account, placed)
    for k in _beyond_measure(placed):
        seen = "It runs round a pole, or half round the globe, and has no area that could be told."
        account.add(int(good[k]), "place-impossible", seen, "Check its coordinates against the source.")
    for remark in done.remarks:
        account.add_file("datum-operation", remark, "Compare them with hazardgeo.compare_datum_operations.")
    return done


def _check_still_valid(account: Account, placed: NDArray[np.object_]) -> None:
    """Where parts only touch, the last digits decide: valid as recorded, such a shape may no longer be so in its place."""
    good = account.good
    for k in np.flatnonzero(~shapely.is_valid(placed)).tolist():
        where = fault_in_words(shapely.is_valid_reason(placed[k]))
        seen = f"Its outline is valid as recorded, and no longer once it is brought to WGS 84: {where}."
        account.add(int(good[k]), "geometry-broken", seen, "Where parts or holes only touch, join them or part them.")


def _beyond_measure(placed: NDArray[np.object_]) -> Iterator[int]:
    """Shapes so wide that they cannot be measured; what is accepted must be."""
    import geopandas as gpd

    west, _, east, _ = shapely.bounds(placed).T
    for k in np.flatnonzero((east - west >= 180) & (shapely.get_dimensions(placed) == 2)):
        try:
            area_m2(gpd.GeoSeries([placed[k]], crs=WGS84))
        except GeometryError:
            yield int(k)


def _to_wgs84(
    account: Account, shapes: NDArray[np.object_], crs: pyproj.CRS, operation: str | None
) -> tuple[NDArray[np.object_], DatumOperation] | None:
    """None where every record that was left stands the wrong way round."""
    if not len(good := account.good):
        return None
    try:
        return to_wgs84(shapes[good], crs, account.raw.file, operation)
    except CRSError:
        if _tell_exchanged(account, shapes, crs):
            return _to_wgs84(account, shapes, crs, operation)
        wrong = misplaced(shapes[good], crs)
        if not wrong or len(wrong) > len(good) / 2:  # then it is the CRS that is wrong, not a record
            raise
        for k, seen in wrong.items():
            account.add(int(good[k]), "place-impossible", seen, "Check its coordinates against the source.")
        return to_wgs84(shapes[account.good], crs, account.raw.file, operation)


def _tell_exchanged(account: Account, shapes: NDArray[np.object_], crs: pyproj.CRS) -> bool:
    """Quarantine the records whose two coordinates stand the wrong way round, and say whether there were any."""
    good = account.good
    hits = list(exchanged(shapes[good], crs))
    for hit in hits:
        if hit.at is None:
            account.add_file("place-swapped", hit.seen, hit.remedy)
        else:
            account.add(int(good[hit.at]), "place-swapped", hit.seen, hit.remedy)
    return bool(hits)


def _refuse(account: Account, error: CRSError) -> None:
    seen = str(error).removeprefix(f"{account.raw.file}: ")
    account.add_file("crs-refused", f"{seen[0].upper()}{seen[1:]}", "")
