"""Questions asked along a border: what ends at it, how much of it has hazards, what could be worked as one."""
