"""Carries a plan out as real processes on this machine: artifacts, ports, memory, probes, supervision, logs.

Comes in: a `Deployment`. Goes out: running engines, typed events, a state that survives everything but `--erase`.
Must not: know any engine by name.
"""
