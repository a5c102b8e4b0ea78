"""Makers of register files: sound ones in every format, and each with one thing wrong."""

from corpus import cells, corners, formats, hostile, pairs, places, shapes, stores
from corpus.case import ALL, Case

__all__ = ["ALL", "Case", "cells", "corners", "formats", "hostile", "pairs", "places", "shapes", "stores"]
