"""Which hazards come first, by criteria and weights that are in sight."""

from hazardgeo.priority._rank import rank, ranking
from hazardgeo.priority._ranking import Ranking
from hazardgeo.priority._sensitivity import Sensitivity, sensitivity

__all__ = ["Ranking", "Sensitivity", "rank", "ranking", "sensitivity"]
