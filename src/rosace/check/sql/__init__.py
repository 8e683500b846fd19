"""SQL read without running it: which names it uses, which columns it gives, where it is wrong.

Comes in: text, a dialect, and the columns of what may be named. Goes out: statements with every name located,
the columns of each query as far as they can be known, and problems by offset.
Must not: read files, know `platform.yaml`, or complain about what it does not understand.
"""
