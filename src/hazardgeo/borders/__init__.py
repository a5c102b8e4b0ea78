"""Borders as data, and every question that has two sides."""

from hazardgeo.borders._counted import CountOnce, RegisterTotal, count_once, overlaps
from hazardgeo.borders._load import SOURCES, embedded, load, read, write
from hazardgeo.borders._relation import relation
from hazardgeo.borders._seam import datum_seams
from hazardgeo.borders._set import BorderSet
from hazardgeo.borders._split import side_totals, split_by_country

__all__ = [
    "SOURCES",
    "BorderSet",
    "CountOnce",
    "RegisterTotal",
    "count_once",
    "datum_seams",
    "embedded",
    "load",
    "overlaps",
    "read",
    "relation",
    "side_totals",
    "split_by_country",
    "write",
]
