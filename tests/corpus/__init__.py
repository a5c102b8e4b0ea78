"""Makers of register files: sound ones in every format, and each with one thing wrong."""
