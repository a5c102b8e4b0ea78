"""Makers of register files: sound ones in every format, and each with one thing wrong."""

from corpus import cells as _cells
from corpus import places as _places
from corpus import shapes as _shapes
from corpus.case import ALL, Case

__all__ = ["ALL", "Case"]
