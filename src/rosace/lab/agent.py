"""What a cluster needs and no program of Kubernetes brings: policies that hold, volumes, addresses for load balancers.

Run in the machine of a cluster as `python -m rosace.lab.agent FOLDER INDEX NETWORK`. It watches the API server, and
after each change makes what is be what is said. Killed at any moment, it does so again from the beginning.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rosace.lab import balancers, policies, volumes
from rosace.lab.api import Api, Refusal
from rosace.lab.layout import Cluster
from rosace.lab.watching import Watched

GATHER = 0.05
"""Seconds in which changes are gathered: a Deployment makes many at once."""

AGAIN = 1.0
"""Seconds until what failed is tried again."""

QUIET = 30.0
"""Seconds after which everything is looked at although nothing changed."""


def main(cluster: Cluster) -> None:
    """Never ends by itself."""
    api = Api(cluster)
    seen = Watched(api, (*volumes.LISTS, *balancers.LISTS, *LISTS))
    nft = str(cluster.nft)
    last = ""
    duties: tuple[Callable[[], None], ...] = (
        lambda: volumes.provide(api, cluster, seen),
        lambda: balancers.provide(api, cluster, seen),
    )
    while True:
        table = policies.table(*(seen.objects(path) for path in LISTS))
        if table != last:
            subprocess.run([nft, "-f", "-"], input=table, text=True, check=True)
            last = table
        failed = [error for duty in duties if (error := _failure(duty))]
        for error in failed:
            print(error, flush=True)
        seen.wait(AGAIN if failed else QUIET)
        time.sleep(GATHER)


LISTS = ("/api/v1/pods", "/api/v1/namespaces", "/apis/networking.k8s.io/v1/networkpolicies")


def _failure(duty: Callable[[], None]) -> str:
    """What kept a duty from being done; it is done again with the next look."""
    try:
        duty()
    except (OSError, Refusal) as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main(Cluster(int(sys.argv[2]), sys.argv[3], Path(sys.argv[1])))
