"""Text in, positions kept: everything Rosace reads enters through this room.

In: YAML files, overlays and `--set` assignments. Out: a `Tree` (plain values
whose every key and value knows where it was written) and `Diagnostic`s with
their renderers. Must not: know what a platform is, or import another room.
"""
