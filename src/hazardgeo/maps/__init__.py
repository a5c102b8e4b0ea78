"""Maps that open without internet and let nothing out."""

from hazardgeo.maps._hazard_map import hazard_map
from hazardgeo.maps._literal import literal

__all__ = ["hazard_map", "literal"]
