"""How many parts a platform may have.

Comes in: the typed platform and its tree. Goes out: what is said of one that has more. Must not: look into its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from rosace.model.platform import Platform
    from rosace.source.tree import Tree

MOST_PARTS = 5_000
"""Sources, jobs, queries and oracles of one platform. Six times as many as bring 10,000 objects of Kubernetes
(bench/compile.py). Each is looked at by every rule, in 0.2 ms together: a second for all. SQL files are read besides,
each once, a small one in 2 ms: as many files as jobs take ten seconds, while which a terminal shows how far they are
(cli/reading.py)."""


def too_many(platform: Platform, tree: Tree) -> Diagnostic | None:
    """What has more parts than are judged is told as that alone."""
    parts = {
        "sources": len(platform.sources),
        "jobs": len(platform.jobs),
        "queries": len(platform.queries),
        "verify": len(platform.verify),
    }
    if sum(parts.values()) <= MOST_PARTS:
        return None
    most = max(parts, key=parts.__getitem__)
    message = f"there are more than {MOST_PARTS:,} sources, jobs, queries and oracles: {sum(parts.values()):,}"
    label = Label(tree.key_span((most,)), f"{parts[most]:,} of them")
    return Diagnostic("too-large", message, labels=(label,), hints=("make several platforms of it",))
