"""Results that show themselves: what they come to in sentences, and their table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 20
_FIGURE = "{:.8g}".format  # an area of a region without an exponent, a share without a tail


class Shown:
    """A result with `sentences` and `to_frame`, which prints both, as text at a prompt and as a table in a notebook."""

    @property
    def sentences(self) -> list[str]:
        """What it comes to."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Its table."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return "\n".join([*self.sentences, self.to_frame().to_string(max_rows=_ROWS, float_format=_FIGURE)])

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences)
        return f"{said}{self.to_frame().to_html(max_rows=_ROWS, border=0, float_format=_FIGURE)}"
