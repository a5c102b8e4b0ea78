"""Ground that two records report."""
