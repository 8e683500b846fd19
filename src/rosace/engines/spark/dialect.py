"""Spark's SQL for sqlglot, which knows most of it.

Comes in: the text of queries in Spark 4.1's SQL. Goes out: sqlglot's tree. Must not: resolve names, be imported before
there is SQL to read (sqlglot is heavy), or be used to write SQL.
"""

from __future__ import annotations

from sqlglot.dialects.spark import Spark
from sqlglot.parsers.spark import SparkParser


class RosaceSparkParser(SparkParser):
    """sqlglot's grammar of Spark with paths into a VARIANT, `v:a.b[0]` (SqlBaseParser.g4 of Spark 4.1,
    `semiStructuredExtraction`), which it gives to Databricks alone."""

    COLON_IS_VARIANT_EXTRACT = True


class RosaceSpark(Spark):
    """Spark as Rosace reads it."""

    Parser = RosaceSparkParser
    # Which words are types is said in `sql`.
    SUPPORTS_USER_DEFINED_TYPES = True
