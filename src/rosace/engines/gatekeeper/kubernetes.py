"""Gatekeeper on Kubernetes: what the platform's policies ask, and where. the chart lays it out.

Sources: open-policy-agent/gatekeeper v3.23.1, charts/gatekeeper (labels, ports, values);
open-policy-agent.github.io/gatekeeper/website, "Exempting Namespaces", "Failing Closed", v3.23.x.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rosace.contract.cluster import ClusterSite, KubernetesRoom, OfferedSite, PlacedSite, resources
from rosace.contract.monitoring import Watch
from rosace.contract.needs import Parity
from rosace.contract.operator import Image, Operator
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, SCRAPED, Serves, Workload
from rosace.engines.gatekeeper import settings, watching
from rosace.engines.gatekeeper.spec import GatekeeperSpec
from rosace.engines.gatekeeper.values import GatekeeperValues
from rosace.kit import trial
from rosace.kit.manifest import name_labels
from rosace.model.quantity import Size

PINNED = versions(Path(__file__).parent)

IMAGE = PINNED.image("gatekeeper")
CLIENT = PINNED.image("gatekeeper-crds")
"""Its own image with `/kubectl` and nothing else that runs (crd.Dockerfile)."""

USER = 65532
"""The user of that image."""

KINDS = (
    "assign.mutations",
    "assignimage.mutations",
    "assignmetadata.mutations",
    "configpodstatuses.status",
    "configs.config",
    "connectionpodstatuses.status",
    "connections.connection",
    "constraintpodstatuses.status",
    "constrainttemplatepodstatuses.status",
    "constrainttemplates.templates",
    "expansiontemplate.expansion",
    "expansiontemplatepodstatuses.status",
    "modifyset.mutations",
    "mutatorpodstatuses.status",
    "providerpodstatuses.status",
    "providers.externaldata",
    "syncsets.syncset",
)
"""Its definitions, without the domain (charts/gatekeeper/crds)."""

_SERVES: Serves = {SCRAPED: (settings.METRICS,)}
_JUDGE = {"app": "gatekeeper", "control-plane": "controller-manager", "gatekeeper.sh/operation": "webhook"}
_AUDIT = {"app": "gatekeeper", "control-plane": "audit-controller", "gatekeeper.sh/operation": "audit"}
"""The labels by which the chart tells its two deployments apart."""

UPSTREAM = PINNED.chart("gatekeeper")


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "policies"
    shape = GatekeeperValues

    def values(self, site: ClusterSite) -> GatekeeperValues:
        words = site.checked.platform.policies
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels("gatekeeper"),
            "enforcement": words.enforce,
            # Without Argo CD: first without constraints, whose kinds are not there yet.
            "constrain": True,
            "namespaces": {"labels": {settings.PART_OF: site.platform}, "without": _without(site)},
            "library": settings.text(settings.LIBRARY),
            "policies": settings.policies(words, site.checked.platform.delivery.registry, _exempt(site)),
            "test": trial.trial("gatekeeper", site.image(CLIENT), USER),
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        audit = Workload("gatekeeper-audit", "gatekeeper", _home(site), _AUDIT, _SERVES, (API_SERVER,))
        return (audit, trial.peer("gatekeeper", site.namespace, (API_SERVER,)))

    def operators(self, site: OfferedSite) -> tuple[Operator, ...]:
        space = _home(site)
        pods = Workload(
            "gatekeeper-webhook",
            "gatekeeper",
            space,
            _JUDGE,
            _SERVES,
            (API_SERVER,),
            webhook=(settings.WEBHOOK,),
        )
        return (
            Operator(
                upstream=UPSTREAM,
                namespace=space,
                crds=tuple(f"{kind}.gatekeeper.sh" for kind in KINDS),
                values=self._chart(site),
                workload=pods,
            ),
        )

    def _chart(self, site: OfferedSite) -> dict[str, Any]:
        """Values of its chart. Hooks that other parts of the platform make needless are off."""
        spec = site.words(GatekeeperSpec)
        repository, _, tag = site.image(IMAGE).rpartition(":")
        each = {"resources": resources(spec.resources, "100m", Size.parse("512Mi"))}
        return {
            "replicas": spec.replicas,
            "auditInterval": round(spec.audit),
            "image": {"repository": repository, "release": tag},
            # Where it does not answer, a cluster goes on, and the audit finds what came in meanwhile.
            "validatingWebhookFailurePolicy": "Ignore",
            # Unsaid, the other half of the webhook stops every change of a namespace then.
            "validatingWebhookCheckIgnoreFailurePolicy": "Ignore",
            "disableMutation": True,
            "controllerManager": {**each, "exemptNamespaces": ["kube-system"]},
            "audit": each,
            "upgradeCRDs": {"enabled": False},
            "postInstall": {"labelNamespace": {"enabled": False}, "probeWebhook": {"enabled": False}},
        }

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (IMAGE, CLIENT)

    def watch(self, site: ClusterSite) -> Watch:
        return watching.watch(_home(site), {"webhook": _JUDGE, "audit": _AUDIT})

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        words = site.checked.platform.policies
        return (
            Parity(
                "policies",
                "none",
                f"{words.enforce}: {', '.join(self.values(site)['policies'])}",
                "not representable",
                "this machine has no API server that could refuse a process",
            ),
            Parity(
                "pods of operators",
                "none",
                "let in as their makers wrote them",
                "not representable",
                "their charts, not the platform, say what they look like; Pod Security holds for them all the same",
            ),
        )


def _home(site: PlacedSite) -> str:
    """Where its chart's pods are."""
    return site.operator_namespace(UPSTREAM, site.namespace)


def _without(site: ClusterSite) -> list[str]:
    """Namespaces in which only operators live, its own among them, and those of pods that must reach the node."""
    ours = {*site.namespaces.engines.values(), *site.namespaces.projects.values()} - {site.namespace}
    return sorted(({*site.around.operators, site.namespace} - ours) | site.around.privileged)


def _exempt(site: ClusterSite) -> list[Passed]:
    """Pods of operators in namespaces that they share with others."""
    without = _without(site)
    return [
        {"namespace": space, "labels": dict(labels)}
        for space, pods in sorted(site.around.operators.items())
        if space not in without
        for labels in pods
    ]


KUBERNETES = Kubernetes()
