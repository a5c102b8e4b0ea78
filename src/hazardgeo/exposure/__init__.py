"""Who and what lies in hazards and about them, on either side of a border."""
