# Every target sets itself up on a machine with only Python 3.11 (or newer) and make. Nobody who uses hazardgeo needs make.
SYSTEM_PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help demo test quick check format borders samples benchmarks usb clean

help:
	@echo "make demo        the main job on the sample data, into build/demo and a folder for each region"
	@echo "make test        the whole test suite"
	@echo "make quick       the tests without browser and notebooks"
	@echo "make check       format, lint, types, layers, docs"
	@echo "make format      put the code into the agreed form"
	@echo "make borders     rebuild the embedded borders and base map (downloads packages)"
	@echo "make samples     rebuild the sample data"
	@echo "make usb         a folder of wheels for an office without internet, into build/usb (downloads packages)"
	@echo "make benchmarks STRIKES=1965.csv   measure, into benchmarks/results.md"

.venv/made:
	$(SYSTEM_PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[office]"
	@touch $@

.venv/installed-%: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[$*]"
	@touch $@

demo: .venv/installed
	@mkdir -p build
	$(BIN)/hazardgeo demo --out build/demo
	@for region in southeast_europe central_asia south_caucasus; do \
	  echo; echo "== $$region"; $(BIN)/hazardgeo demo --region $$region --out build/$$region || exit 1; \
	done

test: .venv/installed-test
	$(BIN)/python -m pytest -n auto

quick: .venv/installed-test
	$(BIN)/python -m pytest -n auto -m "not browser and not notebook"

check: .venv/installed-check
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sphinx-build -q -E -W --keep-going -b html docs build/docs

format: .venv/installed-check
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

borders: .venv/installed-borders
	$(BIN)/python -m tools.build_borders --cache build/cache

samples: .venv/installed
	$(BIN)/python -m tools.build_sample_data

usb: .venv/installed
	$(BIN)/python -m tools.make_usb

benchmarks: .venv/installed-test
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/border_speed.py
	$(BIN)/python benchmarks/areas.py
	$(BIN)/python benchmarks/exposure.py
	$(BIN)/python benchmarks/evidence.py $(STRIKES)

clean:
	rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
