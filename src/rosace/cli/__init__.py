"""Verbs: one file each, no logic.

stdout is data, stderr is talk; exit 0 yes, 1 the answer is no, 2 could not answer.
"""

import gc

# A verb is a short process whose imports alone make Python collect 150 times and find nothing: a third of
# the CPU of `check`. What runs for long still collects.
gc.set_threshold(500_000, 10, 10)
