__version__ = "0.1.0"
"""The version of Rosace: one place, read by the CLI and by every file it writes."""
