"""The profiles that come with hazardgeo, to be used or to be copied and adapted."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from hazardgeo.errors import HazardgeoError

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent


def ready_made() -> dict[str, Path]:
    """Their files, by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.toml"), key=lambda file: file.stem)}


def profiles() -> pd.DataFrame:
    """List the profiles that come with hazardgeo.

    Returns
    -------
    pandas.DataFrame
        Columns ``name``, ``what``, ``source``, ``grade`` (how well the source was followed), ``note``.

    Examples
    --------
    >>> profiles()["name"].tolist()
    ['imsma-core', 'imsma-ng', 'imsma-ng-flat', 'samples']
    """
    import pandas as pd

    about = {name: tomllib.loads(file.read_text(encoding="utf-8"))["about"] for name, file in ready_made().items()}
    rows = [(name, said["title"], said["source"], said["grade"], said["note"]) for name, said in about.items()]
    return pd.DataFrame(rows, columns=["name", "what", "source", "grade", "note"])


def profile_text(name: str) -> str:
    """Give the text of a profile that comes with hazardgeo, to be saved under another name and adapted.

    Programmes rename columns and words; a ready-made profile is where to begin, not where to end.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        TOML.

    Raises
    ------
    HazardgeoError
        If there is none of that name.

    References
    ----------
    Each profile names its own under ``[about]``.

    Examples
    --------
    >>> "[about]" in profile_text("imsma-core")
    True
    """
    files = ready_made()
    if name not in files:
        raise HazardgeoError(f"There is no ready-made profile {name!r}. There are {', '.join(files)}.")
    return files[name].read_text(encoding="utf-8")
