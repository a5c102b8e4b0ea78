"""Each notebook runs from its first cell to its last, and stands in the repository without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# Jupyter's own machinery warns about sockets and event loops that are not ours to mend.
@pytest.mark.filterwarnings("default")
def test_notebook_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    shown = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    assert not [out for out in shown if out.output_type == "error"]
    assert not "".join(map(_complaints, notebook.cells))
    last = shown[-1]["data"]  # a map or a figure, which is what somebody came for
    assert "<iframe" in last.get("text/html", "") or "image/png" in last
    assert not list(tmp_path.iterdir())


def _complaints(cell):
    """What is left on the error stream: the word on long work wipes its own line."""
    text = "".join(out["text"] for out in cell.get("outputs", ()) if out.get("name") == "stderr")
    return text.rpartition("\r")[2].strip()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_there_is_a_notebook():
    assert NOTEBOOKS
