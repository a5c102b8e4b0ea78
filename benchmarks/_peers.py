"""Databases that take part in a benchmark where they are installed, and the CPU time of a job, theirs included."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

Job = Callable[[], Any]
MISSING = (ImportError, AttributeError, OSError, ValueError, subprocess.CalledProcessError)
"""What a peer that is not installed raises."""
_TICK = os.sysconf("SC_CLK_TCK")


def duckdb_spatial(threads: int = 2) -> Any:
    """A connection to DuckDB with its spatial extension, from the wheel `duckdb-extension-spatial` of the same version."""
    import duckdb
    import pandas as pd

    folder = Path(next(iter(importlib.util.find_spec("duckdb_extension_spatial").submodule_search_locations)))
    base = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": threads})
    base.execute(f"LOAD '{next(folder.rglob('spatial.duckdb_extension'))}'")

    def load(name: str, polygons: np.ndarray, label: np.ndarray) -> None:
        # Its geodesic functions want latitude first.
        base.register("given", pd.DataFrame({"i": label, "w": shapely.to_wkb(polygons)}))
        base.execute(f"CREATE TABLE {name} AS SELECT i, ST_FlipCoordinates(ST_GeomFromWKB(w)) AS g FROM given")  # noqa: S608
        base.unregister("given")

    return base, load


@contextlib.contextmanager
def postgis() -> Iterator[tuple[Any, Callable[..., None]]]:
    """A connection to a PostGIS of our own that nobody else can reach; it ends afterwards."""
    import psycopg

    tools = Path(max(map(str, Path("/usr/lib/postgresql").glob("*/bin"))))
    with tempfile.TemporaryDirectory() as folder:
        shutil.chown(folder, "postgres")

        def run(*command: Any) -> None:
            line = ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command
            subprocess.run([str(one) for one in line], check=True, stdout=subprocess.DEVNULL, cwd=folder)  # noqa: S603

        run(tools / "initdb", "-D", f"{folder}/data", "-A", "trust")
        options = f"-k {folder} -c listen_addresses='' -c max_parallel_workers_per_gather=0 -c jit=off"
        run(tools / "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as base:
                base.execute("CREATE EXTENSION postgis")
                yield base, lambda name, polygons, label: _copied(base, name, polygons, label)
        finally:
            run(tools / "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


def _copied(base: Any, name: str, polygons: np.ndarray, label: np.ndarray) -> None:
    kind = "text" if label.dtype.kind in "OUT" else "int8"
    base.execute(f"CREATE TABLE raw (i {kind}, w bytea)")
    with base.cursor().copy("COPY raw FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([kind, "bytea"])
        for row in zip(label.tolist(), shapely.to_wkb(polygons), strict=True):
            copy.write_row(row)
    base.execute(f"CREATE TABLE {name} AS SELECT i, ST_GeomFromWKB(w, 4326) AS g FROM raw")  # noqa: S608
    base.execute(f"DROP TABLE raw; CREATE INDEX ON {name} USING gist (g); ANALYZE {name}")


def cpu_of(base: Any) -> Callable[[], float]:
    """CPU seconds of this process and of the server process that works for a connection to PostgreSQL."""
    stat = Path(f"/proc/{base.info.backend_pid}/stat")

    def clock() -> float:
        fields = stat.read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / _TICK

    return clock


def cpu_seconds(
    jobs: dict[str, Job], runs: int, clocks: dict[str, Callable[[], float]] | None = None
) -> dict[str, float]:
    """Median CPU seconds of each job, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            clock = (clocks or {}).get(name, time.process_time)
            start = clock()
            job()
            times[name].append(clock() - start)
    return {name: statistics.median(some) for name, some in times.items()}
