"""For this machine: what runs, with how much memory, in which order, and what a change touches.

Comes in: a `Checked` platform and the facts of the machine (`Ground`). Goes out: a frozen `Deployment` and the ordered
typed steps that lead to it.
"""
