"""The platform type-checked across every layer before anything starts.

Comes in: a merged tree and the folder of `platform.yaml`. Goes out: `Checked`, the proof that every later room asks
for, or diagnostics that say what, where, why and what to do.
Must not: start anything, reach a network, or load an engine's client.
"""
