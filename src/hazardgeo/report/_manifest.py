"""What a report was made of and with, so that somebody else can make it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hazardgeo import vocabulary as voc
from hazardgeo.crs._versions import versions
from hazardgeo.storage import sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hazardgeo.report._answers import Answers, Version


def manifest_of(answers: Answers, inputs: Sequence[Path], folder: Path, maker: str) -> dict[str, Any]:
    """Describe a report: inputs and outputs with their hashes, borders, datum operations, method, versions.

    Parameters
    ----------
    answers : Answers
    inputs : sequence of pathlib.Path
    folder : pathlib.Path
        Holds every output but the manifest.
    maker : str

    Returns
    -------
    dict
    """
    outputs = sorted(file for file in folder.rglob("*") if file.is_file())
    columns = ["register", "source_crs", "datum_operation"]
    operations = answers.hazards[columns].drop_duplicates().sort_values(columns)
    return {
        "made_by": maker,
        "versions": versions(),
        "inputs": [
            {"file": file.name, "sha256": sha256(part), "bytes": part.stat().st_size} | _within(file, part)
            for file in inputs
            for part in ([file] if file.is_file() else sorted(one for one in file.rglob("*") if one.is_file()))
        ],
        "records": {
            "hazards": len(answers.hazards),
            "open_hazards": len(answers.open_hazards),
            "releases": 0 if answers.releases is None else len(answers.releases),
        },
        "accounts": [
            {
                "file": Path(taken.file).name,
                "records_in": taken.records_in,
                "accepted": taken.accepted,
                "quarantined": len(taken.quarantine),
                "findings": len(taken.findings),
            }
            for taken in answers.intakes
        ],
        "coordinates": [dict(zip(columns, map(str, row), strict=True)) for row in operations.to_numpy()],
        "seams": [
            {name: None if value != value else value for name, value in row.items()}  # NaN is not JSON
            for row in answers.seams.to_dict("records")
        ],
        "borders": [_border(version) for version in answers.versions],
        "method": {
            "area": "geodesic on WGS 84 (Karney 2013)",
            "cut": "local Lambert azimuthal equal-area planes, scaled to the geodesic area",
            "open_ground": list(voc.OPEN_STATUSES),
        },
        "outputs": {file.relative_to(folder).as_posix(): sha256(file) for file in outputs},
    }


def _within(file: Path, part: Path) -> dict[str, str]:
    """Which part of a folder that is one input (a file geodatabase)."""
    return {} if part == file else {"part": part.relative_to(file).as_posix()}


def _border(version: Version) -> dict[str, Any]:
    return {
        "key": version.key,
        "countries": list(version.border.codes),
        "source": version.border.source,
        "version": version.border.version,
        "licence": version.border.licence,
        "offset_95_m": sorted({float(offset) for offset in version.border.asked_lines["offset_95_m"]}),
    }
