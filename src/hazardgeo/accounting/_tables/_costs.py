"""What a square metre cost, currency by currency: money of two currencies is never added up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hazardgeo.accounting._tables._table import Area, Cell, Figure, Table
from hazardgeo.errors import HazardgeoError, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_NO_CURRENCY = "(currency not stated)"
_COLUMNS = ("group", "currency", "amounts", "amount", "released_m2", "cost_per_m2")


def cost_table(
    costs: pd.DataFrame,
    released_m2: Mapping[Any, float],
    *,
    by: str = "country",
    rates: Mapping[str, float] | None = None,
    into: str = "",
) -> Table:
    """Print the cost of a square metre released, by group and currency.

    Amounts of one currency are added up, those of different currencies never, unless you give the rates. An amount without a
    currency has a row of its own and is converted by no rate.

    Parameters
    ----------
    costs : pandas.DataFrame
        ``amount``, ``currency`` (a code such as EUR) and the column `by`.
    released_m2 : mapping
        Ground released [m²] by the values of `by`.
    by : str
        Column of `costs` to group by.
    rates : mapping of str to float, optional
        How many units of `into` one unit of each currency is. Say the day of the rates where you print the table.
    into : str
        Currency to convert into, with `rates`.

    Returns
    -------
    Table
        A row a group and currency: ``amounts`` (how many), ``amount``, ``released_m2``, ``cost_per_m2`` (NaN where nothing was
        released, or no amount is stated); with `rates`, rows of everything in one currency.

    Raises
    ------
    HazardgeoError
        If a column is missing, or a currency has no rate.

    References
    ----------
    ISO 4217 for the codes.

    Examples
    --------
    >>> import pandas as pd
    >>> costs = pd.DataFrame({"country": ["HRV", "HRV"], "amount": [100.0, 50.0], "currency": ["EUR", "USD"]})
    >>> print(cost_table(costs, {"HRV": 100.0}).to_frame()[["currency", "cost_per_m2"]].to_string(index=False))
    currency  cost_per_m2
         EUR          1.0
         USD          0.5
    """
    missing = {by, "amount", "currency"} - set(costs.columns)
    if missing:
        raise HazardgeoError(f"The costs have no column {named(sorted(missing))}. Add it.")
    money = costs.assign(currency=costs["currency"].fillna(_NO_CURRENCY).replace("", _NO_CURRENCY))
    rows = [_row(str(group), str(code), some, float(released_m2.get(group, math.nan)))
            for (group, code), some in money.groupby([by, "currency"], dropna=False, sort=True)]  # fmt: skip
    used = sorted(set(money["currency"]) - {_NO_CURRENCY})
    notes = _notes(money, used, rates, into)
    totals: tuple[int, ...] = ()
    if rates is not None:
        converted = _converted(money, used, rates, into)
        area = math.fsum(area for group, area in released_m2.items() if group in set(money[by]))
        totals = (len(rows),)
        rows.append(_row("All, converted", into, converted, area))
    header = (by.capitalize(), "Currency", "Amounts", "Amount", "Released m²", "Cost per m²")
    columns = (by, *_COLUMNS[1:])
    caption = "Cost of a square metre released, by currency"
    return Table(caption, header, tuple(rows), 2, "\n".join(notes), totals, columns, "costs")


def _row(group: str, code: str, some: pd.DataFrame, area_m2: float) -> tuple[Cell, ...]:
    stated = some["amount"].dropna()
    amount = math.fsum(stated) if len(stated) else math.nan
    cost = amount / area_m2 if area_m2 > 0 else math.nan
    return group, code, Figure(len(some)), Figure(amount, 2), Area(area_m2), Figure(cost, 4)


def _notes(money: pd.DataFrame, used: list[str], rates: Mapping[str, float] | None, into: str) -> list[str]:
    notes = []
    if len(used) > 1 and rates is None:
        notes.append(
            f"The amounts are in {len(used)} currencies ({', '.join(used)}) and are not added up. Give rates= to convert them."
        )
    if rates is not None:
        said = ", ".join(f"1 {code} = {rates[code]:g} {into}" for code in used if code in rates and code != into)
        notes.append(f"Converted into {into} at the rates given: {said or 'none were needed'}.")
    if (bare := int((money["currency"] == _NO_CURRENCY).sum())) > 0:
        notes.append(f"Amounts that state no currency: {bare}. They are in a row of their own and are never converted.")
    if (empty := int(money["amount"].isna().sum())) > 0:
        notes.append(f"Costs that state no amount: {empty}. They are counted, and are in no sum.")
    notes.append(
        "A cost holds what its giver counted into it: survey, overheads and quality control may be in one and not in another."
    )
    return notes


def _converted(money: pd.DataFrame, used: list[str], rates: Mapping[str, float], into: str) -> pd.DataFrame:
    lacking = [code for code in used if code not in rates and code != into]
    if lacking or not into:
        raise HazardgeoError(
            f"There is no rate into {into or '(no currency named)'} for {named(lacking)}. Give rates= for every currency, and "
            f"into=."
        )
    known = money[money["currency"] != _NO_CURRENCY]
    factors = np.array([1.0 if code == into else float(rates[code]) for code in known["currency"]])
    return known.assign(amount=known["amount"].to_numpy(dtype=float) * factors)
