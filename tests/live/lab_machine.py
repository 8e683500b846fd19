"""What of a lab can be seen on this machine from outside, whatever Rosace itself knows of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rosace.lab import programs
from rosace.lab.programs.pins import GoPin

KEPT = ("kernel/panic", "kernel/panic_on_oops", "vm/overcommit_memory", "net/ipv4/ip_forward")
CONNECTIONS = "net/netfilter/nf_conntrack_max"


def skipped() -> str:
    """Why there can be no lab here; empty where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a lab takes Linux and root"
    missing = unbuilt()
    if any(isinstance(programs.pin(name), GoPin) for name in missing) and not shutil.which("go"):
        return f"no Go to build {', '.join(missing)}"
    if missing and not shutil.which("apt-get"):
        return f"no apt-get to fetch {', '.join(missing)}"
    return ""


def unbuilt() -> list[str]:
    """The lab's programs that are not in the cache: to build all of them takes 24 minutes of one core."""
    return [name for name in programs.names() if programs.here(name) is None]


needs_lab = pytest.mark.skipif(bool(skipped()), reason=skipped() or "there can be a lab")


def traces(state: Path) -> Mapping[str, list[str]]:
    """Mounts, links, addresses, routes, rules, namespaces, cgroups, processes and settings, each as lines."""
    return {
        "mounts": sorted(line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()),
        "links": sorted(each["ifname"] for each in _json("ip", "-j", "link")),
        "routes": sorted(str(each["dst"]) for each in _json("ip", "-j", "route")),
        "rules": _lines(str(programs.made("nft").path), "list", "ruleset"),
        "namespaces": sorted(_namespaces()),
        "cgroups": sorted(str(path) for path in Path("/sys/fs/cgroup").glob("**/rosace-*")),
        "processes": sorted(_processes(str(state))),
        "files": sorted(str(path) for place in ("/run/netns", "/var/lib/cni", "/var/lib/kubelet", "/run/containerd")
                        for path in Path(place).glob("*")),
        "settings": [f"{name} {Path('/proc/sys', name).read_text().strip()}" for name in (*KEPT, CONNECTIONS)
                     if Path("/proc/sys", name).exists()],
    }  # fmt: skip


def _namespaces() -> set[str]:
    """Networks that live processes have besides the one of this machine: a pod that was left would have one."""
    own = Path("/proc/self/ns/net").readlink()
    found: set[str] = set()
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (network := (each / "ns" / "net").readlink()) != own:
                found.add(str(network))
    return found


def _processes(state: str) -> list[str]:
    found: list[str] = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(state in word for word in words) or "rosace.lab.machine" in words:
            found.append(" ".join(words)[:200])
    return found


def _json(*argv: str) -> list[dict[str, Any]]:
    return json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout or "[]")


def _lines(*argv: str) -> list[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()


@dataclass
class LabHere:
    """A lab of a test's own, by the command line, with a state folder of its own."""

    state: Path

    def run(self, *arguments: str, code: int | None = 0, timeout: float = 1200) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "rosace.cli", "lab", *arguments],
            env={**os.environ, "ROSACE_STATE": str(self.state), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"rosace lab {arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def kubectl(self, *arguments: str, given: Any = None, cluster: str = "lab-1", timeout: float = 120) -> str:
        """What kubectl prints; AssertionError with what it said where it fails."""
        kubeconfig = self.state / "lab" / "kubeconfig"
        done = subprocess.run(
            [str(programs.made("kubectl").path), "--kubeconfig", str(kubeconfig), "--context", cluster, *arguments],
            input=json.dumps(given) if given is not None else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"kubectl {arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--output", "json", code=None).stdout)


def differences(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """What is there now and was not, or the other way round."""
    return [f"{kind}: {each}" for kind in before for each in sorted({*before[kind]} ^ {*after[kind]})]
