"""Verbs: one file each, no logic.

stdout is data, stderr is talk; exit 0 yes, 1 the answer is no, 2 could not answer.
"""
