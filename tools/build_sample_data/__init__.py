"""Make the sample data: fictional hazards and releases along the real line between Croatia and Bosnia and Herzegovina.

Run ``python -m tools.build_sample_data`` in the top folder of a checkout. Nothing is downloaded; equal versions of the
tools (the README of the sample data names them) give equal bytes.
"""
