"""Settings of the whole suite."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from browser import open_browser, set_size
from hypothesis import settings

# Time limits on single examples fail on a busy machine and prove nothing. The gate tries the same examples each time, so that
# it says something about the change; HAZARDGEO_EXPLORE tries new ones.
settings.register_profile("hazardgeo", deadline=None, derandomize=not os.environ.get("HAZARDGEO_EXPLORE"))
settings.load_profile("hazardgeo")


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """One browser for the tests of a module."""
    yield from open_browser()


@pytest.fixture
def browser(driver: Any) -> Any:
    """The browser at the size of a laptop's page."""
    set_size(driver, 1400, 900)
    return driver


@pytest.fixture(params=["svg", "canvas"])
def renderer(request: pytest.FixtureRequest) -> str:
    """Each way in which areas are drawn."""
    return request.param
