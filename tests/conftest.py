"""Settings of the whole suite."""

from hypothesis import settings

# Time limits on single examples fail on a busy machine and prove nothing.
settings.register_profile("hazardgeo", deadline=None)
settings.load_profile("hazardgeo")
