"""`rosace lab up`: programs, images, certificates, machines, and then the cluster itself until it is ready.

Comes in: how many clusters, and somebody to tell. Goes out: the lab, ready. A cluster that runs is left as it is, one
that was killed goes on with what it knew. Must not: leave half of a machine behind when it fails: `down` finds it all.
"""

from __future__ import annotations

import ipaddress
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from rosace.kit import whole
from rosace.lab import addons, cgroups, metrics, network, oci, pki, preflight, programs, running, settings
from rosace.lab.alone import alone
from rosace.lab.api import Api, Refusal
from rosace.lab.health import lacking
from rosace.lab.kubeconfig import write
from rosace.lab.layout import Cluster, Lab
from rosace.lab.services import services
from rosace.local.artifacts.cache import cache_root
from rosace.local.home import state_root
from rosace.local.machine import memory_available
from rosace.source.diagnostic import refuse

Tell = Callable[[str], None]

PATIENCE = 180.0
"""Seconds until a cluster that does not get ready is given up; with idle cores it takes 15."""


def up(number: int, tell: Tell) -> Lab:
    """Makes the lab have so many clusters, all ready. Raises Refused where it cannot."""
    preflight.system()
    lab = Lab.mine()
    with alone():
        if other := running.elsewhere(lab.home):
            message = f"another lab runs on this machine, of the folder {other}"
            hint = f"end that one first: ROSACE_STATE={other.parent} rosace lab down"
            raise refuse("lab-elsewhere", message, hints=(hint,))
        lab.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        preflight.kernel(lab.home)
        # Whatever can be refused is refused before minutes are spent on programs.
        clusters = _chosen(lab, number)
        off = [each for each in clusters if running.machine(each) is None]
        preflight.memory(memory_available(), len(off))
        made = _programs(tell)
        preflight.rules(made["nft"])
        images = _images(lab, made)
        lab.keep(clusters)
        network.bridge(clusters[0].network)
        with ThreadPoolExecutor(len(clusters)) as pool:
            for done in [pool.submit(_cluster, each, made, images, tell) for each in clusters]:
                done.result()
        write(lab, clusters)
        _linked(lab.kubectl, made["kubectl"])
    return lab


def _linked(link: Path, program: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(program)


def _chosen(lab: Lab, number: int) -> tuple[Cluster, ...]:
    """The clusters that shall be: those that are there already keep their network."""
    if not 1 <= number <= settings.MOST:
        message = f"a lab has 1 to {settings.MOST} clusters, not {number}"
        raise refuse("lab-clusters", message, hints=("rosace lab up --clusters 3",))
    before = lab.clusters()
    if len(before) > number:
        message = f"the lab has {len(before)} clusters, and one of them cannot be taken away alone"
        raise refuse("lab-clusters", message, hints=("`rosace lab down` first; it removes all of them",))
    return lab.planned(number, before[0].network if before else network.free())


def _programs(tell: Tell) -> Mapping[str, Path]:
    """Every program, made where the cache does not hold it."""
    missing = [name for name in programs.names() if programs.here(name) is None]
    preflight.builders(missing)
    if missing:
        tell(f"making {len(missing)} of {len(programs.names())} programs, once: it takes minutes")
    for name in missing:
        begun = time.monotonic()
        try:
            made = programs.made(name)
        except programs.Unavailable as error:
            raise refuse("lab-program", str(error)) from None
        tell(f"  {name} {programs.pin(name).version} ({made.origin}, {time.monotonic() - begun:.0f} s)")
    found = {name: programs.here(name) for name in programs.names()}
    return {name: path for name, path in found.items() if path is not None}


def _images(lab: Lab, made: Mapping[str, Path]) -> Mapping[str, Path]:
    """The images that a cluster needs to begin, as archives; made again where the program is another."""
    wanted = {settings.PAUSE: "pause", settings.COREDNS: "coredns", settings.METRICS: "metrics-server"}
    found: dict[str, Path] = {}
    for name, program in wanted.items():
        archive = lab.images / f"{program}-{programs.pin(program).version}.tar"
        if not archive.is_file():
            oci.image(archive, name, {f"/{program}": made[program]}, [f"/{program}"])
        found[name] = archive
    return found


def _cluster(cluster: Cluster, made: Mapping[str, Path], images: Mapping[str, Path], tell: Tell) -> None:
    begun = time.monotonic()
    if running.machine(cluster) is None:
        _start(cluster, made, images)
        tell(f"{cluster.name}: etcd, API server, controllers, scheduler, kubelet, kube-proxy started")
    elif _ready(cluster):
        tell(f"{cluster.name}: runs already")
        return
    api = Api(cluster)
    _until(cluster, begun, "its API server", lambda: api.get("/readyz") == "ok")
    tell(f"{cluster.name}: API server ready ({time.monotonic() - begun:.1f} s)")
    for path, value in (*addons.objects(cluster), *metrics.objects()):
        _until(
            cluster, begun, f"{value['kind']} {value['metadata']['name']}", lambda p=path, v=value: _applied(api, p, v)
        )
    _until(cluster, begun, "its node, its pods and their names", lambda: not lacking(api, cluster))
    tell(f"{cluster.name}: ready ({time.monotonic() - begun:.1f} s)")


def _start(cluster: Cluster, made: Mapping[str, Path], images: Mapping[str, Path]) -> None:
    running.end(cluster)  # half a machine, of an `up` that was killed
    cgroups.remove(cluster.cgroup)
    cluster.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    cluster.state.unlink(missing_ok=True)
    pki.make(cluster)
    cgroups.make(cluster.cgroup)
    _linked(cluster.nft, made["nft"])
    net = ipaddress.ip_network(cluster.network)
    beside = [str(path.parent) for name, path in made.items() if name in ("runc", "nft", "containerd")]
    plan = {
        "address": f"{cluster.address}/{net.prefixlen}",
        "gateway": str(net[1]),
        "pods": settings.pods(cluster.index),
        "all_pods": settings.ALL_PODS,
        "routes": {settings.pods(each.index): each.address for each in _others(cluster)},
        "nft": str(made["nft"]),
        "path": ":".join([*beside, os.environ.get("PATH", os.defpath)]),
        "authority": str(cluster.pki / "ca.crt"),
        "kept": [*dict.fromkeys(str(each) for each in _kept())],
        "services": [asdict(each) for each in services(cluster, made, images)],
    }
    whole.write(cluster.plan, json.dumps(plan, indent=1).encode())
    network.connect(cluster, running.start(cluster))


def _others(cluster: Cluster) -> list[Cluster]:
    """Every other cluster that there may be, now or later."""
    everyone = Lab.mine().planned(settings.MOST, cluster.network)
    return [each for each in everyone if each.index != cluster.index]


def _kept() -> list[Path]:
    """Folders that the machine must go on seeing wherever they are: state, programs, Python and Rosace itself."""
    python = [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).resolve().parents[2]]
    return [state_root(), cache_root().resolve(), *python]


def _applied(api: Api, path: str, value: Mapping[str, object]) -> bool:
    api.apply(path, value)
    return True


def _ready(cluster: Cluster) -> bool:
    try:
        return not lacking(Api(cluster), cluster)
    except (OSError, Refusal):
        return False


def _until(cluster: Cluster, begun: float, what: str, done: Callable[[], bool]) -> None:
    """Waits; refused with the last words of what does not come up."""
    said = ""
    while True:
        try:
            if done():
                return
        except OSError as error:
            said = str(error)
        except Refusal as error:
            if not error.passing:
                raise refuse("lab-refused", f"{cluster.name}: the API server refused {what}: {error}") from None
            said = str(error)
        if running.machine(cluster) is None:
            words = running.last_words(cluster.logs / "machine.log")
            raise refuse("lab-ended", f"the machine of {cluster.name} ended: {words}", hints=("rosace lab down",))
        if time.monotonic() - begun > PATIENCE:
            message = f"{cluster.name}: {what} is not ready after {PATIENCE:.0f} s{f' ({said})' if said else ''}"
            raise refuse("lab-late", message, hints=(f"logs are in {cluster.logs}", "rosace lab status"))
        time.sleep(0.1)
