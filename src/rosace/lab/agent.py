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

from rosace.lab import balancers, metrics, policies, volumes
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
    rules = Rules(str(cluster.nft), seen)
    duties: tuple[Callable[[], None], ...] = (
        rules.hold,
        lambda: volumes.provide(api, cluster, seen),
        lambda: balancers.provide(api, cluster, seen),
        lambda: metrics.serve(api, seen),
    )
    while True:
        failed = [error for duty in duties if (error := _failure(duty))]
        for error in failed:
            print(error, flush=True)
        seen.wait(AGAIN if failed else QUIET)
        time.sleep(GATHER)


LISTS = ("/api/v1/pods", "/api/v1/namespaces", "/apis/networking.k8s.io/v1/networkpolicies")


class Rules:
    """The rules that the kernel has; they are written where they would be others."""

    def __init__(self, nft: str, seen: Watched) -> None:
        self._nft, self._seen, self._held = nft, seen, ""

    def hold(self) -> None:
        """Raises OSError with what nft said where it takes them not; those of before hold on."""
        table = policies.table(*(self._seen.objects(path) for path in LISTS))
        if table == self._held:
            return
        done = subprocess.run([self._nft, "-f", "-"], input=table, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"network policies: {done.stderr.strip()}")
        self._held = table


def _failure(duty: Callable[[], None]) -> str:
    """What kept a duty from being done; it is done again with the next look."""
    try:
        duty()
    except (OSError, Refusal) as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main(Cluster(int(sys.argv[2]), sys.argv[3], Path(sys.argv[1])))
