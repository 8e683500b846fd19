"""Desired state, decided: what runs, with how much memory, in which order, and what a change touches.

Comes in: a `Checked` platform and the facts of this machine (`Ground`). Goes out: a frozen `Deployment` and the
ordered typed steps that lead to it. Pure: no files, sockets or processes.
"""
