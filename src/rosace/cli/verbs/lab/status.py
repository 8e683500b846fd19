"""`rosace lab status`: what runs in the lab's clusters."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from rosace.cli.failures import say
from rosace.cli.options import Output

if TYPE_CHECKING:
    from rosace.lab.status import LabCluster

COLUMNS = (
    ("name", "PROCESS"), ("state", "STATE"), ("up", "UP"), ("restarts", "RESTARTS"),
    ("detail", "DETAIL"),
)  # fmt: skip


def status(*, output: Output = "table") -> int:
    """Show each cluster, its processes, its pods and the memory that it takes. Exit code 0: all are ready. 1: one is
    not, or there is no lab.

    Examples:
      rosace lab status
      rosace lab status --output json
    """
    from rosace.lab.status import status as asked

    seen = asked()
    if output == "json":
        print(json.dumps(asdict(seen), indent=2))
    elif output == "jsonl":
        print("\n".join(json.dumps(asdict(each)) for each in seen.clusters))
    else:
        for each in seen.clusters:
            _show(each)
    if not seen.clusters:
        say("there is no lab: `rosace lab up` makes one")
    elif output == "table":
        say(f"kubeconfig: {seen.kubeconfig}; logs: {seen.logs}/lab-*/logs")
    return 0 if seen.well else 1


def _show(cluster: LabCluster) -> None:
    from rosace.cli.tables import emit
    from rosace.model.quantity import Size

    rows = [
        {
            "name": each.name,
            "state": each.state,
            "up": f"{each.up:.0f}s" if each.up is not None else None,
            "restarts": each.restarts,
            "detail": each.detail or None,
        }
        for each in cluster.processes
    ]
    told = [column for column in COLUMNS if column[0] != "detail" or any(row["detail"] for row in rows)]
    if rows:
        emit(rows, told, "table", title=cluster.name)
    pods = ", ".join(f"{count} {phase.lower()}" for phase, count in sorted(cluster.pods.items())) or "none"
    why = f": {cluster.detail}" if cluster.detail else f" at {cluster.server}; pods: {pods}"
    say(f"{cluster.name} is {cluster.state}{why}; memory: {Size(cluster.memory)}")
