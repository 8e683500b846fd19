"""Live facts as a read model: status, lag, flows, proofs.

Comes in: a checked platform and its running engines. Goes out: plain values that CLI and console render.
"""
