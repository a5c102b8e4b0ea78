"""Results show themselves, as text and in a notebook; a user's text is never markup."""

import geopandas as gpd
import pytest
import shapely
from by_hand import hazards_of, meridian_border

import hazardgeo as hz

HOSTILE = "<img src=x onerror=alert(1)>"
BOXES = shapely.box(15.99, 45, 16.01, 45.01), shapely.box(15.98, 45, 16.0, 45.01)


def results():
    a, b = (hazards_of(box, register=name).set_axis([name]) for box, name in zip(BOXES, (HOSTILE, "B"), strict=True))
    dates = {"kind": ["cleared"] * 3, "completed_on": ["2021-05-01", "2022-05-01", "2023-05-01"], "depth_m": 0.2}
    strips = [shapely.box(15.99 + k / 1000, 45, 15.991 + k / 1000, 45.01) for k in range(3)]
    releases = gpd.GeoDataFrame(
        {"hazard_id": [HOSTILE] * 3, "register": HOSTILE, **dates}, geometry=strips, crs="EPSG:4326"
    )
    dated = a.assign(date_of_information="2020-01-01")
    border = meridian_border(5.0)
    return {
        "count_once": hz.borders.count_once(a, b),
        "frontage": hz.borders.frontage(a, border, within_m=500),
        "joint_tasks": hz.borders.joint_tasks(a, b, border, within_m=500),
        "status_at": hz.borders.status_at(shapely.Point(15.995, 45.005), a),
        "remaining": hz.accounting.remaining(dated, releases, on="2024-01-01"),
        "balance": hz.accounting.balance(dated, releases, year=2022, by="register"),
        "forecast": hz.accounting.forecast(dated, releases, on="2024-01-01"),
        "table": hz.depots.table("Finland"),
    }


@pytest.mark.parametrize("name", results())
def test_a_result_shows_what_it_comes_to_and_its_table(name):
    result = results()[name]
    text, page = repr(result), result._repr_html_()
    assert result.sentences
    assert all(sentence in text for sentence in result.sentences)
    assert str(result.to_frame().columns[-1]) in text
    assert "<table" in page
    assert "<img" not in page


def test_figures_stand_without_an_exponent():
    """A box of 0.02° by 0.01° at 45° N is about 1.75 km², 1 752 000 m²."""
    text = repr(hz.borders.count_once(*(hazards_of(box, register=name) for box, name in zip(BOXES, "AB", strict=True))))
    assert "e+0" not in text
    assert " 175" in text
