"""KML and KMZ: every placemark a record, wherever it stands; nothing fetched, no picture taken for a shape."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from hazardgeo.crs import WGS84
from hazardgeo.errors import FormatError, named
from hazardgeo.registers._formats._archive import DEFAULT_LIMITS, ArchiveLimits, check_zip, is_zip, read_member
from hazardgeo.registers._formats._kml_shapes import shape_of
from hazardgeo.registers._formats._layer import RawFault, RawLayer, columns_of_rows, one_layer, shape_array, unreadable
from hazardgeo.registers._formats._xml import children, parse_xml, row_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

EVERY_LAYER = "*"
_CONTAINERS = ("Folder", "Document")
_MAIN = "doc.kml"
_OVERLAYS = ("GroundOverlay", "PhotoOverlay")


@dataclass(frozen=True)
class _Placemark:
    element: Element
    folder: int
    """Number of the folder that it stands in."""


@dataclass(frozen=True)
class _Kml:
    """What a file holds: its placemarks, the names of their folders by number, and what is not read of it."""

    placemarks: list[_Placemark]
    folders: dict[int, str]
    faults: list[RawFault]


def read_kml(file: Path, layer: str | None = None, *, limits: ArchiveLimits = DEFAULT_LIMITS) -> RawLayer:
    """Read the placemarks of one folder of a KML or KMZ file, or of all.

    Parameters
    ----------
    file : pathlib.Path
    layer : str, optional
        Names of the folders down to the one that holds the placemarks, joined by ``/``; ``*`` for all of them, with
        that name in a column ``folder``. Needed where placemarks stand in several folders.
    limits : ArchiveLimits
        For a KMZ.

    Returns
    -------
    RawLayer
        In WGS 84, as KML is.

    Raises
    ------
    FormatError
        If it is no such file, or placemarks stand in several folders and none is named.
    """
    kml = _load(file, limits)
    names = list(kml.folders.values()) or [file.stem]
    every = layer == EVERY_LAYER
    name = file.stem if every else one_layer(file, names, layer)
    chosen = [one for one in kml.placemarks if every or kml.folders[one.folder] == name]
    rows, faults = _rows(chosen, kml.folders if every else {})
    shapes = []
    for i, one in enumerate(chosen):
        shape, why = shape_of(one.element)
        shapes.append(shape)
        faults += [unreadable(i, why)] if why else []
    columns = columns_of_rows(rows, dict.fromkeys(key for row in rows for key in row))
    return RawLayer(str(file), name, len(rows), columns, shape_array(shapes), WGS84, (*kml.faults, *faults))


def layers_of_kml(file: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[str]:
    """Names of the folders of a KML or KMZ file that hold placemarks."""
    return list(_load(file, limits).folders.values())


def _load(file: Path, limits: ArchiveLimits) -> _Kml:
    content, unread = _content(file, limits)
    root = parse_xml(file, content)
    if root.tag not in ("kml", *_CONTAINERS, "Placemark"):
        raise FormatError(f"{file}: is XML, but no KML (it begins with {root.tag!r}). Export it again as KML.")
    if any(element.get("parent") == "Placemark" for element in root.iter() if element.tag == "Schema"):
        raise FormatError(
            f"{file}: calls its placemarks by names of its own, as KML 2.0 did. Open it in a current program and save it."
        )
    placemarks, paths = _placemarks(file, root)
    return _Kml(placemarks, _numbered(paths), [*_not_read(root), *unread])


def _content(file: Path, limits: ArchiveLimits) -> tuple[bytes, list[RawFault]]:
    """The KML of a file: itself, or the one at the root of a KMZ."""
    if not is_zip(file):
        return file.read_bytes(), []
    every = [name for name in check_zip(file, limits) if PurePosixPath(name).suffix.casefold() == ".kml"]
    at_root = [name for name in every if "/" not in name]
    main = [name for name in at_root if name.casefold() == _MAIN] or at_root
    if len(main) != 1:
        listed = named(every) or "none"
        raise FormatError(
            f"{file}: holds {len(main)} KML files of which none is {_MAIN} ({listed}). Unpack it and name the file in it."
        )
    others = [name for name in every if name != main[0]]
    if not others:
        return read_member(file, main[0], limits), []
    seen = f"Beside {main[0]} it holds {named(others)}, which is not read."
    remedy = "Unpack it and read each file by itself, if there are records in it."
    return read_member(file, main[0], limits), [RawFault(None, "link-not-followed", seen, remedy)]


def _placemarks(file: Path, root: Element) -> tuple[list[_Placemark], dict[int, str]]:
    """Every placemark in the order of the file, and the paths of the folders that hold some."""
    found: list[_Placemark] = []
    paths: dict[int, str] = {}
    for element, containers in _walk(root, ()):
        # A folder is known by the element itself: two of one name are two.
        folder = id(containers[-1]) if containers else -1
        found.append(_Placemark(element, folder))
        if folder not in paths:
            paths[folder] = _path(containers) or file.stem
    return found, paths


def _walk(element: Element, containers: tuple[Element, ...]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    if element.tag == "Placemark":
        yield element, containers
    if element.tag in _CONTAINERS:
        containers = (*containers, element)
    for child in element:
        yield from _walk(child, containers)


def _path(containers: tuple[Element, ...]) -> str:
    """Names of the folders, or of the document where a placemark stands in none."""
    folders = [one for one in containers if one.tag == "Folder"]
    if not folders:
        return next((text for one in reversed(containers) if (text := _name(one))), "")
    return "/".join(_name(one) or "(no name)" for one in folders)


def _name(element: Element) -> str:
    return next((text_of(child).strip() for child in children(element, "name")), "")


def _numbered(paths: dict[int, str]) -> dict[int, str]:
    """The paths, the second of one name with a (2) behind it."""
    seen: Counter[str] = Counter()
    names: dict[int, str] = {}
    for folder, path in paths.items():
        seen[path] += 1
        name = path if seen[path] == 1 else f"{path} ({seen[path]})"
        while name in names.values() or (name != path and name in paths.values()):
            seen[path] += 1
            name = f"{path} ({seen[path]})"
        names[folder] = name
    return names


def _not_read(root: Element) -> Iterator[RawFault]:
    overlays = [_name(element) or element.tag for element in root.iter() if element.tag in _OVERLAYS]
    if overlays:
        seen = f"It lays pictures over the ground ({named(overlays)}). No shape is made of them."
        yield RawFault(None, "overlay-not-read", seen, "If a picture shows hazards, draw their outlines.")
    links = [_name(element) or element.tag for element in root.iter() if element.tag == "NetworkLink"]
    if links:
        seen = (
            f"It refers to other places for more ({named(links)}). Nothing was fetched, and no record there is known."
        )
        yield RawFault(None, "link-not-followed", seen, "Save what is linked as a file of its own, and read that too.")

    if strays := _strays(root):
        seen = f"{strays} shapes in it stand in no placemark, and are no record here."
        remedy = "Look whether they are records (a misspelled Placemark?), and export the file again."
        yield RawFault(None, "count-differs", seen, remedy)


def _strays(root: Element) -> int:
    """How many lists of coordinates stand outside the placemarks."""
    holders = [one for one in root.iter() if one.tag in ("Placemark", *_OVERLAYS)]
    within = {id(one) for holder in holders for one in holder.iter("coordinates")}
    return sum(id(one) not in within for one in root.iter("coordinates"))


def _rows(placemarks: list[_Placemark], folders: dict[int, str]) -> tuple[list[dict[str, Any]], list[RawFault]]:
    """The cells of each placemark; a part of it gets another name where its data have that name."""
    data = [list(_data(one.element)) for one in placemarks]
    taken = {name.casefold() for cells in data for name, _ in cells}
    rows, faults = [], []
    for i, (one, cells) in enumerate(zip(placemarks, data, strict=True)):
        parts = [("folder", folders[one.folder])] if folders else []
        parts += _parts(one.element)
        row, twice = row_of(i, [*((_free(name, taken), value) for name, value in parts), *cells])
        rows.append(row)
        faults += twice
    return rows, faults


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"kml_{name}"
    return name


def _parts(placemark: Element) -> Iterator[tuple[str, str]]:
    for child in placemark:
        kind = child.tag
        if kind in ("name", "description"):
            yield kind, text_of(child)
        elif kind in ("TimeStamp", "TimeSpan"):
            yield from ((time.tag, text_of(time)) for time in children(child, "when", "begin", "end"))
    if number := placemark.get("id"):
        yield "kml_id", number


def _data(placemark: Element) -> Iterator[tuple[str, str | None]]:
    for extended in children(placemark, "ExtendedData"):
        for child in extended:
            if child.tag == "SchemaData":
                yield from ((simple.get("name", ""), text_of(simple)) for simple in child)
            elif child.tag == "Data":
                yield child.get("name", ""), ";".join(map(text_of, children(child, "value")))
            else:
                yield child.tag, text_of(child)
