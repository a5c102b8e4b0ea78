"""Geodesic area and perimeter, and what belongs to them."""

from hazardgeo.measure._area import area_km2, area_m2, area_mi2, perimeter_m
from hazardgeo.measure._bulk import Measures, measure_column, measure_rings
from hazardgeo.measure._polygons import geodesic_area_m2, wgs84_polygons
from hazardgeo.measure._print import counted, format_area, grouped, print_area, print_km2, print_large_area
from hazardgeo.measure._traverse._book import Leg, traverse
from hazardgeo.measure._traverse._errors import SurveyErrors
from hazardgeo.measure._traverse._value import Traverse

__all__ = [
    "Leg",
    "Measures",
    "SurveyErrors",
    "Traverse",
    "area_km2",
    "area_m2",
    "area_mi2",
    "counted",
    "format_area",
    "geodesic_area_m2",
    "grouped",
    "measure_column",
    "measure_rings",
    "perimeter_m",
    "print_area",
    "print_km2",
    "print_large_area",
    "traverse",
    "wgs84_polygons",
]
