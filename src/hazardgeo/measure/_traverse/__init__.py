"""Traverses: outlines drawn by bearings and distances, and what the measurements say about themselves."""
