"""Which hazards come first, by criteria and weights that are in sight."""

from hazardgeo.priority._accidents import accidents_near
from hazardgeo.priority._border_access import BorderAccess, border_access
from hazardgeo.priority._crossings import frontage_at_crossings_m
from hazardgeo.priority._impact import impact_score
from hazardgeo.priority._joint import rank_joint
from hazardgeo.priority._land import land_under_m2
from hazardgeo.priority._near import distance_m
from hazardgeo.priority._rank import rank, ranking
from hazardgeo.priority._ranking import Ranking
from hazardgeo.priority._sensitivity import Sensitivity, sensitivity

__all__ = [
    "BorderAccess",
    "Ranking",
    "Sensitivity",
    "accidents_near",
    "border_access",
    "distance_m",
    "frontage_at_crossings_m",
    "impact_score",
    "land_under_m2",
    "rank",
    "rank_joint",
    "ranking",
    "sensitivity",
]
