"""Tables of a year: what they hold, how they are written, and the state that each is about."""
