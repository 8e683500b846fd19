# Derived from src/rosace/engines/spark/runner/__init__.py by tools/charts.py: edit that, then run it.
"""What runs inside the Spark driver's Python: takes jobs over a loopback HTTP control and carries them out.

Comes in: JSON orders made by `engines/spark/jobs.py`. Goes out: running queries and their state as JSON. Must not:
import anything of Rosace outside this folder (it runs on pyspark and the standard library only), or know where
anything is: addresses, paths and options all come in the orders.

Spark's session and data frames are `Any` here: pyspark comes unpacked beside the jars, not as an installed package.
"""

SHARED = "kafka.json"
"""The file beside a job's order, on clusters, that says how every topic is read and written."""
