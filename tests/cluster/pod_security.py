"""The Pod Security Standard *restricted*, version 1.37, on one pod spec.

Comes in: a pod spec as a plain dict and its annotations. Goes out: what it breaks, as (path in the spec, sentence).
Source: kubernetes.io "Pod Security Standards" and the rules of k8s.io/pod-security-admission v0.37; the fixtures of
that module are run against this file where it can be had. What a later version adds has to be added here by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Spec = Mapping[str, Any]
Found = Iterator[tuple[str, str]]

VERSION = "1.37"

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}
SELINUX_TYPES = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
PROFILES = {"RuntimeDefault", "Localhost"}
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"

RESTRICTED_ONLY = (
    ".runAsNonRoot: must",
    ".runAsUser: must not be 0",
    ".allowPrivilegeEscalation: must be false",
    ".capabilities.drop: must hold ALL",
    ".seccompProfile.type: must be RuntimeDefault or Localhost, here",
)
"""Of what `broken_rules` says what *baseline* does not ask."""


def broken_rules(spec: Spec, annotations: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Every rule of *restricted* that the pod breaks, with the path of the field that has to change."""
    return [
        *_pod_rules(spec),
        *_apparmor_annotations(annotations or {}),
        *_volumes(spec),
        *(found for path, container in containers_of(spec) for found in _container_rules(spec, path, container)),
    ]


def containers_of(spec: Spec) -> Iterator[tuple[str, Spec]]:
    """Every container of a pod with its path: `containers[name]`."""
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for number, container in enumerate(spec.get(kind) or ()):
            yield f"{kind}[{container.get('name', number)}]", container


def _pod_rules(spec: Spec) -> Found:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field):
            yield field, "must not be true, the pod would share a namespace of its node"
    context = spec.get("securityContext") or {}
    at = "securityContext"
    yield from _both_levels(spec, at, context)
    for sysctl in context.get("sysctls") or ():
        if sysctl.get("name") not in SYSCTLS:
            yield f"{at}.sysctls", f"{sysctl.get('name')} is none of the safe sysctls"


def _container_rules(spec: Spec, path: str, container: Spec) -> Found:
    context = container.get("securityContext") or {}
    of_pod = spec.get("securityContext") or {}
    at = f"{path}.securityContext"
    windows = (spec.get("os") or {}).get("name") == "windows"
    yield from _both_levels(spec, at, context)
    if context.get("privileged"):
        yield f"{at}.privileged", "must not be true"
    if context.get("procMount") not in (None, "Default"):
        yield f"{at}.procMount", "must be Default or unsaid"
    if spec.get("hostUsers") is not False and context.get("runAsNonRoot") is None and not of_pod.get("runAsNonRoot"):
        yield f"{at}.runAsNonRoot", "must be true here or for the whole pod"
    if not windows:
        yield from _linux_rules(at, context, of_pod)
    for port in container.get("ports") or ():
        if port.get("hostPort"):
            yield f"{path}.ports", f"hostPort {port['hostPort']} must not be said"
    yield from _hosts(path, container)


def _linux_rules(at: str, context: Spec, of_pod: Spec) -> Found:
    """What a pod with `os.name: windows` cannot say, and need not."""
    if context.get("allowPrivilegeEscalation") is not False:
        yield f"{at}.allowPrivilegeEscalation", "must be false"
    capabilities = context.get("capabilities") or {}
    if "ALL" not in (capabilities.get("drop") or ()):
        yield f"{at}.capabilities.drop", "must hold ALL"
    for added in capabilities.get("add") or ():
        if added != "NET_BIND_SERVICE":
            yield f"{at}.capabilities.add", f"must not hold {added}, only NET_BIND_SERVICE"
    if context.get("seccompProfile") is None and of_pod.get("seccompProfile") is None:
        yield f"{at}.seccompProfile.type", "must be RuntimeDefault or Localhost, here or for the whole pod"


def _both_levels(spec: Spec, at: str, context: Spec) -> Found:
    """What must not be said wrongly, neither for the pod nor for a container."""
    if spec.get("hostUsers") is not False:
        if context.get("runAsNonRoot") not in (None, True):
            yield f"{at}.runAsNonRoot", "must not be false"
        if context.get("runAsUser") == 0:
            yield f"{at}.runAsUser", "must not be 0"
    windows = (spec.get("os") or {}).get("name") == "windows"
    seccomp = context.get("seccompProfile")
    if seccomp is not None and seccomp.get("type") not in PROFILES and not windows:
        yield f"{at}.seccompProfile.type", "must be RuntimeDefault or Localhost"
    apparmor = context.get("appArmorProfile")
    if apparmor is not None and apparmor.get("type") not in PROFILES:
        yield f"{at}.appArmorProfile.type", "must be RuntimeDefault or Localhost"
    selinux = context.get("seLinuxOptions") or {}
    if selinux.get("type") not in SELINUX_TYPES:
        yield f"{at}.seLinuxOptions.type", f"must not be {selinux['type']}"
    for field in ("user", "role"):
        if selinux.get(field):
            yield f"{at}.seLinuxOptions.{field}", "must not be said"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield f"{at}.windowsOptions.hostProcess", "must not be true"


def _hosts(path: str, container: Spec) -> Found:
    """Probes and hooks speak to the pod itself, never to another host (since 1.34)."""
    lifecycle = container.get("lifecycle") or {}
    asked = {name: container.get(name) for name in ("livenessProbe", "readinessProbe", "startupProbe")}
    asked |= {f"lifecycle.{name}": lifecycle.get(name) for name in ("postStart", "preStop")}
    for name, probe in asked.items():
        for way in ("httpGet", "tcpSocket"):
            if ((probe or {}).get(way) or {}).get("host"):
                yield f"{path}.{name}.{way}.host", "must not be said"


def _volumes(spec: Spec) -> Found:
    for volume in spec.get("volumes") or ():
        said = {key for key, value in volume.items() if value is not None} - {"name"}
        # A volume that says nothing becomes an emptyDir.
        if said and not said & VOLUMES:
            kinds, allowed = ", ".join(sorted(said)), ", ".join(sorted(VOLUMES))
            yield f"volumes[{volume.get('name')}]", f"is {kinds}; allowed are {allowed}"


def _apparmor_annotations(annotations: Mapping[str, str]) -> Found:
    for key, value in annotations.items():
        if key.startswith(APPARMOR) and value not in ("", "runtime/default") and not value.startswith("localhost/"):
            yield f"annotations[{key}]", "must be runtime/default or localhost/..."
