"""What runs in a cluster: each process with its arguments, what it waits for, and the files that configure it.

Pure but for the files that it writes into the cluster's folder. Kubernetes' programs are told what kubeadm tells them,
and what a machine inside a machine needs; the reasons stand beside.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.kit import whole
from rosace.lab import settings
from rosace.lab.layout import Cluster


@dataclass(frozen=True, slots=True)
class Service:
    """A process of a cluster. It starts when all of `waits` answer (`tcp:HOST:PORT`, `unix:PATH`, `ready:URL`, or
    `done:NAME` of one that ends); `once` is one that ends."""

    name: str
    argv: tuple[str, ...]
    waits: tuple[str, ...] = ()
    once: bool = False


API_READY = f"ready:https://127.0.0.1:{settings.API_PORT}/readyz"
ETCD = f"127.0.0.1:{settings.ETCD_PORT}"
AGENT = "rosace.lab.agent"
CONTAINERD = f"unix:{settings.RUN}"


def services(cluster: Cluster, programs: Mapping[str, Path], images: Mapping[str, Path]) -> tuple[Service, ...]:
    """All processes of a cluster, in the order in which they are shown. Writes their configuration."""
    configure(cluster, programs)
    return (*_control_plane(cluster, programs), *_node(cluster, programs, images))


def _control_plane(cluster: Cluster, programs: Mapping[str, Path]) -> tuple[Service, ...]:
    pki, home = cluster.pki, cluster.home
    peer = f"https://127.0.0.1:{settings.ETCD_PEER_PORT}"
    etcd = {
        "name": cluster.name,
        "data-dir": home / "etcd",
        "listen-client-urls": f"https://{ETCD}",
        "advertise-client-urls": f"https://{ETCD}",
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"{cluster.name}={peer}",
        "cert-file": pki / "etcd.crt",
        "key-file": pki / "etcd.key",
        "trusted-ca-file": pki / "etcd-ca.crt",
        "client-cert-auth": "true",
        "peer-cert-file": pki / "etcd.crt",
        "peer-key-file": pki / "etcd.key",
        "peer-trusted-ca-file": pki / "etcd-ca.crt",
        "peer-client-cert-auth": "true",
        # A lab that loses the power of this machine is made anew; a disk that syncs slowly would slow all of it.
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }
    scheduler = _client(cluster, "scheduler", settings.SCHEDULER_PORT)
    after = (API_READY,)
    return (
        Service("etcd", _argv(programs["etcd"], etcd)),
        Service("kube-apiserver", _argv(programs["kube-apiserver"], _api(cluster)), (f"tcp:{ETCD}",)),
        Service("kube-controller-manager", _argv(programs["kube-controller-manager"], _controllers(cluster)), after),
        Service("kube-scheduler", _argv(programs["kube-scheduler"], scheduler), after),
    )


def _api(cluster: Cluster) -> dict[str, object]:
    pki = cluster.pki
    return {
        "etcd-servers": f"https://{ETCD}",
        "etcd-cafile": pki / "etcd-ca.crt",
        "etcd-certfile": pki / "apiserver-etcd.crt",
        "etcd-keyfile": pki / "apiserver-etcd.key",
        "advertise-address": cluster.address,
        "secure-port": settings.API_PORT,
        "tls-cert-file": pki / "apiserver.crt",
        "tls-private-key-file": pki / "apiserver.key",
        "client-ca-file": pki / "ca.crt",
        "kubelet-client-certificate": pki / "apiserver-kubelet.crt",
        "kubelet-client-key": pki / "apiserver-kubelet.key",
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-key-file": pki / "accounts.pub",
        "service-account-signing-key-file": pki / "accounts.key",
        "service-account-issuer": f"https://kubernetes.default.svc.{settings.DOMAIN}",
        "service-cluster-ip-range": settings.services(cluster.index),
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "allow-privileged": "true",
        "requestheader-client-ca-file": pki / "front-proxy-ca.crt",
        "requestheader-allowed-names": "front-proxy-client",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-username-headers": "X-Remote-User",
        "proxy-client-cert-file": pki / "front-proxy.crt",
        "proxy-client-key-file": pki / "front-proxy.key",
        "profiling": "false",
    }


def _client(cluster: Cluster, user: str, port: int) -> dict[str, object]:
    """What the controller manager and the scheduler have in common."""
    config = cluster.home / f"{user}.kubeconfig"
    return {
        "kubeconfig": config,
        "authentication-kubeconfig": config,
        "authorization-kubeconfig": config,
        "bind-address": "127.0.0.1",
        "secure-port": port,
        "tls-cert-file": cluster.pki / f"{user}.crt",
        "tls-private-key-file": cluster.pki / f"{user}.key",
        "leader-elect": "false",
        "profiling": "false",
    }


def _controllers(cluster: Cluster) -> dict[str, object]:
    pki = cluster.pki
    return {
        **_client(cluster, "controllers", settings.CONTROLLERS_PORT),
        "root-ca-file": pki / "ca.crt",
        "client-ca-file": pki / "ca.crt",
        "requestheader-client-ca-file": pki / "front-proxy-ca.crt",
        "service-account-private-key-file": pki / "accounts.key",
        "cluster-signing-cert-file": pki / "ca.crt",
        "cluster-signing-key-file": pki / "ca.key",
        "use-service-account-credentials": "true",
        "service-cluster-ip-range": settings.services(cluster.index),
        "allocate-node-cidrs": "true",
        "cluster-cidr": settings.pods(cluster.index),
    }


def _node(cluster: Cluster, programs: Mapping[str, Path], images: Mapping[str, Path]) -> tuple[Service, ...]:
    home = cluster.home
    ctr = programs["containerd"].with_name("ctr")
    taken = " && ".join(f"{ctr} -a {settings.RUN} -n k8s.io images import '{file}'" for file in images.values())
    kubelet = {
        "config": home / "kubelet.json",
        "kubeconfig": home / "kubelet.kubeconfig",
        "root-dir": home / "kubelet",
        "hostname-override": cluster.name,
        "node-ip": cluster.address,
    }
    return (
        Service("containerd", (str(programs["containerd"]), "--config", str(home / "containerd.toml"))),
        Service("images", ("/bin/sh", "-c", taken), (CONTAINERD,), once=True),
        Service("kubelet", _argv(programs["kubelet"], kubelet), (CONTAINERD, "done:images", API_READY)),
        Service("kube-proxy", _argv(programs["kube-proxy"], {"config": home / "proxy.json"}), (API_READY,)),
        Service("agent", (sys.executable, "-m", AGENT, str(home), str(cluster.index), cluster.network), (API_READY,)),
    )


def _argv(program: Path, options: Mapping[str, object]) -> tuple[str, ...]:
    return (str(program), *(f"--{name}={value}" for name, value in options.items()))


def configure(cluster: Cluster, programs: Mapping[str, Path]) -> None:
    """Writes the files that the processes read."""
    home = cluster.home
    for user in ("controllers", "scheduler", "kubelet", "proxy"):
        _write(home / f"{user}.kubeconfig", _kubeconfig(cluster, user))
    _write(home / "kubelet.json", _kubelet(cluster))
    _write(home / "proxy.json", _proxy(cluster))
    _write(home / "cni" / "10-bridge.conflist", _network(cluster))
    whole.write(home / "containerd.toml", _containerd(cluster, programs).encode())
    # Names outside of the cluster are nobody's to answer: the lab does not reach beyond this machine.
    whole.write(home / "resolv.conf", b"nameserver 127.0.0.1\n")


def _write(path: Path, value: Mapping[str, Any]) -> None:
    whole.write(path, (json.dumps(value, indent=1) + "\n").encode())


def _kubeconfig(cluster: Cluster, user: str) -> dict[str, Any]:
    pki = cluster.pki
    server = {"server": cluster.server, "certificate-authority": str(pki / "ca.crt")}
    keys = {"client-certificate": str(pki / f"{user}.crt"), "client-key": str(pki / f"{user}.key")}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster.name, "cluster": server}],
        "users": [{"name": user, "user": keys}],
        "contexts": [{"name": cluster.name, "context": {"cluster": cluster.name, "user": user}}],
        "current-context": cluster.name,
    }


def _kubelet(cluster: Cluster) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "port": settings.KUBELET_PORT,
        "healthzBindAddress": "127.0.0.1",
        "healthzPort": settings.KUBELET_HEALTH_PORT,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(cluster.pki / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(cluster.pki / "kubelet.crt"),
        "tlsPrivateKeyFile": str(cluster.pki / "kubelet.key"),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cluster.cgroup}",
        # Machines with cgroup v1 are still about; kubelet 1.37 takes them when told so.
        "failCgroupV1": False,
        "failSwapOn": False,
        "containerRuntimeEndpoint": f"unix://{settings.RUN}",
        "clusterDomain": settings.DOMAIN,
        "clusterDNS": [settings.service(cluster.index, 10)],
        "resolvConf": str(cluster.home / "resolv.conf"),
        "podLogsDir": str(cluster.home / "pods"),
        # A lower score than its own takes CAP_SYS_RESOURCE, which a machine inside a machine may lack.
        "oomScoreAdj": 0,
        # The disk is this machine's, not the lab's: images must not go because something else filled it.
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        "serializeImagePulls": False,
    }


def _proxy(cluster: Cluster) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "metricsBindAddress": f"127.0.0.1:{settings.PROXY_METRICS_PORT}",
        "healthzBindAddress": f"127.0.0.1:{settings.PROXY_HEALTH_PORT}",
        "clientConnection": {"kubeconfig": str(cluster.home / "proxy.kubeconfig")},
        "clusterCIDR": settings.pods(cluster.index),
        "mode": "nftables",
        "hostnameOverride": cluster.name,
        "oomScoreAdj": 0,
        # The size of the table of connections is the whole machine's.
        "conntrack": {"maxPerCore": 0, "min": 0},
    }


def _network(cluster: Cluster) -> dict[str, Any]:
    """Pods on a bridge, each with its own address also towards others: network policies are about addresses."""
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": {
            "type": "host-local",
            "dataDir": str(cluster.home / "addresses"),
            "ranges": [[{"subnet": settings.pods(cluster.index)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    return {"cniVersion": "1.0.0", "name": cluster.name, "plugins": [bridge]}


def _containerd(cluster: Cluster, programs: Mapping[str, Path]) -> str:
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    return f"""\
version = 2
root = "{cluster.home / "containerd"}"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "{settings.RUN}"
[debug]
  level = "warn"
[{cri}]
  sandbox_image = "{settings.PAUSE}"
  disable_apparmor = true
  # runc could not lower the score of a pod without CAP_SYS_RESOURCE, and would say no more than "EOF".
  restrict_oom_score_adj = true
  [{cri}.cni]
    bin_dir = "{programs["bridge"].parent}"
    conf_dir = "{cluster.home / "cni"}"
  [{cri}.containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [{cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [{cri}.containerd.runtimes.runc.options]
        BinaryName = "{programs["runc"]}"
        SystemdCgroup = false
"""
