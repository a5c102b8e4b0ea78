"""The folder of wheels for an office without internet holds all that Windows needs, though another machine made it."""

import os
import zipfile

import pytest

from tools.make_usb import make, missing


def wheel(folder, name, *requires):
    """A wheel with nothing in it but what it needs."""
    project, version = name.split("-")[:2]
    said = "\n".join(
        ["Metadata-Version: 2.1", f"Name: {project}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
    )
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr(f"{project}-{version}.dist-info/METADATA", said)


def test_what_only_windows_needs_is_missed(tmp_path):
    wheel(
        tmp_path,
        "click-8.1-py3-none-any.whl",
        'colorama ; platform_system == "Windows"',
        'uvloop ; sys_platform == "linux"',
    )
    assert [one.name for one in missing(tmp_path, "3.11")] == ["colorama"]
    wheel(tmp_path, "colorama-0.4.6-py2.py3-none-any.whl")
    assert not missing(tmp_path, "3.11")


def test_the_extra_and_those_that_it_asks_for_are_needed(tmp_path):
    said = (
        'hazardgeo[excel] ; extra == "office"',
        'xlsxwriter>=3.1 ; extra == "excel"',
        'numba ; extra == "fast"',
        "numpy>=1.26",
    )
    wheel(tmp_path, "hazardgeo-0.1.0-py3-none-any.whl", *said)
    wheel(tmp_path, "numpy-1.20-cp311-cp311-win_amd64.whl")  # too old
    assert sorted(one.name for one in missing(tmp_path, "3.11")) == ["numpy", "xlsxwriter"]


def test_a_wheel_of_another_python_is_none(tmp_path):
    wheel(tmp_path, "folium-0.20-py3-none-any.whl", "numpy", "pyogrio")
    wheel(tmp_path, "numpy-2.0-cp312-cp312-win_amd64.whl")
    wheel(tmp_path, "pyogrio-0.13-cp311-abi3-win_amd64.whl")  # the same from 3.11 on
    assert [one.name for one in missing(tmp_path, "3.11")] == ["numpy"]
    assert not missing(tmp_path, "3.12")


@pytest.mark.rebuild
@pytest.mark.skipif(not os.environ.get("HAZARDGEO_REBUILD"), reason="opt-in: set HAZARDGEO_REBUILD; downloads packages")
def test_office_resolves_to_binary_wheels_alone(tmp_path):
    make(tmp_path, ["3.11"])
    assert not missing(tmp_path / "wheels", "3.11")
    assert all(file.suffix == ".whl" for file in (tmp_path / "wheels").iterdir())
    assert (tmp_path / "install.bat").read_bytes().count(b"\r\n") == 2
