"""``python -m hazardgeo`` (Windows: ``py -m hazardgeo``) is the ``hazardgeo`` command."""

from hazardgeo.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
