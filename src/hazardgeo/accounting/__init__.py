"""Land release that balances: what is left, the balance of a period, how fast it goes, and the tables that a year ends in."""

from hazardgeo.accounting._balance import Balance, balance, balances
from hazardgeo.accounting._forecast import Forecast, forecast
from hazardgeo.accounting._over_time import over_time
from hazardgeo.accounting._remaining import Remaining, remaining
from hazardgeo.accounting._tables._balances import balance_table, plan_table
from hazardgeo.accounting._tables._belt import BorderBelt, border_belt
from hazardgeo.accounting._tables._cluster_munitions import cluster_munition_table
from hazardgeo.accounting._tables._contamination import contamination_table
from hazardgeo.accounting._tables._costs import cost_table
from hazardgeo.accounting._tables._draw import release_figure, remaining_figure
from hazardgeo.accounting._tables._methods import area_methods_table
from hazardgeo.accounting._tables._mined_areas import mined_area_table
from hazardgeo.accounting._tables._programme import (
    Programme,
    programme_states_table,
    programme_table,
    read_programme,
)
from hazardgeo.accounting._tables._released import release_table
from hazardgeo.accounting._tables._table import Area, Figure, Table
from hazardgeo.accounting._tables._treaties import treaty_status
from hazardgeo.accounting._tables._workbook import write_workbook
from hazardgeo.accounting._tables._year import year_tables
from hazardgeo.accounting._tables._year_files import YearTables

__all__ = [
    "Area",
    "Balance",
    "BorderBelt",
    "Figure",
    "Forecast",
    "Programme",
    "Remaining",
    "Table",
    "YearTables",
    "area_methods_table",
    "balance",
    "balance_table",
    "balances",
    "border_belt",
    "cluster_munition_table",
    "contamination_table",
    "cost_table",
    "forecast",
    "mined_area_table",
    "over_time",
    "plan_table",
    "programme_states_table",
    "programme_table",
    "read_programme",
    "release_figure",
    "release_table",
    "remaining",
    "remaining_figure",
    "treaty_status",
    "write_workbook",
    "year_tables",
]
