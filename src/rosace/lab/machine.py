"""The machine of a cluster: the first process in its own network, mounts and processes, which starts all others.

Run as `python -m rosace.lab.machine FOLDER` by `unshare`. Its end, however it comes, ends everything in it: the kernel
takes the processes, mounts, links and rules of these namespaces away with it, so nothing has to be cleared up.

Comes in: `machine.json`. Goes out: `state.json`, twice a second where something changed. Must not: change anything
that is not in a namespace of its own: the kernel's own settings are covered by files that say what the kubelet wants.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from rosace.lab.supervised import Supervised

TUNABLES = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
}
"""What the kubelet sets for the whole machine (component-helpers v0.37.2, node/util/sysctl). It does not where it reads
that all is so already."""

COVERED = ("/var/lib", "/var/log")
"""Folders in which programs write at names of their own (/var/lib/kubelet/device-plugins, /var/lib/cni)."""

TURN = 0.05
"""Seconds between two looks at all processes."""

AWAITED = 30.0
"""Seconds that the machine waits for its cable: who lays it may have been killed."""


def main(home: Path) -> int:
    """Makes the machine and stays until it is told to end."""
    told = json.loads((home / "machine.json").read_text(encoding="utf-8"))
    if not _connected():
        print("no cable came: whoever started this machine is gone", flush=True)
        return 1
    _network(told["address"], told["gateway"], told["routes"])
    _mounts(home, [Path(each) for each in told["kept"]])
    _rules(told["nft"], told["pods"], told["all_pods"])
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    watched = Supervised(home, told["services"], told["path"], told["authority"])
    while not ended:
        watched.turn()
        time.sleep(TURN)
    return 0


def _connected() -> bool:
    deadline = time.monotonic() + AWAITED
    while "eth0" not in {name for _, name in socket.if_nameindex()}:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _network(address: str, gateway: str, routes: dict[str, str]) -> None:
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "address", "add", address, "dev", "eth0")
    _run("ip", "link", "set", "eth0", "up")
    _run("ip", "route", "add", "default", "via", gateway)
    for pods, node in routes.items():
        _run("ip", "route", "add", pods, "via", node)
    _set("net/ipv4/ip_forward", 1)
    # A pod that reaches itself or its neighbour through a Service has to pass the rules of the bridge's machine too.
    _set("net/bridge/bridge-nf-call-iptables", 1)


def _mounts(home: Path, kept: list[Path]) -> None:
    """What is mounted from here on is this machine's only, and seen by its pods."""
    _run("mount", "--make-rshared", "/")
    (home / "tunables").mkdir(exist_ok=True)
    for name, value in TUNABLES.items():
        file = home / "tunables" / name.replace("/", "-")
        file.write_text(f"{value}\n", encoding="utf-8")
        if (place := Path("/proc/sys") / name).exists():
            _run("mount", "--bind", str(file), str(place))
    for folder in COVERED:
        own = home / "own" / folder.lstrip("/")
        own.mkdir(parents=True, exist_ok=True)
        for path in kept:
            if path.is_relative_to(folder):
                there = own / path.relative_to(folder)
                there.mkdir(parents=True, exist_ok=True)
                _run("mount", "--rbind", str(path), str(there))
        _run("mount", "--rbind", str(own), folder)
    _run("mount", "-t", "tmpfs", "-o", "mode=755", "run", "/run")
    (Path("/run") / "netns").mkdir()


def _rules(nft: str, pods: str, others: str) -> None:
    """Pods keep their address among themselves, in other clusters too, and have the node's towards everything else."""
    text = (
        "table ip rosace-lab { chain out { type nat hook postrouting priority srcnat; "
        f"ip saddr {pods} ip daddr != {others} masquerade; }}; }}\n"
    )
    subprocess.run([nft, "-f", "-"], input=text, text=True, check=True)


def _set(name: str, value: int) -> None:
    (Path("/proc/sys") / name).write_text(f"{value}\n", encoding="utf-8")


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(Path(sys.argv[1])))
