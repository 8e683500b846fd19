"""`rosace lab`: Kubernetes on this machine. Each word after it has a file here."""

from __future__ import annotations

from cyclopts import App

from rosace.cli.options import Output

lab = App(name="lab")
WORDS = {
    "up": "Start clusters, and wait until they are ready",
    "status": "What runs in them, and whether they are ready",
    "load": "Give an image to every cluster",
    "down": "End them; nothing of them is left",
}
for _number, (_word, _line) in enumerate(WORDS.items()):
    lab.command(f"rosace.cli.verbs.lab.{_word}:{_word}", name=_word, help=_line, sort_key=_number)


@lab.default
def shown(*, output: Output = "table") -> int:
    """Real Kubernetes on this machine, without Docker: API server, node, pods, services with names, network policies
    that hold, volumes, load balancers.

    A cluster is a process of its own with its own network, mounts and processes, reached at an address on a bridge of
    the lab. It takes Linux and root. Its programs are built from their sources and taken out of Debian's packages the
    first time, which takes minutes, into Rosace's cache; nothing is installed. The lab does not reach beyond this
    machine: an image comes into it by `rosace lab load`. Without a word after it, this is `rosace lab status`.

    Examples:
      sudo rosace lab up
      eval "$(rosace lab up)"
      rosace lab up --clusters 3
      kubectl get pods --all-namespaces
      rosace lab load image.tar
      rosace lab down
    """
    from rosace.cli.verbs.lab.status import status

    return status(output=output)
