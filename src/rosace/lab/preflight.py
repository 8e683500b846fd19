"""What this machine must have before anything is built or started, each lack with its name and what to do.

Kernel features are tried, not read from a list: in namespaces of a child that end with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rosace.lab import programs, settings
from rosace.lab.cgroups import hierarchies
from rosace.lab.programs.pins import GoPin
from rosace.model.quantity import Size
from rosace.source.diagnostic import refuse

NEEDED = {"unshare": "util-linux", "nsenter": "util-linux", "mount": "mount", "ip": "iproute2"}
"""Programs of every Linux, and Debian's packages of them for the Linux that lacks one."""

CONTROLLERS = ("cpu", "memory", "pids", "cpuset")
"""cgroup controllers without which the kubelet does not start (pkg/kubelet/cm, validateSystemRequirements)."""


def system() -> None:
    """Refuses a system on which no container can run, and a user who may not start one."""
    if sys.platform != "linux":
        raise refuse("lab-system", "the lab runs containers, which takes Linux", hints=("use a Linux machine",))
    if os.geteuid() != 0:
        message = "the lab makes network namespaces, mounts and cgroups, which takes root"
        raise refuse("lab-root", message, hints=("sudo rosace lab up",))
    for program, package in NEEDED.items():
        if shutil.which(program) is None:
            raise refuse("lab-program", f"there is no program `{program}`", hints=(f"apt-get install {package}",))


def kernel(home: Path) -> None:
    """Refuses a kernel that lacks something, and names it; `home` is where overlays will be mounted."""
    if not Path("/proc/sys/net/bridge").is_dir():
        raise _lacks("br_netfilter", "services of pods on one node", "modprobe br_netfilter")
    _controllers()
    tried("bridge", "the network of pods", "modprobe bridge", ("ip", "link", "add", "tried", "type", "bridge"))
    veth = ("ip", "link", "add", "tried", "type", "veth", "peer", "name", "other")
    tried("veth", "cables of pods", "modprobe veth", veth)
    with tempfile.TemporaryDirectory(dir=home, prefix=".overlay.") as folder:
        for name in ("lower", "upper", "work", "seen"):
            (Path(folder) / name).mkdir()
        layers = f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
        mount = ("mount", "-t", "overlay", "-o", layers, "tried", f"{folder}/seen")
        tried("overlay", "images of containers", "a state folder on another file system: ROSACE_STATE", mount)


def rules(nft: Path) -> None:
    """Refuses a kernel without nftables and translation of addresses."""
    chain = "add table ip tried; add chain ip tried out { type nat hook postrouting priority srcnat; }"
    why = "addresses of services"
    tried("nf_tables with nat", why, "modprobe nft_chain_nat", (str(nft), chain))


def memory(available: int, clusters: int) -> None:
    """Refuses when the clusters would push this machine's other programs out."""
    if available < clusters * settings.MEMORY:
        message = (
            f"{clusters} clusters take {Size(clusters * settings.MEMORY)}, and {Size(available)} of memory are free"
        )
        raise refuse("lab-memory", message, hints=("close other programs, or ask for fewer `--clusters`",))


def builders(missing: Sequence[str]) -> None:
    """Refuses when a program has to be built and there is no Go."""
    built = [name for name in missing if isinstance(programs.pin(name), GoPin)]
    if built and shutil.which("go") is None:
        message = (
            f"{', '.join(built)}: built from source the first time, which takes Go, and there is no `go` on the PATH"
        )
        hints = ("install Go (go.dev/dl), or set ROSACE_CACHE to a cache in which they are",)
        raise refuse("lab-go", message, hints=hints)


def _controllers() -> None:
    found: set[str] = set()
    for root in hierarchies():
        both = root / "cgroup.controllers"
        found |= {*both.read_text().split()} if both.is_file() else {*root.name.split(",")}
    for controller in CONTROLLERS:
        if controller not in found:
            hint = f"mount it: mount -t cgroup2 none /sys/fs/cgroup, or boot with cgroup_enable={controller}"
            raise _lacks(f"the cgroup controller {controller}", "limits of pods", hint)


def tried(feature: str, use: str, hint: str, argv: tuple[str, ...]) -> None:
    """Runs a command that takes a feature, apart from this machine; refused with the feature's name where it fails."""
    apart = ("unshare", "--net", "--mount", "--propagation", "private")
    done = subprocess.run([*apart, *argv], capture_output=True, text=True, check=False)
    if done.returncode:
        raise _lacks(feature, use, hint, (done.stderr or done.stdout).strip().splitlines())


def _lacks(feature: str, use: str, hint: str, said: Sequence[str] = ()) -> Exception:
    why = f": {said[-1]}" if said else ""
    return refuse("lab-kernel", f"this kernel lacks {feature}, which {use} take{why}", hints=(hint,))
