"""Takes images into the clusters of a running lab."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from rosace.lab import preflight, programs, running, settings
from rosace.lab.layout import Lab
from rosace.source.diagnostic import refuse


def load(archive: Path) -> Mapping[str, str]:
    """Gives an archive to each cluster and says what containerd made of it; refused where it takes none."""
    preflight.system()
    if not archive.is_file():
        raise refuse("lab-image", f"there is no file {archive}")
    containerd = programs.here("containerd")
    running_now = [each for each in Lab.mine().clusters() if running.machine(each)]
    if containerd is None or not running_now:
        raise refuse("lab-stopped", "no cluster of the lab runs", hints=("rosace lab up",))
    taken: dict[str, str] = {}
    for cluster in running_now:
        # The archive comes by its open file: inside, its place may be covered.
        ctr = str(containerd.with_name("ctr"))
        argv = running.enter(cluster, ctr, "-a", settings.RUN, "-n", "k8s.io", "images", "import", "-")
        with archive.open("rb") as opened:
            done = subprocess.run(argv, stdin=opened, capture_output=True, text=True, check=False)
        if done.returncode:
            message = f"{cluster.name} does not take {archive}: {done.stderr.strip()[-300:]}"
            raise refuse("lab-image", message, hints=("an OCI layout or what `docker save` writes, as a tar file",))
        taken[cluster.name] = done.stdout.strip().splitlines()[0] if done.stdout.strip() else "taken"
    return taken
