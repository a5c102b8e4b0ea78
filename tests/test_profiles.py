"""Spellings of numbers and dates, and column profiles: what can be read in two ways is never read in one."""

from __future__ import annotations

import datetime
import math
import re
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hazardgeo.errors import FormatError, HazardgeoError
from hazardgeo.registers._formats._layer import RawFault, RawLayer
from hazardgeo.registers._formats._sheet import Sheet
from hazardgeo.registers._profiles import (
    UNITS,
    Profile,
    join_imsma,
    load_profile,
    match_columns,
    profile_text,
    profiles,
    read_joined,
)
from hazardgeo.schema import HAZARDS, PLAIN, RELEASES, SCHEMAS, Spelling, parse_cell, spelling_of
from hazardgeo.schema._locales import LOCALES
from hazardgeo.schema._spelling import EPOCH_MS, date_readings, number_readings, number_text

AREA, DATE = HAZARDS.column("declared_area_m2"), HAZARDS.column("date_of_information")
COUNT, SD, SOURCE = RELEASES.column("uxo"), HAZARDS.column("vertex_sd_m"), HAZARDS.column("source")
THIRTEENTH = datetime.date(2021, 4, 13)
MARKS = [(decimal, group) for decimal in ".," for group in ("", ".", ",", " ", "'") if decimal != group]


def write_profile(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


# --- numbers as text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("0", 0), ("1234.5", 1234.5), ("1234.567", 1234.567), ("0.123", 0.123), ("0,123", 0.123), ("12,34", 12.34),
        ("1.234.567", 1234567), ("1,234,567", 1234567), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("12 345", 12345),
        ("1 234 567,8", 1234567.8), ("1\u00a0234", 1234), ("1\u202f234,5", 1234.5), ("1\u2009234", 1234), ("1'234.5", 1234.5),
        ("1’234", 1234), ("1.234567e3", 1234.567), ("1,5E+03", 1500), ("1e5", 100000), (".5", 0.5), ("1.234e2", 123.4),
        (" 12 ", 12), ("١٢٣٤٫٥", 1234.5), ("۱٬۲۳۴", 1234), ("១២", 12),
    ],
)  # fmt: skip
def test_text_with_one_reading_is_taken(text: str, value: float) -> None:
    """Groups are of three digits and do not begin with a zero, which leaves one reading to each of these."""
    assert parse_cell(text, AREA).value == value
    assert isinstance(parse_cell(text, AREA).value, float)


@pytest.mark.parametrize(
    ("text", "readings"), [("1.234", "1.234 or 1234"), ("1,234", "1.234 or 1234"), ("12.000", "12 or 12000")]
)
def test_text_with_two_readings_is_refused(text: str, readings: str) -> None:
    rule, seen, remedy = parse_cell(text, AREA).fault or ("", "", "")
    assert rule == "number-ambiguous"
    assert seen == f"declared_area_m2 is '{text}', which is {readings}."
    assert "--locale" in remedy
    assert parse_cell(text, COUNT).fault[0] == "number-ambiguous"  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        "12 34",
        "1.23.456",
        "1,2,3",
        "nan",
        "inf",
        "-inf",
        "n/a",
        "-",
        "1_000",
        "5.",
        "1.234 567",
        "12,34,567",
        "0x1F",
        "1e999",
    ],
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    assert parse_cell(text, AREA).fault[0] == "number-unreadable"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "unit"), [("1.2 ha", "ha"), ("1200 m2", "m2"), ("1200m²", "m²"), ("5 dunum.", "dunum"), ("3 га", "га")]
)
def test_a_unit_in_the_cell_is_refused_and_named(text: str, unit: str) -> None:
    rule, _, remedy = parse_cell(text, AREA).fault or ("", "", "")
    assert rule == "number-unreadable"
    assert f"in {unit}, say so in a profile" in remedy
    assert parse_cell("3 pieces", COUNT).fault[2] == "Write the number alone."  # type: ignore[index]
    assert parse_cell("3 ha", AREA, factor=1e4).fault[2] == "Write the number alone."  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "marks", "value"),
    [("1.234", ",.", 1234), ("1,234", ",.", 1.234), ("1.234", ".,", 1.234), ("1 234", ", ", 1234), ("1234,5", ",", 1234.5),
     ("1'234", ".'", 1234), ("−3,5", ",.", -3.5)],
)  # fmt: skip
def test_a_stated_spelling_alone_is_read(text: str, marks: str, value: float) -> None:
    assert number_readings(text, Spelling(*marks)) == (value,)


def test_what_a_stated_spelling_does_not_write_is_refused_with_the_spelling() -> None:
    rule, _, remedy = parse_cell("12.34", AREA, spelling_of("hr")).fault or ("", "", "")
    assert rule == "number-unreadable"
    assert "',' before the fraction and '.' between thousands" in remedy
    assert "nothing between thousands" in parse_cell("1 234", AREA, Spelling(decimal=",")).fault[2]  # type: ignore[index]


def _written(value: float, decimals: int, decimal: str, group: str) -> str:
    whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", lambda _: group, whole)
    return ("-" if value < 0 else "") + grouped + (decimal + fraction if fraction else "")


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), st.sampled_from(MARKS))
def test_every_spelling_reads_back_and_nothing_else_is_taken(
    digits: int, decimals: int, marks: tuple[str, str]
) -> None:
    """A number written with stated marks reads back; read without them, its value is always among the readings."""
    value = digits / 10**decimals
    text = _written(value, decimals, *marks)
    assert number_readings(text, Spelling(*marks)) == (float(f"{value:.{decimals}f}"),)
    assert float(f"{value:.{decimals}f}") in number_readings(text)


@given(
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(10**15), 10**15)
    | st.integers(0, 10**6).map(lambda n: n / 1000)
)
def test_a_number_that_we_write_has_one_reading(value: float) -> None:
    assert number_readings(number_text(value)) == (value,)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for column in (AREA, COUNT, DATE, SOURCE):
        cell = parse_cell(text, column)
        assert cell.fault is None or all(cell.fault)
        assert cell.value is None or cell.fault is None


@pytest.mark.parametrize(
    ("marks", "told"),
    [({"decimal": ";"}, "decimal mark"), ({"decimal": ",", "group": "_"}, "between thousands"),
     ({"decimal": ",", "group": ","}, "both"), ({"group": "."}, "decimal mark too"), ({"dates": ("%d.%m",)}, "lacks"),
     ({"dates": ("%x",)}, "uses %x"), ({"dates": ("%Y",)}, "lacks")],
)  # fmt: skip
def test_a_spelling_that_cannot_be_is_refused(marks: dict[str, Any], told: str) -> None:
    with pytest.raises(HazardgeoError, match=told):
        Spelling(**marks)


# --- cells that are no text ------------------------------------------------------------------------------------------


def test_numbers_stored_as_numbers_are_taken_as_they_are() -> None:
    """1.234 as a number is 1.234 in any country: only text has a spelling."""
    for spelling in (PLAIN, spelling_of("hr")):
        assert parse_cell(1.234, AREA, spelling).value == 1.234
        assert parse_cell(1234, AREA, spelling).value == 1234
    assert parse_cell(3.0, COUNT).value == 3
    assert isinstance(parse_cell(3.0, COUNT).value, int)
    assert parse_cell(3.5, COUNT).fault[0] == "number-unreadable"  # type: ignore[index]
    assert parse_cell(-1, AREA).fault[0] == "number-out-of-range"  # type: ignore[index]


@pytest.mark.parametrize("cell", [True, False, math.inf, 10**400, THIRTEENTH, "True"])
def test_what_is_no_number_is_refused_in_a_column_of_numbers(cell: object) -> None:
    assert parse_cell(cell, AREA).fault[0] == "number-unreadable"  # type: ignore[index]


def test_a_number_that_a_spreadsheet_made_a_date_is_explained() -> None:
    assert "spreadsheet" in parse_cell(datetime.date(2021, 2, 1), AREA).fault[2]  # type: ignore[index]


@pytest.mark.parametrize("cell", [None, "", "  ", math.nan])
def test_an_empty_cell_is_empty(cell: object) -> None:
    assert parse_cell(cell, AREA).value is None
    assert parse_cell(cell, AREA).fault is None
    assert parse_cell(cell, HAZARDS.column("register")).fault[0] == "value-missing"  # type: ignore[index]


def test_binary_data_is_no_cell() -> None:
    assert parse_cell(b"\x00\x01", SOURCE).fault[0] == "cell-not-text"  # type: ignore[index]


def test_other_cells_become_text() -> None:
    assert [parse_cell(cell, SOURCE).value for cell in (7, True, THIRTEENTH)] == ["7", "True", "2021-04-13"]
    assert parse_cell(" a ", RELEASES.column("hazard_id")).value == " a "


def test_a_unit_is_brought_to_ours_before_the_range_is_checked() -> None:
    """1.2 ha = 12,000 m². 20,000 cm = 200 m is a vertex far off, and within the limit of 10,000 m that 20,000 m would break."""
    assert parse_cell("1.2", AREA, factor=UNITS["ha"].factor).value == 12_000
    assert parse_cell("20000", SD).fault[0] == "number-out-of-range"  # type: ignore[index]
    assert parse_cell("20000", SD, factor=UNITS["cm"].factor).value == 200


def test_units_are_those_of_their_definitions() -> None:
    """1 ft = 0.3048 m, so 1 ft² = 0.09290304 m²; 1 acre = 43,560 ft² = 4,046.8564224 m²."""
    assert UNITS["ft2"].factor == pytest.approx(0.09290304, rel=1e-15)
    assert UNITS["acre"].factor == pytest.approx(43_560 * 0.09290304, rel=1e-15)
    assert [UNITS[unit].factor for unit in ("m2", "ha", "km2", "dunum")] == [1, 10_000, 1_000_000, 1000]


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["2021-04-13", "20210413", "2021-04-13T23:59:59Z", "2021-04-13 00:30:00+02:00", "2021-04-13T23:30:00-05:00", THIRTEENTH,
     datetime.datetime(2021, 4, 13, 23, 30),  # noqa: DTZ001  (files hold times without a zone)
     datetime.datetime(2021, 4, 13, 0, 5, tzinfo=datetime.UTC), 20210413],
)  # fmt: skip
def test_a_day_is_the_one_that_is_written(cell: object) -> None:
    assert parse_cell(cell, DATE).value == THIRTEENTH
    assert type(parse_cell(cell, DATE).value) is datetime.date


@pytest.mark.parametrize(
    ("text", "seen", "remedy"),
    [
        ("13/04/2021", "perhaps 13 April 2021", 'dates = ["%d/%m/%Y"]'),
        ("03/04/2021", "4 March 2021 or 3 April 2021", 'dates = ["%d/%m/%Y"] or dates = ["%m/%d/%Y"]'),
        ("13. 04. 2021.", "perhaps 13 April 2021", 'dates = ["%d. %m. %Y."]'),
        ("2021/04/13", "perhaps 13 April 2021", 'dates = ["%Y/%m/%d"]'),
        ("04.04.2021", "4 April 2021", 'dates = ["%d.%m.%Y"] or'),
        ("31.02.2021", "'31.02.2021'.", "no such day"),
        ("2021", "'2021'.", "YYYY-MM-DD"),
        ("13042021", "'13042021'.", "YYYY-MM-DD"),
        ("13/04/21", "'13/04/21'.", "YYYY-MM-DD"),
        ("2023-02-29", "'2023-02-29'.", "no such day"),
        ("True", "'True'.", "YYYY-MM-DD"),
    ],
)
def test_a_date_in_no_stated_format_is_refused_with_the_format_to_state(text: str, seen: str, remedy: str) -> None:
    fault = parse_cell(text, DATE).fault or ("", "", "")
    assert fault[0] == "date-unreadable"
    assert seen in fault[1]
    assert remedy in fault[2]


@pytest.mark.parametrize("cell", [45000, 45000.0, "45000", 45000.75])
def test_a_day_number_of_a_spreadsheet_is_refused_with_its_day(cell: object) -> None:
    """Day 1 is 1 January 1900 and 1900 counts as a leap year: 43831 is 2020-01-01, so 45000 is 1169 days later, 2023-03-15."""
    assert datetime.date(2020, 1, 1) + datetime.timedelta(days=45000 - 43831) == datetime.date(2023, 3, 15)
    assert "2023-03-15" in parse_cell(cell, DATE).fault[2]  # type: ignore[index]


def test_milliseconds_are_read_where_that_is_stated() -> None:
    """2021-04-13 is 18,730 days after 1970-01-01: 51 years of 365 days, 13 leap days, 31 + 28 + 31 + 12 days."""
    assert 51 * 365 + 13 + 31 + 28 + 31 + 12 == 18_730
    moment = 18_730 * 86_400_000 + 5
    assert EPOCH_MS in parse_cell(moment, DATE).fault[2]  # type: ignore[index]
    for cell in (moment, str(moment), float(moment)):
        assert parse_cell(cell, DATE, Spelling(dates=(EPOCH_MS,))).value == THIRTEENTH
    assert parse_cell(45000, DATE, Spelling(dates=(EPOCH_MS,))).fault


def test_a_date_in_another_format_than_the_stated_is_refused_with_those() -> None:
    rule, seen, remedy = parse_cell("03/04/2021", DATE, Spelling(dates=("%d.%m.%Y",))).fault or ("", "", "")
    assert rule == "date-unreadable"
    assert "4 March 2021 or 3 April 2021" in seen
    assert remedy == "Stated are %d.%m.%Y. Write it in one of these, or as YYYY-MM-DD."


def test_two_stated_formats_that_disagree_are_refused() -> None:
    spelling = Spelling(dates=("%d/%m/%Y", "%m/%d/%Y"))
    assert "4 March 2021 or 3 April 2021" in parse_cell("03/04/2021", DATE, spelling).fault[1]  # type: ignore[index]
    assert parse_cell("13/04/2021", DATE, spelling).value == THIRTEENTH


@given(st.dates(datetime.date(1000, 1, 1)), st.sampled_from(sorted(LOCALES)))
def test_no_spelling_of_a_day_is_read_as_another(day: datetime.date, locale: str) -> None:
    """Written in any format of its language a day reads back, and read without one it is that day or none."""
    spelling = spelling_of(locale)
    for written in spelling.dates:
        text = day.strftime(written.replace("%Y", f"{day.year:04d}"))
        assert date_readings(text, spelling) == (day,)
        assert date_readings(text) in ((), (day,))
    assert date_readings(day.isoformat(), spelling) == (day,)


# --- locales ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "decimal", "group", "day"),
    [("hr", ",", ".", "13.04.2021."), ("bs-BA", ",", ".", "13. 4. 2021."), ("sr_Cyrl_RS", ",", ".", "13.4.2021"),
     ("uk", ",", " ", "13.04.2021"), ("km", ".", ",", "13/4/2021"), ("pt-MZ", ",", " ", "13/04/2021"),
     ("en-GB", ".", ",", "13/04/2021"), ("en-CA", ".", ",", "2021/04/13"), ("de_CH.UTF-8", ".", "'", "13.4.2021"),
     ("me", ",", ".", "13.4.2021"), ("es-PE", ".", ",", "13/4/2021")],
)  # fmt: skip
def test_a_locale_says_how_numbers_and_dates_are_written(locale: str, decimal: str, group: str, day: str) -> None:
    spelling = spelling_of(locale)
    assert (spelling.decimal, spelling.group) == (decimal, group)
    assert parse_cell(day, DATE, spelling).value == THIRTEENTH
    assert parse_cell(f"1{group}234", AREA, spelling).value == 1234


@pytest.mark.parametrize("locale", ["en", "th", "fa", "prs", "ps", "ar-SA"])
def test_a_language_of_several_orders_or_calendars_gives_none(locale: str) -> None:
    assert spelling_of(locale).dates == ()
    assert parse_cell("13/04/2021", DATE, spelling_of(locale)).fault


@pytest.mark.parametrize("locale", ["", "xx", "hr-FR", "english", "en-IN", "../hr"])
def test_an_unknown_locale_is_refused_with_the_list(locale: str) -> None:
    with pytest.raises(HazardgeoError, match=r"There is no locale .* ar, .*, vi"):
        spelling_of(locale)


def test_the_locales_are_those_of_cldr() -> None:
    """Every mark and every order against the data of CLDR itself, where the same version of it is at hand."""
    babel = pytest.importorskip("babel")
    if not hasattr(babel.core, "get_cldr_version") or babel.core.get_cldr_version() != "47":
        pytest.skip("another version of CLDR")
    alike = {"\u00a0": " ", "\u202f": " ", "\u2019": "'"}
    aliases = {
        "cnr": "sr_ME",
        "cnr-ME": "sr_ME",
        "me": "sr_ME",
        "prs": "fa_AF",
        "prs-AF": "fa_AF",
        "uz-AF": "uz_Arab_AF",
    }
    for code, (decimal, group, order) in LOCALES.items():
        locale = babel.Locale.parse(aliases.get(code, code.replace("-", "_")))
        marks = locale.number_symbols["latn"]
        assert (decimal, group) == (marks["decimal"], alike.get(marks["group"], marks["group"])), code
        assert locale.decimal_formats[None].pattern == "#,##0.###", code
        short = re.sub("'[^']*'", "", locale.date_formats["short"].pattern)
        assert order in ("", "".join(dict.fromkeys(re.sub("[^dMy]", "", short).lower()))), code


# --- names of columns ------------------------------------------------------------------------------------------------


def test_columns_named_nearly_as_ours_are_found() -> None:
    names = ["HAZARD-ID", "Work Status", "country", "Country ", "register.", "source_", "declared area m2", "x"]
    found = {"hazard_id": "HAZARD-ID", "country": "country", "register": "register.", "work_status": "Work Status",
             "declared_area_m2": "declared area m2", "source": "source_"}  # fmt: skip
    assert match_columns(names, HAZARDS) == found


def test_two_columns_that_could_be_meant_are_left() -> None:
    assert match_columns(["Hazard ID", "hazard-id"], HAZARDS) == {}
    assert match_columns([], HAZARDS) == {}


# --- a profile in use ------------------------------------------------------------------------------------------------


def test_an_empty_profile_is_our_own_way() -> None:
    profile = Profile()
    assert profile.theirs("hazard_id") == "hazard_id"
    assert profile.factor("declared_area_m2") == 1
    assert profile.spelling == PLAIN
    for cell in ("AP;UXO", " x ", None, 7, 1.5, b"\x00"):
        assert profile.translate("contamination", cell) is cell


def test_words_are_translated_and_unknown_ones_stay() -> None:
    """ć is one sign or two (c and an accent): both are the same word."""
    profile = Profile(
        terms={
            "classification": {"Sumnjivo područje": "SHA", "2": "CHA", "": "unstated"},
            "contamination": {"PPM": "AP", "sve": "AP;AV"},
        },
        separator=",",
    )
    assert profile.translate("classification", " SUMNJIVO područje") == "SHA"
    assert profile.translate("classification", "Sumnjivo podruc\u030cje") == "SHA"
    assert [profile.translate("classification", cell) for cell in (2, 2.0, "2")] == ["CHA"] * 3
    assert profile.translate("classification", None) == "unstated"
    assert profile.translate("classification", "other") == "other"
    assert profile.translate("contamination", "ppm, UXO,?") == "AP;UXO;?"
    assert profile.translate("contamination", "Sve") == "AP;AV"
    assert profile.translate("register", "PPM, sve") == "PPM, sve"


FULL = """
locale = "hr"
crs = "EPSG:3765"
encoding = "cp1250"
header_row = 2
layer = "Sheet1"
separator = ","
[about]
title = "mine"
grade = "read"
[spelling]
dates = ["%d.%m.%Y."]
[columns]
hazard_id = "OZNAKA"
declared_area_m2 = "POVRŠINA"
[columns.releases]
hazard_id = "MSP"
release_id = "OZNAKA"
[terms.work_status]
"otvoreno" = "open"
[constants]
register = "HRV-X"
country = "HRV"
vertex_sd_m = 5
[units]
declared_area_m2 = "ha"
vertex_sd_m = 0.5
[places]
x = "E"
y = "N"
vertex_types = ["TP"]
[route]
column = "VRSTA"
[route.hazards]
"MSP" = "SHA"
[route.releases]
"očišćeno" = "cleared"
"""


def test_a_profile_says_all_that_it_can(tmp_path: Path) -> None:
    profile = load_profile(write_profile(tmp_path, FULL))
    assert (profile.name, profile.kind, profile.crs, profile.encoding) == ("my", "", "EPSG:3765", "cp1250")
    assert (profile.header_row, profile.layer, profile.separator) == (2, "Sheet1", ",")
    assert profile.spelling == Spelling(",", ".", ("%d.%m.%Y.",))
    assert profile.theirs("hazard_id") == profile.theirs("hazard_id", "hazards") == "OZNAKA"
    assert profile.theirs("hazard_id", "releases") == "MSP"
    assert profile.theirs("declared_area_m2", "releases") == "POVRŠINA"
    assert profile.constants == {"register": "HRV-X", "country": "HRV", "vertex_sd_m": "5"}
    assert (profile.factor("declared_area_m2"), profile.factor("vertex_sd_m")) == (10_000, 0.5)
    assert (profile.places.x, profile.places.y, profile.places.vertex_types) == ("E", "N", ("TP",))
    assert profile.route is not None
    assert profile.route.column == "VRSTA"
    assert profile.route.words == {"MSP": ("hazards", "SHA"), "očišćeno": ("releases", "cleared")}
    assert profile.about.title == "mine"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colums = {}", "colums: is not a key. Use one of about"),
        ('kind = "minefields"', "kind: is 'minefields'. Use one of hazards"),
        ('[columns]\nhazardid = "x"', "columns.hazardid: there is no column 'hazardid' of ours. Use one of hazard_id"),
        ('[columns.releases]\nwork_status = "x"', "columns.releases.work_status: there is no column"),
        ('[columns]\nhazard_id = ["a", "b"]', "columns.hazard_id: is ['a', 'b']. Give the name of the one column"),
        ('[columns]\nhazard_id = "a"\nhazard_id = "b"', "is no TOML"),
        ('[terms.classification]\nx = "dangerous"', "'dangerous', which is no word of ours. Use one of CHA, SHA"),
        ('[terms.contamination]\nx = "AP;AT"', "'AT', which is no word of ours"),
        ('[terms.classification]\nmsp = "SHA"\nMSP = "CHA"', "'MSP' stands twice, as 'SHA' and as 'CHA'"),
        ('[terms.register]\nx = "y"', "terms.register: is no column of terms"),
        ('[terms.status]\nx = "open"', "terms.status: there is no column"),
        ('[terms]\nclassification = "SHA"', "Give a table"),
        ('[constants]\ncountry = "Croatia"', "constants.country: 'Croatia' cannot be used. Use the three-letter code"),
        ('[constants]\nwork_status = true', "constants.work_status: is True"),
        ('[constants]\nfoo = "x"', "constants.foo: there is no column"),
        (
            '[units]\ndeclared_area_m2 = "km"',
            "units.declared_area_m2: is 'km'. Use m2, ha, km2, dunum, dunam, jerib, ft2, acre, or a number",
        ),
        ('[units]\ndeclared_area_m2 = 0', "is 0. Give a number above 0"),
        ('[units]\ndeclared_area_m2 = nan', "is nan"),
        ('[units]\nuxo = "ha"', "units.uxo: is no number with a unit"),
        ('separator = "und"', "separator: is 'und'"),
        ('locale = "xx"', "locale: There is no locale 'xx'"),
        ('locale = "hr"\n[spelling]\ndecimal = "."', "locale: and spelling both say"),
        ('[spelling]\ndecimals = "."', "spelling.decimals: is not a key"),
        ('[spelling]\ngroup = "."', "spelling: The mark between thousands is '.'. Say the decimal mark too"),
        ('[spelling]\ndates = "%d.%m.%Y"', "spelling.dates: is '%d.%m.%Y'. Give a list"),
        ('[spelling]\ndates = ["%d.%m"]', "lacks day, month or year"),
        ('[places]\nlon = "x"', "places.lon: is not a key. Use one of wkt, x, y"),
        ('[places]\nx = 3', "places.x: is 3"),
        ('crs = "EPSG:1"', "crs: "),
        ('crs = 3765', "crs: is 3765. Give text in quotes"),
        ('encoding = "win"', "encoding: 'win' is none"),
        ('header_row = 0', "header_row: is 0"),
        ('header_row = "2"', "header_row: is '2'"),
        ('header_row = true', "header_row: is True"),
        ('[route]\ncolumn = "s"', "route: names no words"),
        ('[route.hazards]\n"a" = "SHA"', "route.column: is missing"),
        ('kind = "hazards"\n[route]\ncolumn = "s"', "route: says what each row is, and kind says 'hazards'"),
        ('[route]\ncolumn = "s"\n[route.hazards]\n"a" = "cleared"', "'cleared', which is no word of ours"),
        ('[route]\ncolumn = "s"\n[route.hazards]\n"a" = "SHA"\n[route.releases]\n"A" = "cleared"', "both a hazard and a release"),
        ('[join]\nrecords = "hazard"', "join.record_key: is missing"),
        ('[join]\nrecord = "hazard"', "join.record: is not a key"),
        ('[about]\ngrade = "certain"', "about.grade: is 'certain'. Use one of read, secondary, assumed"),
        ("= 3", "is no TOML"),
        ("a = " + "[" * 5000, "is no TOML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_profile_is_named_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = write_profile(tmp_path, text)
    with pytest.raises(HazardgeoError, match=f"^{re.escape(str(path))}: .*{re.escape(told.removeprefix('^'))}"):
        load_profile(path)


def test_a_profile_that_is_not_there_is_refused_with_the_list(tmp_path: Path) -> None:
    for given_name in ("imsma", tmp_path, tmp_path / "no.toml", "https://example.org/my.toml"):
        with pytest.raises(
            FormatError, match=r"There is no profile .* one of imsma-core, imsma-ng, imsma-ng-flat, samples"
        ):
            load_profile(given_name)
    latin = tmp_path / "latin.toml"
    latin.write_bytes('crs = "š"'.encode("cp1250"))
    with pytest.raises(FormatError, match="is not UTF-8 at byte 8"):
        load_profile(latin)
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * 1_000_001)
    with pytest.raises(FormatError, match="too large"):
        load_profile(big)


# --- the ready-made ones ---------------------------------------------------------------------------------------------


def test_every_ready_made_profile_loads_and_says_where_it_comes_from(tmp_path: Path) -> None:
    for row in profiles().itertuples():
        profile = load_profile(row.name)
        assert profile.about.title == row.what
        assert all((row.what, row.source, row.note))
        assert row.grade in ("read", "secondary", "assumed")
        copy = tmp_path / f"{row.name}.toml"
        copy.write_text(profile_text(row.name), encoding="utf-8")
        assert load_profile(copy) == profile
    with pytest.raises(HazardgeoError, match="There are imsma-core"):
        profile_text("mine")


def test_the_samples_profile_lists_every_column_of_hazards_and_releases() -> None:
    columns = load_profile("samples").columns
    assert all(ours == theirs for ours, theirs in columns.items())
    schemas = [SCHEMAS["hazards"], SCHEMAS["releases"]]
    assert set(columns) == {
        name for schema in schemas for name in (schema.index, *(column.name for column in schema.columns))
    }


# --- tables that are joined ------------------------------------------------------------------------------------------


def table(name: str, columns: str, *rows: str, faults: tuple[RawFault, ...] = ()) -> Sheet:
    """A table written as its columns and rows, cells between bars; the first row of cells is row 2."""
    cells: list[list[Any]] = [[cell.strip() or None for cell in row.split("|")] for row in rows]
    names = tuple(column.strip() for column in columns.split("|"))
    return Sheet(name, names, cells, tuple(range(2, len(rows) + 2)), faults, "made.xlsx")


SQUARE = [
    "{0} | t | 16.00 | 45.00 | 1",
    "{0} | t | 16.01 | 45.00 | 2",
    "{0} | t | 16.01 | 45.01 | 3",
    "{0} | t | 16.00 | 45.01 | 4",
]
WORDS = ["p | Polygon", "o | Point", "t | Turning point", "b | Benchmark", "c | CHA", "w | Worked on"]
POINT_COLUMNS = "geospatialinfo_guid | pointtypeenum_guid | longitude | latitude | pointno"


def square(shape: str) -> list[str]:
    return [row.format(shape) for row in SQUARE]


def imsma(
    hazards: list[str],
    links: list[str],
    shapes: list[str],
    points: list[str],
    faults: dict[str, tuple[RawFault, ...]] | None = None,
) -> dict[str, Sheet]:
    """The tables of a database; `faults` by the name of a table."""
    faults = faults or {}
    return {
        "hazard": table("hazard", "hazard_guid|hazard_localid|areatype_guid|status_guid", *hazards),
        "hazard_has_geospatialinfo": table(
            "hazard_has_geospatialinfo", "hazard_guid|geospatialinfo_guid", *links, faults=faults.get("links", ())
        ),
        "geospatialinfo": table(
            "geospatialinfo", "geospatialinfo_guid|shapeenum_guid|isactive", *shapes, faults=faults.get("shapes", ())
        ),
        "geopoint": table("geopoint", POINT_COLUMNS, *points, faults=faults.get("points", ())),
        "imsmaenum": table("imsmaenum", "imsmaenum_guid|enumvalue", *WORDS),
    }


def joined(*args: Any) -> RawLayer:
    return join_imsma(imsma(*args), load_profile("imsma-ng"))


def rules(raw: RawLayer, at: int | None) -> list[str]:
    return [fault.rule for fault in raw.faults if fault.at == at and fault.rule != "points-not-vertices"]


def test_a_hazard_is_put_together_from_its_tables() -> None:
    """Four corners out of order and a benchmark 1° off: the square of 0.01° by 0.01°, whose area in degrees is 1e-4."""
    points = [*reversed(square("s1")), "s1 | b | 15.00 | 45.00 | 0"]
    raw = joined(["g1 | L-1 | c | w"], ["g1 | s1"], ["s1 | p | true"], points)
    profile = load_profile("imsma-ng")
    assert (raw.count, raw.file, raw.layer, raw.row_number(0)) == (1, "made.xlsx", "hazard", 2)
    assert raw.shapes[0].normalize() == shapely.box(16, 45, 16.01, 45.01).normalize()
    assert raw.columns["hazard_localid"] == ["L-1"]
    assert profile.translate("classification", raw.columns[profile.theirs("classification")][0]) == "CHA"
    assert profile.translate("work_status", raw.columns[profile.theirs("work_status")][0]) == "worked_on"
    assert raw.crs is not None
    assert raw.crs.to_epsg() == 4326
    assert rules(raw, 0) in ([], ["points-reordered"])


def test_several_polygons_of_a_hazard_are_its_parts() -> None:
    other = [row.replace("16.0", "17.0") for row in square("s2")]
    raw = joined(["g1 | L-1 | c | w"], ["g1 | s1", "g1 | s2"], ["s1 | p | 1", "s2 | p | 1"], [*square("s1"), *other])
    assert len(shapely.get_parts(raw.shapes[0])) == 2
    assert raw.shapes[0].area == pytest.approx(2e-4, rel=1e-9)


def test_every_row_of_the_hazards_is_a_record() -> None:
    """Without a shape, without a key, and two of one shape: as many records as rows, and each shape is its own's."""
    raw = joined(
        ["g1 | L-1 | c | w", "g2 | L-2 | | ", " | L-3 | c | w", "g4 | L-4 | c | w"],
        ["g1 | s1", "g4 | s1", "g1 | s1"],
        ["s1 | p | true"],
        square("s1"),
    )
    assert raw.columns["hazard_localid"] == ["L-1", "L-2", "L-3", "L-4"]
    assert [shape is not None for shape in raw.shapes] == [True, False, False, True]
    assert raw.shapes[0].area == pytest.approx(1e-4, rel=1e-9)
    assert [fault for fault in raw.faults if fault.rule != "points-reordered"] == []


@pytest.mark.parametrize(
    ("links", "shapes", "points", "told"),
    [
        (
            ["g1 | s1", "g1 | s9"],
            ["s1 | p | 1"],
            square("s1"),
            "linked to the shape 's9', which is not in geospatialinfo",
        ),
        (["g1 | s1"], ["s1 | p | 1", "s1 | p | 1"], square("s1"), "'s1', which stands more than once"),
        (
            ["g1 | s1", "g1 | s2"],
            ["s1 | p | 1", "s2 | p | 1"],
            square("s1"),
            "the polygon 's2', of which no point is in geopoint",
        ),
        (["g1 | s1"], ["s1 | 7f-3a | 1"], square("s1"), "of a kind that is not known ('7f-3a')"),
        (["g1 | s1"], ["s1 | | 1"], square("s1"), "of a kind that is not known ('')"),
        (["g1 | s1"], ["s1 | p | 1"], square("s1")[:2], "point"),
        (["g1 | s1"], ["s1 | p | 1"], [*square("s1")[:3], "s1 | t | | 45.01 | 4"], "point"),
    ],
)
def test_an_outline_that_has_lost_a_part_is_not_drawn_from_the_rest(
    links: list[str], shapes: list[str], points: list[str], told: str
) -> None:
    """Drawn from what is left it would be too small. The other hazard keeps its outline."""
    raw = joined(
        ["g1 | L-1 | c | w", "g2 | L-2 | c | w"],
        [*links, "g2 | t1"],
        [*shapes, "t1 | p | 1"],
        [*points, *square("t1")],
    )
    assert raw.shapes[0] is None
    assert any(fault.at == 0 and told in fault.seen for fault in raw.faults)
    assert raw.shapes[1].area == pytest.approx(1e-4, rel=1e-9)
    assert not [fault for fault in raw.faults if fault.at == 1 and fault.rule.startswith("geometry")]


def test_a_key_of_two_hazards_gives_neither_an_outline() -> None:
    raw = joined(["g1 | L-1 | c | w", "g1 | L-2 | c | w"], ["g1 | s1"], ["s1 | p | 1"], square("s1"))
    assert list(raw.shapes) == [None, None]
    assert rules(raw, 0) == rules(raw, 1) == ["geometry-unreadable"]
    assert "rows 2, 3" in raw.faults[0].seen


def test_what_leads_nowhere_is_told_with_its_rows() -> None:
    raw = joined(
        ["g1 | L-1 | c | w"],
        ["g1 | s1", "g9 | s1"],
        ["s1 | p | 1"],
        [*square("s1"), "s7 | t | 16 | 45 | 1", " | t | 16 | 45 | 2"],
    )
    told = [fault.seen for fault in raw.faults if fault.rule == "join-leads-nowhere"]
    assert told == [
        "In the table hazard_has_geospatialinfo, 1 of 2 rows lead to no row of hazard: row 3.",
        "In the table geopoint, 2 of 6 rows lead to no row of geospatialinfo: rows 6, 7.",
    ]
    assert raw.shapes[0] is not None


def test_shapes_out_of_use_and_points_are_left_out_and_told() -> None:
    """A shape whose isactive is false, one that is a point; where isactive says neither yes nor no, it is drawn."""
    raw = joined(
        ["g1 | L-1 | c | w", "g2 | L-2 | c | w", "g3 | L-3 | c | w"],
        ["g1 | s1", "g1 | s2", "g2 | s3", "g3 | s1"],
        ["s1 | p | ?", "s2 | p | False", "s3 | o | 1"],
        [*square("s1"), *square("s2"), "s3 | t | 16 | 45 | 1"],
    )
    assert rules(raw, 0) == ["shape-inactive"]
    assert rules(raw, 1) == ["shape-no-polygon"]
    assert rules(raw, 2) == []
    assert [shape is not None for shape in raw.shapes] == [True, False, True]
    assert raw.shapes[0].area == pytest.approx(1e-4, rel=1e-9)


def test_a_broken_row_of_another_table_costs_the_hazard_that_rests_on_it() -> None:
    """The broken row of points is a corner of g1; that of the links names g2; g3 rests on none."""
    broken = RawFault(3, "row-broken", "It has 6 cells where the header has 5.", "Mend the row.")
    hidden = RawFault(0, "row-hidden", "The row is hidden.", "Show it.")
    raw = joined(
        ["g1 | L-1 | c | w", "g2 | L-2 | c | w", "g3 | L-3 | c | w"],
        ["g1 | s1", "g3 | s3", "g3 | s3", "g2 | s2"],
        ["s1 | p | 1", "s2 | p | 1", "s3 | p | 1"],
        [*square("s1"), *square("s2"), *square("s3")],
        {"points": (broken, hidden), "links": (broken,)},
    )
    assert [shape is not None for shape in raw.shapes] == [False, False, True]
    assert rules(raw, 0) == rules(raw, 1) == ["geometry-unreadable"]
    assert rules(raw, None) == ["join-table-fault"]
    assert "In the table geopoint, row 2: The row is hidden." in next(
        fault.seen for fault in raw.faults if fault.at is None
    )


def test_a_missing_table_or_column_is_refused_with_what_is_there() -> None:
    tables, profile = imsma(["g1 | L-1 | c | w"], [], [], []), load_profile("imsma-ng")
    with pytest.raises(FormatError, match="There is no table 'geopoint' beside these: hazard, "):
        join_imsma({name: sheet for name, sheet in tables.items() if name != "geopoint"}, profile)
    without = tables | {"geopoint": table("geopoint", "geospatialinfo_guid | longitude", "s1 | 16")}
    with pytest.raises(
        FormatError, match=r"the table 'geopoint' has no column 'latitude'. It has: geospatialinfo_guid, longitude"
    ):
        join_imsma(without, profile)
    with pytest.raises(HazardgeoError, match="joins no tables"):
        join_imsma(tables, Profile(name="mine"))


def test_tables_without_the_words_are_read_where_the_words_themselves_stand() -> None:
    """A view gives shapeenum instead of shapeenum_guid, and no table of words is needed."""
    tables = imsma(["g1 | L-1 | CHA | Open"], ["g1 | s1"], [], square("s1"))
    tables["Geospatialinfo"] = table("Geospatialinfo", "GEOSPATIALINFO_GUID | shapeenum | isactive", "s1 | polygon | t")
    del tables["imsmaenum"], tables["geospatialinfo"]
    tables["geopoint"] = table(
        "geopoint", POINT_COLUMNS, *(row.replace("| t |", "| Turning point |") for row in square("s1"))
    )
    assert join_imsma(tables, load_profile("imsma-ng")).shapes[0].area == pytest.approx(1e-4, rel=1e-9)


def write_tables(folder: Path, tables: dict[str, Sheet]) -> Path:
    folder.mkdir()
    for name, sheet in tables.items():
        rows = [sheet.columns, *([cell or "" for cell in row] for row in sheet.rows)]
        (folder / f"{name}.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return folder


KEYS = st.sampled_from(["1", "2", "3", ""])


@given(
    st.lists(KEYS, min_size=1, max_size=4),
    st.lists(st.tuples(KEYS, KEYS), max_size=5),
    st.lists(st.tuples(KEYS, st.sampled_from(["p", "o", "?"]), st.sampled_from(["1", "0"])), max_size=4),
    st.lists(KEYS, max_size=3),
)
def test_no_row_of_hazards_is_lost_and_no_outline_goes_without_a_word(
    hazards: list[str], links: list[tuple[str, str]], shapes: list[tuple[str, str, str]], drawn: list[str]
) -> None:
    """Whatever leads nowhere: as many records as rows, and a linked hazard without an outline has a finding."""
    raw = joined(
        [f"{key} | L-{n} | c | w" for n, key in enumerate(hazards)],
        [f"{hazard} | {shape}" for hazard, shape in links],
        [" | ".join(shape) for shape in shapes],
        [row for key in dict.fromkeys(drawn) for row in square(key)],
    )
    assert raw.count == len(hazards) == len(raw.shapes)
    assert raw.columns["hazard_localid"] == [f"L-{n}" for n in range(len(hazards))]
    for i, key in enumerate(hazards):
        if key and key in dict(links) and raw.shapes[i] is None:
            assert rules(raw, i)
    for shape in raw.shapes:
        assert shape is None or shape.area > 0


def test_a_folder_of_tables_is_read_and_nothing_else_in_it(tmp_path: Path) -> None:
    folder = write_tables(tmp_path / "export", imsma(["g1 | L-1 | c | w"], ["g1 | s1"], ["s1 | p | 1"], square("s1")))
    (folder / "victim.csv").write_bytes(b"\xff\xfe\x00 not to be read")
    raw = read_joined(folder, load_profile("imsma-ng"))
    assert raw.file == str(folder)
    assert raw.shapes[0].area == pytest.approx(1e-4, rel=1e-9)
    (folder / "HAZARD.txt").write_text("hazard_guid\n", encoding="utf-8")
    with pytest.raises(FormatError, match="holds the table 'hazard' twice"):
        read_joined(folder, load_profile("imsma-ng"))
    with pytest.raises(FormatError, match=r"hazard\.csv: is one table of several. Name the folder"):
        read_joined(folder / "hazard.csv", load_profile("imsma-ng"))


def test_a_workbook_of_tables_is_read(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, sheet in imsma(["g1 | L-1 | c | w"], ["g1 | s1"], ["s1 | p | 1"], square("s1")).items():
            page = book.add_worksheet(name)
            for n, row in enumerate([sheet.columns, *sheet.rows]):
                page.write_row(n, 0, row)
    assert read_joined(path, load_profile("imsma-ng")).shapes[0].area == pytest.approx(1e-4, rel=1e-9)


# --- what the documentation shows ------------------------------------------------------------------------------------

HOW_TO = Path(__file__).parents[1] / "docs" / "how_to" / "profiles.md"


def shown(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_worked_example_finds_what_it_says(tmp_path: Path) -> None:
    """Three cells of three records: one date, one word, one number. 1.75 ha = 17,500 m²."""
    from hazardgeo.registers import intake

    (tmp_path / "register.csv").write_text(shown("text")[0], encoding="utf-8")
    taken = intake(tmp_path / "register.csv", profile=write_profile(tmp_path, shown("toml")[0]))
    assert (taken.records_in, len(taken.records), len(taken.quarantine)) == (3, 3, 0)
    assert taken.records.loc["N-001", "declared_area_m2"] == 17_500
    assert taken.records.loc["N-001", "contamination"] == "AP;AV"
    assert taken.records["classification"].tolist() == ["SHA", "CHA", "unstated"]
    found = taken.findings[taken.findings["severity"] == "serious"]
    assert sorted(found["rule"]) == ["date-unreadable", "number-unreadable", "term-unknown"]
    for row in found.itertuples():
        assert f"    {row.record} (row {row.row}): {row.seen} {row.remedy}\n" in shown("text")[1]


def test_the_mixed_sheet_of_the_documentation_is_a_profile(tmp_path: Path) -> None:
    profile = load_profile(write_profile(tmp_path, shown("toml")[1]))
    assert (profile.theirs("hazard_id", "hazards"), profile.theirs("hazard_id", "releases")) == ("ID", "Area")
    assert profile.factor("depth_m") == 0.01


def test_every_ready_made_profile_is_in_the_documentation() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in text for name in profiles()["name"])
    assert all(f"`{unit}`" in text for unit in UNITS)
