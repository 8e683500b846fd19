"""Desired state, decided, for both targets: `machine` and `clusters`.

Comes in: a `Checked` platform. Goes out: a frozen `Deployment` of this machine, or an `Estate` of clusters. Pure: no
files, sockets or processes.
"""
