"""The functions of DuckDB that reach for files or a network, which an oracle is shut off from. Pure.

Comes in: nothing. Goes out: their names. Must not: import DuckDB; a test asks it about each.
"""

from __future__ import annotations

_OWN = """
GLOB PARQUET_BLOOM_PROBE PARQUET_FILE_METADATA PARQUET_FULL_METADATA PARQUET_KV_METADATA PARQUET_METADATA PARQUET_SCAN
PARQUET_SCHEMA READ_BLOB READ_CSV READ_CSV_AUTO READ_DUCKDB READ_JSON READ_JSON_AUTO READ_JSON_OBJECTS
READ_JSON_OBJECTS_AUTO READ_NDJSON READ_NDJSON_AUTO READ_NDJSON_OBJECTS READ_PARQUET READ_SINGLE_CSV_FILE
READ_SINGLE_JSON_FILE READ_SINGLE_PARQUET_FILE READ_TEXT SNIFF_CSV WHICH_SECRET
"""
OWN = frozenset(_OWN.split())
"""Those that it has built in: each, given the name of a file, answers `Permission Error` under `oracles.SHUT`
(2.0.0)."""

_EXTENSIONS = """
DELTA_SCAN DUCKLAKE_SNAPSHOTS ICEBERG_METADATA ICEBERG_SCAN ICEBERG_SNAPSHOTS LOAD_AWS_CREDENTIALS MYSQL_QUERY
POSTGRES_QUERY READ_AVRO READ_XLSX SQLITE_ATTACH SQLITE_QUERY SQLITE_SCAN START_UI ST_READ ST_READ_META
"""
EXTENSIONS = frozenset(_EXTENSIONS.split())
"""Those of extensions that it would fetch over the network, and then read files with (2.0.0)."""

OUTSIDE = OWN | EXTENSIONS
EXCUSE = "an oracle reads the sources, each by its name, and nothing else: no file, no network"
"""What to say of all of them."""
