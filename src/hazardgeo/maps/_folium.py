"""A `folium.Map` whose page is ours: nothing from the network, no text of ours through a template.

Imported inside `hazard_map` only, because it needs folium to exist at all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import folium
from branca.element import Element, Figure
from jinja2 import Template

from hazardgeo.maps import _page
from hazardgeo.maps._assets import folium_js
from hazardgeo.maps._offline import refuse_online_elements, refuse_online_text
from hazardgeo.storage import replacing

if TYPE_CHECKING:
    from hazardgeo.maps._page import Page


class RawElement(Element):
    """Text that is handed on as it is.

    `branca.element.Element` compiles its text as a Jinja template, so that ``{{ }}`` in a name would be evaluated in
    Python; this one never does.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002  (branca's signature)
        """Give the text."""
        return self.text


class PageFigure(Figure):
    """The document: in English, with the last script inside its body."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n{{ this.header.render(**kwargs) }}\n</head>\n<body>\n'
        "{{ this.html.render(**kwargs) }}\n<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self) -> None:
        super().__init__(ratio="68%")
        self.header._children.clear()  # our own head says the character set


class HazardMap(folium.Map):
    """Map of hazards that is one file, asks nobody for anything and shows a user's text literally.

    Layers of folium can be added as to any map. They are rendered by folium's rules: text given to them is HTML and
    passes through a template, unless it is given as `hazardgeo.literal` writes it.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (folium's own declaration)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, page: Page) -> None:
        super().__init__(location=page.centre, tiles=None)
        self.page = page
        self.default_js, self.default_css = [], []
        self._id = page.digest
        PageFigure().add_child(self)

    def render(self, **kwargs: Any) -> str:
        """Put the page and its children into the figure, which writes the text.

        Raises
        ------
        MapError
            If a child needs something from the network.
        """
        refuse_online_elements(self)
        figure, name = cast("Figure", self.get_root()), self.get_name()
        figure.header.add_child(RawElement(_page.head(self.page)), name="hazardgeo", index=0)
        figure.html.add_child(RawElement(_page.body(self.page, name)), name=name)
        figure.script.add_child(RawElement(_page.script(self.page, name)), name=name)
        if self._children:
            figure.script.add_child(RawElement(folium_js()), name="hazardgeo_folium")
        for child in self._children.values():
            child.render(**kwargs)
        if self.objects_to_stay_in_front:
            front = "\n".join(f"{layer.get_name()}.bringToFront();" for layer in self.objects_to_stay_in_front)
            figure.script.add_child(RawElement(front), name=f"{name}_front")
        for part in (figure.header, figure.html, figure.script):
            refuse_online_text(part, ours=RawElement)
        return ""

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,
        **kwargs: Any,
    ) -> None:
        """Write the page to a file, whole or not at all.

        folium opens the file first and renders then, which leaves an empty file where rendering fails.

        Parameters
        ----------
        outfile : str, bytes, pathlib.Path or binary file
        close_file : bool
            Whether an open file is closed afterwards.

        Raises
        ------
        MapError
            If a child needs something from the network.
        StorageError
            If the file cannot be written. What stood there is untouched.
        """
        page = self.get_root().render(**kwargs).encode("utf-8")
        if isinstance(outfile, str | bytes | Path):
            with replacing(Path(os.fsdecode(outfile))) as part:
                part.write_bytes(page)
            return
        outfile.write(page)
        if close_file:
            outfile.close()
