"""The typed platform: names, quantities, columns, resources, capabilities and the graph.

Comes in: plain values already read by `source`. Goes out: typed, immutable values.
Must not: read files, open sockets, start processes, or know any engine by name.
"""
