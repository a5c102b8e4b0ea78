"""Areas by other ways, how sure they are, and what explains that a declared one differs."""
