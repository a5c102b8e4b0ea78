"""Accounting: what is left, the balance, and the tables that a year ends in."""
