"""For clusters: which engine lives where, whose pods there are, how others reach them, who may talk to whom.

Comes in: a `Checked` platform and the name of an environment. Goes out: an `Estate`, and what follows from it. Nothing
is written here: `deliver` lays it out as charts' values and applications.
"""
