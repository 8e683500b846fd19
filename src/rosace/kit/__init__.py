"""What several engines share because the world has it: JVMs, files, jars, buckets, Iceberg, cron, parts of pods.

Comes in: values. Goes out: commands, SQL, settings, parts of a chart's values. Must not: know an engine by name.
"""
