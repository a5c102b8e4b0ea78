"""Maps that open without internet and let nothing out."""

from hazardgeo.maps._hazard_map import hazard_map
from hazardgeo.maps._offline import MapError

__all__ = ["MapError", "hazard_map"]
