"""Land release that balances: what is left of each hazard, the balance of a period, and how fast it goes."""

from hazardgeo.accounting._balance import Balance, balance, balances
from hazardgeo.accounting._forecast import Forecast, forecast
from hazardgeo.accounting._over_time import over_time
from hazardgeo.accounting._remaining import Remaining, remaining

__all__ = ["Balance", "Forecast", "Remaining", "balance", "balances", "forecast", "over_time", "remaining"]
