"""Kinds that no schema here knows."""

NO_SCHEMA = {
    "compliance.cattle.io/v1 ClusterScan": "the definition at hand is of the older group cis.cattle.io",
    "external-secrets.io/v1 ExternalSecret": "its definition is in no package that can be had; shape from its docs",
}
"""Kinds that nobody here can hold against a schema, and why."""
