"""`rosace lab load`: gives an image to every cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.failures import say


def load(image: Annotated[Path, Parameter(help="An archive: an OCI layout, or what `docker save` writes.")], /) -> int:
    """Take an image into every cluster of the lab, where pods name it by the name in the archive.

    A pod that uses it says `imagePullPolicy: IfNotPresent` or `Never`: there is no registry to ask.

    Examples:
      rosace lab load image.tar
    """
    from rosace.lab.images import load as take

    for cluster, said in take(image).items():
        say(f"{cluster}: {said}")
    return 0
