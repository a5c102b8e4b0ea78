"""What lies where. Shares are of the way along the border from its southern end near the Adriatic to its eastern one.

From 0.20 to 0.59 the border runs over land, and what lies across it lies there; further on it is the Una and the Sava,
and outlines keep to their bank.
"""

from __future__ import annotations

import numpy as np

from . import chains, crossings
from .chains import Cluster
from .drafts import Draft, Scene
from .ground import Ground

_BANK_M = 160.0
CLUSTERS = (
    Cluster(0.045, 1.2, 21, 0, 12, 6),
    Cluster(0.245, 0.6, 19, 5, 14, 10),
    Cluster(0.300, -2.5, 22, -12, 0, 14),
    Cluster(0.365, 1.0, 19, 15, 16, 10),
    Cluster(0.420, 0.4, 21, -8, 14, 12),
    Cluster(0.470, 0.8, 24, 6, 18, 15),
    Cluster(0.505, -6.0, 21, 20, 0, 14),
    Cluster(0.548, 0.2, 26, -5, 14, 12),
    Cluster(0.604, 2.5, 22, 8, 18, 0, _BANK_M),
    Cluster(0.615, -2.5, 19, -10, 0, 12, _BANK_M),
    Cluster(0.655, 1.0, 21, -10, 13, 11, _BANK_M),
    Cluster(0.705, -4.0, 21, 5, 0, 13, _BANK_M),
    Cluster(0.845, 3.0, 26, -6, 18, 7, _BANK_M),
    Cluster(0.930, 2.5, 22, 10, 16, 6, _BANK_M),
    Cluster(0.345, 16.0, 22, 25, 14, 0),
    Cluster(0.620, 14.0, 24, -20, 14, 0),
    Cluster(0.880, 20.0, 26, 12, 14, 0),
    Cluster(0.270, -22.0, 22, 10, 0, 12),
    Cluster(0.400, -14.0, 21, -18, 0, 9),
    Cluster(0.580, -12.0, 21, 15, 0, 10),
)
# Register, place, reach into both countries [m], width [m]. Where the two embedded lines differ by less than half a
# kilometre, the long ones reach beyond the offset of the coarser one as well.
BELTS = (
    ("BIH", 0.390, 3700, 330), ("HRV", 0.350, 3600, 280), ("BIH", 0.330, 3500, 300), ("HRV", 0.230, 3500, 260),
    ("BIH", 0.239, 560, 150), ("BIH", 0.262, 820, 190), ("BIH", 0.357, 650, 170), ("BIH", 0.412, 900, 210),
    ("BIH", 0.464, 480, 130), ("BIH", 0.471, 640, 150), ("BIH", 0.556, 540, 140), ("HRV", 0.251, 600, 160),
    ("HRV", 0.302, 740, 180), ("HRV", 0.369, 560, 140), ("HRV", 0.424, 680, 170), ("HRV", 0.461, 460, 120),
    ("HRV", 0.551, 580, 150),
)  # fmt: skip
_LAND = ((0.235, 0.260), (0.290, 0.310), (0.355, 0.375), (0.408, 0.432), (0.452, 0.482), (0.535, 0.566))
_TWICE, _PARTLY, _MET = 13, 5, 4
_INSIDE = (("BIH", True), ("BIH", False), ("BIH", False), ("HRV", False), ("HRV", True))
_STOP_DEAD = {"BIH": 9, "HRV": 8}
_CLEARED_BY = ("HRV", "HRV", "BIH", "HRV")
_HOSTS = {"BIH": 38, "HRV": 30}
_PARTS, _HOLES = {"BIH": 5, "HRV": 4}, {"BIH": 4, "HRV": 3}


def hazards(ground: Ground, rng: np.random.Generator) -> list[Draft]:
    """Make all hazards of both registers, in the order of their ids.

    Parameters
    ----------
    ground : Ground
    rng : numpy.random.Generator

    Returns
    -------
    list of Draft
    """
    scene = Scene(ground, rng)
    # What needs a place on the line itself comes first; the chains keep clear of it.
    for belt in BELTS:
        crossings.add_belt(scene, *belt)
    _at_the_line(scene)
    for cluster in CLUSTERS:
        chains.add_chain(scene, cluster)
    chains.add_parts_and_holes(scene, _PARTS, _HOLES)
    chains.add_confirmed_inside(scene, _HOSTS)
    # Registers number records as they come in, district by district: near ones have near numbers, not the same order.
    place = [ground.line.project(draft.shape.centroid) + rng.normal(0, 4000) for draft in scene.drafts]
    return [scene.drafts[k] for k in np.argsort(place, kind="stable")]


def _at_the_line(scene: Scene) -> None:
    for k, (code, cleared) in enumerate(_INSIDE):
        crossings.add_confirmed_in_suspected(scene, code, _LAND[k % len(_LAND)], cleared=cleared)
    for k in range(_TWICE):
        cleared_by = _CLEARED_BY[k] if k < len(_CLEARED_BY) else ""
        crossings.add_twice(scene, _LAND[k % len(_LAND)], cleared_by=cleared_by)
    for k in range(_PARTLY):
        crossings.add_partly_twice(scene, _LAND[(k + 1) % len(_LAND)])
    for k in range(_MET):
        crossings.add_stop_dead(scene, "BIH", _LAND[(k + 2) % len(_LAND)], continued=True)
    for code, count in _STOP_DEAD.items():
        for k in range(count):
            crossings.add_stop_dead(scene, code, _LAND[k % len(_LAND)], continued=False)
