"""The delivery proof: what went in, what came out, what was lost, doubled or changed.

Expected rows come from the sources' files and from independent computations over them; actual rows are read back from
the running engines as a consumer would. Nothing that a job computed is used to judge it.
"""
