"""`rosace lab down`: ends every cluster and takes away all that it made on this machine."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from rosace.lab import cgroups, network, preflight, running
from rosace.lab.alone import alone
from rosace.lab.layout import Lab
from rosace.source.diagnostic import refuse


@dataclass(frozen=True, slots=True)
class Ended:
    """What `down` found and took away."""

    clusters: int
    processes: int


def down() -> Ended:
    """Ends the lab; nothing where there is none. Raises Refused where something does not go."""
    preflight.system()
    lab = Lab.mine()
    if not lab.home.is_dir():
        return Ended(0, 0)
    with alone():
        clusters = lab.clusters()
        ended = sum(running.end(each) for each in clusters)
        if running.elsewhere(lab.home) is None:  # else the bridge is that one's
            network.remove(clusters)
        left = [str(path) for each in clusters for path in cgroups.remove(each.cgroup)]
        if left:
            message = f"cgroups still have processes: {', '.join(left)}"
            raise refuse("lab-left", message, hints=("`cat cgroup.procs` in them says which",))
        for each in clusters:
            shutil.rmtree(each.home)
        lab.record.unlink(missing_ok=True)
        lab.kubeconfig.unlink(missing_ok=True)
    shutil.rmtree(lab.home)
    return Ended(len(clusters), ended)
