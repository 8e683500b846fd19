"""`rosace lab down`: ends the lab."""

from __future__ import annotations

from rosace.cli.failures import say
from rosace.source.quoted import counted


def down() -> int:
    """End every cluster of the lab and take away all of it: processes, networks, mounts, cgroups, data and keys.

    What was built stays in the cache, so the next `rosace lab up` takes seconds.

    Examples:
      rosace lab down
    """
    from rosace.lab.teardown import down as end

    ended = end()
    if not ended.clusters:
        say("there is no lab")
        return 0
    say(f"ended {counted(ended.clusters, 'cluster')} with {counted(ended.processes, 'process')}; nothing is left")
    return 0
