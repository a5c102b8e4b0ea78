"""On whose side ground lies, and how sure that is."""
