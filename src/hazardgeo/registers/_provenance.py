"""How each record came to WGS 84: what was done here, and what it says of before."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.measure import counted

if TYPE_CHECKING:
    from hazardgeo.crs import DatumOperation
    from hazardgeo.registers._account import Account

_TEXTS = ("source_crs", "datum_operation")
_ACCURACY = "datum_accuracy_m"
_OURS = re.compile(r"; PROJ [\d.]+, EPSG v[\d.]+\)$")


def provenance(account: Account, data: dict[str, Any], operation: DatumOperation, count: int) -> dict[str, Any]:
    """Fill the columns of provenance.

    A file that hazardgeo wrote carries what was done before. That history is kept, an accuracy that is not known included, also
    where other software has laid the file into another grid since: the way from the old datum is still the worst step of it.
    In a grid, such columns may speak of something else, so that only what is written as hazardgeo writes it is believed.

    Parameters
    ----------
    account : Account
        Is told where what a record said gives way.
    data : dict of str to array
        Columns of the usable records.
    operation : DatumOperation
        By which they came to WGS 84 just now.
    count : int
        How many there are.

    Returns
    -------
    dict of str to ndarray
    """
    blank = np.full(count, "", dtype=object)
    said = {name: data.get(name, blank) for name in _TEXTS}
    carried = np.asarray(data.get(_ACCURACY, np.full(count, np.nan)), dtype=float)
    keep = np.array([all(bool(said[name][i]) for name in _TEXTS) for i in range(count)], dtype=bool)
    if not operation.nothing_done:
        keep &= np.array([_OURS.search(str(said["datum_operation"][i])) is not None for i in range(count)], dtype=bool)
    keep &= not operation.old_datum
    some = np.array([any(bool(said[name][i]) for name in _TEXTS) for i in range(count)], dtype=bool)
    lost = (some | np.isfinite(carried)) & ~keep
    if lost.any():
        _tell(account, said, lost)
    own = math.nan if operation.accuracy_m is None else operation.accuracy_m
    before = np.where(keep | operation.old_datum, carried, np.nan_to_num(carried))
    columns = {
        name: np.array([said[name][i] if keep[i] else mine for i in range(count)], dtype=object)
        for name, mine in zip(_TEXTS, (operation.source_crs, operation.name), strict=True)
    }
    return {**columns, _ACCURACY: np.full(count, own) if operation.old_datum else own + before}


def _tell(account: Account, said: dict[str, Any], lost: Any) -> None:
    first = int(np.flatnonzero(lost)[0])
    words = " ".join(filter(None, (said[name][first] for name in _TEXTS))) or "an accuracy alone"
    seen = (
        f"{counted(int(lost.sum()), 'record says', 'records say')} something of an earlier way to WGS 84 ({words}), which is "
        "not whole, or was undone since. What was done now stands in its place."
    )
    account.add_file("provenance-replaced", seen, "Read the file that was written first, or fill the three columns.")
