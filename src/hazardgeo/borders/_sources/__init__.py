"""Where borders come from, how versions differ, and whether neighbours fit."""
