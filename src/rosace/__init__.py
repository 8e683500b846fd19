"""Rosace: one typed file describes a whole Big Data platform; Rosace makes it real."""

__version__ = "0.1.0"
"""One place, read by the command line and by every file that Rosace writes."""
