"""The public surface: what is there, how it is documented, and what an import costs."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import hazardgeo as hz
from docs.conf import every_constant
from hazardgeo.schema import SCHEMAS
from hazardgeo.sources import Grade, Source
from hazardgeo.vocabulary import VOCABULARIES

NAMES = [
    "AreaComparison",
    "BorderSet",
    "Doctor",
    "Intake",
    "Leg",
    "Limits",
    "Measures",
    "ProjectionChoice",
    "SurveyErrors",
    "Thresholds",
    "Traverse",
    "area_discrepancy",
    "area_km2",
    "area_m2",
    "area_mi2",
    "area_uncertainty_m2",
    "bring_to_wgs84",
    "choose_equal_area",
    "combine",
    "compare_area_methods",
    "compare_datum_operations",
    "doctor",
    "evidence_areas",
    "export",
    "find_datum_shifts",
    "format_area",
    "hazard_map",
    "intake",
    "literal",
    "measure_column",
    "measure_rings",
    "net_area_by",
    "net_area_m2",
    "perimeter_m",
    "profile_text",
    "profiles",
    "read_hazards",
    "read_releases",
    "repair_geometry",
    "rules",
    "sample_data",
    "status_at",
    "traverse",
    "write",
    "write_demo",
    "write_report",
    "write_worklist",
]
BORDER_NAMES = [
    "BorderSet",
    "ClassTotal",
    "CountOnce",
    "Frontage",
    "GapAndOverlap",
    "JointTasks",
    "RegisterTotal",
    "StatusAt",
    "Where",
    "by_register",
    "compare",
    "conflicts",
    "count_once",
    "datum_seams",
    "disputed_areas",
    "embedded",
    "enclaves",
    "find_continuations",
    "frontage",
    "gap_and_overlap",
    "joint_tasks",
    "load",
    "matrix",
    "moved_twins",
    "over_pairs",
    "overlaps",
    "pairs",
    "read",
    "relation",
    "side_totals",
    "split_by_country",
    "stacked",
    "status_at",
    "tripoints",
    "unite",
    "where",
    "write",
]
ACCOUNTING_NAMES = [
    "Area",
    "Balance",
    "BorderBelt",
    "Figure",
    "Forecast",
    "Programme",
    "Remaining",
    "Table",
    "YearTables",
    "area_methods_table",
    "balance",
    "balance_table",
    "balances",
    "border_belt",
    "cluster_munition_table",
    "contamination_table",
    "cost_table",
    "forecast",
    "mined_area_table",
    "over_time",
    "plan_table",
    "programme_states_table",
    "programme_table",
    "read_programme",
    "release_figure",
    "release_table",
    "remaining",
    "remaining_figure",
    "treaty_status",
    "write_workbook",
    "year_tables",
]
DEPOT_NAMES = [
    "DistanceTable",
    "Rule",
    "inside_zones",
    "largest_quantity_kg",
    "read_table",
    "safety_distance_m",
    "safety_zones",
    "table",
    "zone_sides",
    "zones_in_common",
]
FUNCTIONS = [getattr(hz, name) for name in NAMES] + [getattr(hz.borders, name) for name in BORDER_NAMES]
FUNCTIONS += [getattr(hz.accounting, name) for name in ACCOUNTING_NAMES]
FUNCTIONS += [getattr(hz.depots, name) for name in DEPOT_NAMES]
FUNCTIONS = [one for one in FUNCTIONS if inspect.isfunction(one)]
HEAVY = (
    "geopandas",
    "pandas",
    "numpy",
    "shapely",
    "pyproj",
    "pyogrio",
    "rasterio",
    "folium",
    "branca",
    "jinja2",
    "matplotlib",
)


LATE = ("folium", "numba", "rasterio", "pyogrio", "pyarrow", "python_calamine", "xlsxwriter", "mgrs", "matplotlib")


def test_the_public_names_are_these():
    modules = {"accounting", "borders", "constants", "depots", "errors", "vocabulary"}
    assert sorted(set(hz.__all__) - modules - {"__version__"}) == NAMES
    assert sorted(set(hz.borders.__all__) - {"SOURCES"}) == BORDER_NAMES
    assert sorted(hz.accounting.__all__) == ACCOUNTING_NAMES
    assert sorted(hz.depots.__all__) == DEPOT_NAMES
    assert set(dir(hz)) == set(hz.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'clear'"):
        hz.clear  # noqa: B018


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_every_public_function_is_documented_whole(function):
    text = inspect.getdoc(function)
    parameters = inspect.signature(function).parameters
    needed = ("Parameters", "Returns", "Raises", "References", "Examples") if parameters else ("Returns", "Examples")
    for section in needed:
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section
    for name in parameters:
        assert name in text.split("Parameters\n")[1].split("Returns\n")[0], name


@pytest.mark.parametrize("module", ["hazardgeo", "hazardgeo.cli"])
def test_import_loads_nothing_heavy(module):
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    "module", ["hazardgeo.registers", "hazardgeo.borders", "hazardgeo.accounting", "hazardgeo.report"]
)
def test_nothing_loads_folium_or_rasterio_before_it_is_used(module):
    code = f"import sys, {module}; print([m for m in {LATE!r} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_every_term_and_constant_says_where_it_comes_from():
    sources = [term.source for vocabulary in VOCABULARIES for term in vocabulary.terms]
    sources += [constant.source for constant in every_constant()]
    assert all(source.citation.strip() for source in sources)
    assert all(source.label.endswith("(unverified default)") == (source.grade is Grade.ASSUMED) for source in sources)


def test_a_source_cannot_be_made_without_citation_or_grade():
    with pytest.raises(ValueError, match="needs a citation"):
        Source(" ", Grade.READ)
    with pytest.raises(ValueError, match="hearsay"):
        Source("somebody", "hearsay")  # type: ignore[arg-type]


def test_words_and_columns_stand_once():
    for vocabulary in VOCABULARIES:
        assert len(set(vocabulary.words)) == len(vocabulary.words)
    for schema in SCHEMAS.values():
        names = [column.name for column in schema.columns]
        assert len(set(names)) == len(names)


def test_the_readme_names_every_column_and_its_python_runs(tmp_path, monkeypatch, capsys):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for schema in SCHEMAS.values():
        for column in (schema.index, *(column.name for column in schema.columns)):
            assert f"`{column}`" in readme, column
    monkeypatch.chdir(tmp_path)
    exec(readme.split("```python\n")[1].split("```")[0], {})  # noqa: S102  (the ten lines that a newcomer runs)
    assert "crossing" in capsys.readouterr().out
    assert (tmp_path / "map.html").stat().st_size > 100_000
    rows = readme.split("```csv\n")[1].split("```")[0]
    (tmp_path / "small.csv").write_text(rows, encoding="utf-8")
    assert len(hz.read_hazards("small.csv")) == 1
