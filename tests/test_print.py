"""Areas as they are printed, against published totals, exact units and the Unicode CLDR."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from babel.numbers import get_decimal_symbol
from babel.units import format_unit
from hypothesis import given
from hypothesis import strategies as st

import hazardgeo as hz
from hazardgeo import constants
from hazardgeo.errors import HazardgeoError
from hazardgeo.measure import print_area, print_large_area
from hazardgeo.measure._print import NARROW, UNITS
from hazardgeo.registers._profiles import UNITS as PROFILE_UNITS

LANGUAGES = [
    "en",
    "bs",
    "hr",
    "sr",
    "sr-Latn",
    "sr-Cyrl",
    "sq",
    "mk",
    "ru",
    "uk",
    "kk",
    "ky",
    "tg",
    "uz",
    "tk",
    "az",
    "hy",
    "ka",
]
LANGUAGES += ["km", "lo", "vi", "th", "fr", "de"]
FOOT = Fraction(3048, 10_000)


def plain(text: str) -> str:
    return text.replace(NARROW, "_")


def test_the_areas_of_zimbabwe_at_the_end_of_2014_are_summed_before_they_are_rounded():
    """Six belts, as published: 62,991,706 m² in all, "just under 63 km²"; / 2.589988110336 = 24.3212 mi². Their km² to two
    decimals would be 28.03 + 13.60 + 15.00 + 5.00 + 0.81 + 0.56 = 63.00.
    """
    belts = [28_025_706, 13_600_000, 15_000_000, 5_000_000, 806_000, 560_000]
    total = math.fsum(belts)
    assert plain(hz.format_area(total)) == "62_991_706 m²"
    assert hz.format_area(total, unit="km2", total=True) == "62.99 km²"
    assert hz.format_area(total, unit="mi2", total=True) == "24.32 mi²"
    assert sum(float(hz.format_area(one, unit="km2", total=True).split()[0]) for one in belts) == pytest.approx(63.0)


@pytest.mark.parametrize(
    ("value_m2", "unit", "written"),
    [
        (892_381.4, "m2", "892_381 m²"),
        (892_381.4, "ha", "89.24 ha"),
        (892_381.4, "km2", "0.892 km²"),
        (892_381.4, "mi2", "0.345 mi²"),  # 0.34455: three digits, as 0.892 has
        (1_740_000, "mi2", "0.6718 mi²"),  # four digits, as 1.740 has
        (2_589_988.110336, "mi2", "1.000 mi²"),
        (40_468.564224, "acre", "10.00 acre"),
        (12_345, "dunam", "12.35 dunam"),  # half to even, of 12.345 in binary
        (30_000, "jerib", "15.00 jerib"),
        (1000, "km2", "0.001 km²"),
        (0, "km2", "0.000 km²"),
        (-1500, "m2", "-1_500 m²"),
    ],
)
def test_units_by_hand(value_m2, unit, written):
    assert plain(hz.format_area(value_m2, unit=unit)) == written


def test_a_small_area_is_not_written_as_nothing():
    """A spot of 30 m² is 0.00003 km² and 0.0000116 mi²; with three decimals both would read 0."""
    assert hz.format_area(30, unit="km2") == "0.00003 km²"
    assert hz.format_area(30, unit="mi2") == "0.00001 mi²"
    assert hz.format_area(30, unit="ha", total=True) == "0.003 ha"
    assert plain(print_area(30)) == "30 m² = 0.00003 km² = 0.00001 mi²"
    assert hz.format_area(0.4, unit="km2") == "0.000 km²"  # as 0 m²: m² have no decimals


def test_units_are_exact_and_are_those_of_the_profiles():
    """1 mi = 5280 ft, 1 acre = 43,560 ft²; a metric dunam is a tenth of a hectare, a jerib of Afghanistan a fifth."""
    assert Fraction(str(constants.M2_PER_MI2.value)) == (5280 * FOOT) ** 2
    assert Fraction(str(constants.M2_PER_ACRE.value)) == 43_560 * FOOT**2
    assert Fraction(str(constants.M2_PER_FT2.value)) == FOOT**2
    assert constants.M2_PER_DUNAM.value * 10 == constants.M2_PER_JERIB.value * 5 == constants.M2_PER_HA.value
    assert 68_790 * constants.M2_PER_JERIB.value == 13_758 * constants.M2_PER_HA.value  # as the ministry states both
    for name, unit in UNITS.items():
        if name != "mi2":  # which no register was seen to use
            assert unit.m2 == PROFILE_UNITS[name].factor


@pytest.mark.parametrize("language", LANGUAGES)
def test_decimal_marks_and_letters_are_those_of_the_cldr(language):
    locale = language.replace("-", "_")
    written = hz.format_area(1_234_567_000, unit="km2", language=language)
    number, sign = written.split(" ")
    assert number == f"1{NARROW}234{get_decimal_symbol(locale)}567"
    if language not in ("az", "uz", "tk", "hy", "ka", "lo", "th"):  # letters of their own; m² is read there as well
        for unit, cldr in (("m2", "square-meter"), ("ha", "hectare"), ("km2", "square-kilometer")):
            sign = hz.format_area(1, unit=unit, language=language).split(" ")[1]
            assert format_unit(1, f"area-{cldr}", length="short", locale=locale).endswith(sign)


def test_nothing_is_written_for_what_was_not_measured():
    for unit in UNITS:
        assert hz.format_area(math.nan, unit=unit) == "not measured"
    assert print_area(math.nan) == print_large_area(math.nan) == "not measured"


def test_what_cannot_be_written_is_refused():
    with pytest.raises(HazardgeoError, match="Use one of m2, ha, km2, mi2, acre, dunam, jerib"):
        hz.format_area(1, unit="sq km")
    with pytest.raises(HazardgeoError, match="no locale 'tlh'"):
        hz.format_area(1, language="tlh")
    with pytest.raises(HazardgeoError, match="infinite"):
        hz.format_area(math.inf)


@given(st.floats(0.5, 1e12), st.sampled_from(list(UNITS)), st.sampled_from(LANGUAGES), st.booleans())
def test_what_is_written_reads_back(value_m2, unit, language, total):
    """To half of the last digit; never as 0; and without a mark that another language reads as a decimal one."""
    number = hz.format_area(value_m2, unit=unit, language=language, total=total).split(" ")[0].replace(NARROW, "")
    assert number.count(",") + number.count(".") <= 1
    number = number.replace(",", ".")
    last = 10.0 ** -len(number.partition(".")[2])
    assert float(number) > 0
    assert abs(float(number) - value_m2 / UNITS[unit].m2) <= last / 2 * (1 + 1e-9) + 1e-12 * value_m2


@given(st.floats(2e3, 1e11), st.booleans())
def test_square_miles_have_as_many_digits_as_their_square_kilometres(value_m2, total):
    written = [hz.format_area(value_m2, unit=unit, total=total).split(" ")[0] for unit in ("km2", "mi2")]
    digits = [len("".join(sign for sign in one if sign.isdigit()).lstrip("0")) for one in written]
    assert digits[0] == digits[1] or float(written[0].replace(NARROW, "")) == 0
