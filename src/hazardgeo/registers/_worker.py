"""Intake in a process of its own, with bounds on memory and time: a hostile record costs only itself.

The process opens no connection, and tells before each step which rows it is about to work on. If it is stopped by its
bounds, or falls, those rows are tried again one at a time; a row that stops it alone is quarantined, and all others go on.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from hazardgeo import errors
from hazardgeo.registers._countries import countries_of
from hazardgeo.registers._limits import Limits
from hazardgeo.registers._watch import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from hazardgeo.registers._intake import Intake

_MOST_RECORDS = 50
_START_S = 60.0
# Of C++ (GEOS), the system, and the loader of libraries.
_NO_MEMORY = ("bad_alloc", "cannot allocate memory", "failed to map segment")
# What GDAL may do beyond the file that it was given: nothing.
_CLOSED = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_SKIP": "VRT,WMS,WCS,WMTS,HTTP",
    "OGR_SKIP": "OGR_VRT,WFS,OAPIF,CSW,ESRIJSON,PLSCENES,NGW",
    "PROJ_NETWORK": "OFF",
}


def intake_in_worker(path: str | os.PathLike[str], kind: str, options: Mapping[str, Any], limits: Limits) -> Intake:
    """Take a file in, in a process of its own.

    Parameters
    ----------
    path : str or path
    kind : str
    options : mapping of str
        Of `hazardgeo.intake`.
    limits : Limits

    Returns
    -------
    Intake

    Raises
    ------
    HazardgeoError
        As `hazardgeo.intake` does; and FormatError if the file cannot be read within the bounds at all.
    """
    careful: set[int] = set()
    skip: set[int] = set()
    while True:
        job = {
            "path": os.fspath(path),
            "kind": kind,
            "options": _plain(options),
            "limits": asdict(limits),
            "careful": sorted(careful),
            "skip": sorted(skip),
        }
        found, rows = _run(job, limits)
        if found is not None:
            return found
        if not rows or len(skip) > _MOST_RECORDS:
            raise errors.FormatError(
                f"{path}: could not be read within {limits.memory_bytes / 1e9:.0f} GB of memory and {limits.seconds} s "
                "without getting on. Look for damage in it, split it, or raise the limits (hazardgeo.Limits)."
            )
        if set(rows) <= careful or len(rows) == 1:
            skip.add(rows[0])
        careful |= set(rows)


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as JSON can carry them."""
    plain = {name: value for name, value in options.items() if value is not None}
    plain |= {"thresholds": asdict(options["thresholds"]), "today": options["today"].isoformat()}
    if "profile" in plain:
        plain["profile"] = os.fspath(plain["profile"])
    if "countries" in plain:
        frame = countries_of(plain["countries"])
        assert frame is not None  # noqa: S101  (what is given is not None)
        plain["countries"] = [frame["code"].tolist(), [shape.hex() for shape in frame.geometry.to_wkb()]]
    return plain


def _countries(codes: list[str], shapes: list[str]) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(
        {"code": codes}, geometry=gpd.GeoSeries.from_wkb([bytes.fromhex(one) for one in shapes]), crs=4326
    )


def _run(job: Mapping[str, Any], limits: Limits) -> tuple[Intake | None, list[int]]:
    """Run one worker: what it found, or the rows on which it stopped."""
    from hazardgeo.registers._wire import from_bytes

    command = [sys.executable, "-P", "-m", "hazardgeo.registers._worker"]
    with subprocess.Popen(  # noqa: S603  (our own module, no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **_CLOSED}
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        messages = _listen(process.stdout)
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(job).encode("utf-8"))
            process.stdin.close()
        rows: list[int] = []
        try:
            while True:
                kind, content = messages.get(timeout=_START_S + limits.seconds if not rows else limits.seconds)
                if kind == b"R":
                    rows = json.loads(content)
                elif kind == b"I":
                    return from_bytes(content), []
                elif kind == b"E":
                    _raise(json.loads(content))
                else:
                    return None, rows
        except queue.Empty:
            return None, rows
        finally:
            process.kill()


def _listen(stream: IO[bytes]) -> queue.Queue[tuple[bytes, bytes]]:
    messages: queue.Queue[tuple[bytes, bytes]] = queue.Queue()

    def listen() -> None:
        with contextlib.suppress(OSError, ValueError):  # closed at the other end while it listens: there is no more
            while len(head := stream.read(9)) == 9:
                kind, length = struct.unpack(">cQ", head)
                messages.put((kind, stream.read(length)))
        messages.put((b"", b""))

    threading.Thread(target=listen, daemon=True).start()
    return messages


def _raise(said: Mapping[str, str]) -> None:
    kind = getattr(errors, said["kind"], errors.HazardgeoError)
    raise kind(said["text"])


def _work() -> None:
    """Do the job that stands on the standard input, and tell about it on what was the standard output."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints shall not get in between

        def tell(kind: bytes, content: bytes) -> None:
            out.write(struct.pack(">cQ", kind, len(content)) + content)
            out.flush()

        job = json.loads(sys.stdin.buffer.read())
        limits = Limits(**job["limits"])
        _bound(limits)
        _close_sockets()
        from hazardgeo.registers._rules import Thresholds
        from hazardgeo.registers._take import take
        from hazardgeo.registers._wire import to_bytes

        options = job["options"] | {
            "thresholds": Thresholds(**job["options"]["thresholds"]),
            "today": datetime.date.fromisoformat(job["options"]["today"]),
        }
        if "countries" in options:
            options["countries"] = _countries(*options["countries"])

        watch = Watch(lambda _, rows: tell(b"R", json.dumps(rows).encode("ascii")), job["careful"], job["skip"])
        try:
            tell(b"I", to_bytes(take(job["path"], job["kind"], watch=watch, limits=limits, **options)))
        except errors.HazardgeoError as error:
            tell(b"E", json.dumps({"kind": type(error).__name__, "text": str(error)}).encode("ascii"))
        except OSError as error:
            tell(b"E", json.dumps({"kind": "FormatError", "text": f"{job['path']}: {error}"}).encode("ascii"))
        except Exception as error:  # a fault of ours must not look like one of the file's
            if _is_want_of_memory(error):
                os._exit(1)
            text = f"{job['path']}: this should not have happened ({type(error).__name__}: {error}). Please report it."
            tell(b"E", json.dumps({"kind": "HazardgeoError", "text": text}).encode("ascii"))


def _is_want_of_memory(error: Exception) -> bool:
    """Whether memory ran out; libraries have words of their own for it."""
    return isinstance(error, MemoryError) or any(words in str(error).casefold() for words in _NO_MEMORY)


def _bound(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows cannot bound the memory of a process from within; the time is bounded by the parent
        return
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")  # more would only make the machine swap
    memory = min(limits.memory_bytes, physical)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _close_sockets() -> None:
    import socket

    def closed(*_: object, **__: object) -> None:
        raise OSError("hazardgeo opens no connection")

    for name in ("socket", "create_connection", "create_server", "socketpair", "getaddrinfo"):
        setattr(socket, name, closed)


if __name__ == "__main__":
    _work()
