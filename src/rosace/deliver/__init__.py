"""From a checked platform to what clusters take: charts, values, objects, Argo CD applications.

Comes in: `Checked`, the name of an environment. Goes out: a tree of files that stands without Rosace, always the same
bytes for the same input; and the actions of Helm on it. Must not: know any engine; rooms say what theirs need.
"""
