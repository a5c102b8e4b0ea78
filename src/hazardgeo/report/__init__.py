"""The whole job at once: files in; map, report, tables and a manifest out."""

from hazardgeo.report._write import write_demo, write_report

__all__ = ["write_demo", "write_report"]
