"""Kinds that no schema here knows."""

NO_SCHEMA = {
    "external-secrets.io/v1 ExternalSecret": "its definition is in no package that can be had; shape from its docs",
}
"""Kinds that nobody here can hold against a schema, and why."""
