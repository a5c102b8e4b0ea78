"""Column profiles: how the columns, words, units, numbers and dates of a register map onto ours."""

from __future__ import annotations

from hazardgeo.registers._profiles._imsma import join_imsma, read_joined
from hazardgeo.registers._profiles._load import load_profile
from hazardgeo.registers._profiles._match import match_columns
from hazardgeo.registers._profiles._profile import About, Join, Profile, Route
from hazardgeo.registers._profiles._ready import profile_text, profiles
from hazardgeo.registers._profiles._units import UNITS

__all__ = [
    "UNITS",
    "About",
    "Join",
    "Profile",
    "Route",
    "join_imsma",
    "load_profile",
    "match_columns",
    "profile_text",
    "profiles",
    "read_joined",
]
