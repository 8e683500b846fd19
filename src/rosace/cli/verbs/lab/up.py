"""`rosace lab up`: starts clusters, and says how they are reached."""

from __future__ import annotations

import shlex
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.failures import say


def up(
    *, clusters: Annotated[int, Parameter(help="How many: lab-1, lab-2, ... A lab can grow while it runs.")] = 1
) -> int:
    """Start clusters and wait until each has its API server, its node and the names of its services. Pods of one reach
    pods and load balancers of the others.

    A cluster that runs is left as it is; one whose processes were killed goes on with all that it knew. What is printed
    on stdout is what a shell needs to reach them, so `eval "$(rosace lab up)"` does both.

    Examples:
      rosace lab up
      eval "$(rosace lab up)"
      rosace lab up --clusters 3
    """
    from rosace.lab.bringup import up as bring

    lab = bring(clusters, say)
    kubectl = lab.kubectl
    say("the lab is ready; reach it by the next two lines, then `kubectl get nodes`")
    if clusters > 1:
        say(f"contexts: {', '.join(each.name for each in lab.clusters())} (`kubectl --context lab-2 get nodes`)")
    print(f"export KUBECONFIG={shlex.quote(str(lab.kubeconfig))}")
    print(f'export PATH={shlex.quote(str(kubectl.parent))}:"$PATH"')
    return 0
