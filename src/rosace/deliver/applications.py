"""What Argo CD is told: a project, and an application for each set of definitions, operator and chart of a cluster.

Comes in: `Estate` and its releases. Goes out: objects of `argoproj.io/v1alpha1`, with the wave each belongs to. Argo CD
itself runs on one cluster and reaches the others by their server's address (through Rancher where there is one).

Sources: argo-cd.readthedocs.io (stable, 3.x): Application specification, Sync Phases and Waves, Sync Options, Projects,
Sync Windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rosace.contract.operator import Operator
from rosace.deliver.charts import cluster_kinds, kind_of
from rosace.deliver.concerns.watching import scraped
from rosace.deliver.releases import Release
from rosace.deliver.yamltext import dump
from rosace.kit.manifest import Obj
from rosace.model.cluster_words import Cluster, OperatorSource
from rosace.model.platform import Platform
from rosace.plan.clusters.topology import Estate, Part
from rosace.plan.clusters.workloads import namespaces, operators

API = "argoproj.io/v1alpha1"

PROJECT, DEFINITIONS, OPERATORS = -40, -30, -20
"""Waves: the project first, which has to allow what an application brings before that asks; then definitions (CRDs),
which Helm never upgrades, so that they come as applications of their own."""

WAVES = {
    "governance": -25,
    "management": -15,
    "policies": -15,
    "storage": -10,
    "serving": -10,
    "streaming": -5,
    "observability": 0,
}
"""Waves of charts: namespaces and quotas first, policies once there are operators, stores before those that use them;
what is not listed comes last."""

LAST = 5


@dataclass(frozen=True, slots=True)
class Application:
    """One Argo CD application and the wave it is synced in."""

    cluster: str
    name: str
    wave: int
    body: Obj


def server(estate: Estate, cluster: Cluster) -> str:
    """Where Argo CD finds a cluster's API server."""
    return address(estate.checked.platform, cluster)


def address(platform: Platform, cluster: Cluster) -> str:
    """A cluster's API server: as it is said, through Rancher, or the one that Argo CD runs on."""
    rancher = platform.delivery.rancher
    if cluster.server:
        return cluster.server
    if rancher and cluster.rancher:
        return f"{rancher.rstrip('/')}/k8s/clusters/{cluster.rancher}"
    return "https://kubernetes.default.svc"


def applications(estate: Estate, releases: tuple[Release, ...]) -> tuple[Application, ...]:
    """All applications, by cluster and wave."""
    found: list[Application] = []
    for cluster in estate.clusters:
        needed = operators(estate, cluster)
        found += [_definitions(estate, cluster, one) for _, one in needed if one.crds]
        found += [_operator(estate, cluster, part, one) for part, one in needed]
        found += [_release(estate, release) for release in releases if release.cluster == cluster]
    return tuple(sorted(found, key=lambda one: (list(estate.clusters).index(one.cluster), one.wave, one.name)))


_RETRY = {"limit": 5, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"}}
"""Of every application, the root too: what is refused now may be taken once a webhook or a definition is there."""


def _application(
    estate: Estate, cluster: str, name: str, wave: int, namespace: str, source: Mapping[str, Any], **sync: Any
) -> Application:
    options = ["ServerSideApply=true", "CreateNamespace=false", "FailOnSharedResource=true", *sync.pop("options", [])]
    body: Obj = {
        "apiVersion": API,
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": estate.checked.platform.delivery.argocd,
            "labels": {
                "app.kubernetes.io/part-of": estate.platform,
                "rosace.io/environment": estate.environment,
                "rosace.io/cluster": cluster,
            },
            "annotations": {"argocd.argoproj.io/sync-wave": str(wave)},
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {
            "project": project_name(estate),
            "destination": {"namespace": namespace, "server": server(estate, estate.clusters[cluster])},
            "source": dict(source),
            "syncPolicy": {
                "automated": {"prune": sync.pop("prune", True), "selfHeal": True},
                "retry": _RETRY,
                "syncOptions": options,
            },
            "revisionHistoryLimit": 10,
            **sync,
        },
    }
    return Application(cluster, name, wave, body)


def project_name(estate: Estate) -> str:
    """The Argo CD project of this platform in this environment."""
    return f"{estate.platform}-{estate.environment}"


def _definitions(estate: Estate, cluster: str, operator: Operator) -> Application:
    there = operator.upstream.definitions
    assert there, f"{operator.name} serves definitions, and its chart in versions.toml does not say where they are"
    source = {
        "repoURL": there.repository,
        "path": there.path,
        "targetRevision": there.revision,
        "directory": {"include": there.include},
    }
    name = f"{_prefix(estate, cluster)}-crds-{operator.name}"
    # Removing a definition removes every resource of its kind, hence what they stand for: never by itself.
    # Said as 0, which is what unsaid means, it is kept as unsaid, and would be a difference for ever.
    dropped = [".spec.versions[].additionalPrinterColumns[]?.priority"]
    differing = {"group": "apiextensions.k8s.io", "kind": "CustomResourceDefinition", "jqPathExpressions": dropped}
    kept = {"prune": False, "options": ["Prune=false"], "ignoreDifferences": [differing]}
    return _application(estate, cluster, name, DEFINITIONS, operator.namespace, source, **kept)


def _operator(estate: Estate, cluster: str, part: Part, operator: Operator) -> Application:
    elsewhere = estate.checked.platform.delivery.operators.get(operator.name)
    values = _merged(part.engine.kubernetes.operator_values(part.site, operator), elsewhere.values if elsewhere else {})
    name = f"{_prefix(estate, cluster)}-{operator.name}"
    namespace = operator.namespace
    helm: dict[str, Any] = {"skipCrds": True}
    pinned = operator.upstream
    source: dict[str, Any] = {"repoURL": pinned.repository, "chart": pinned.chart, "targetRevision": pinned.version}
    if elsewhere:
        source = _mirror(operator, elsewhere)
        name, namespace = elsewhere.application or name, elsewhere.namespace or namespace
    if values:
        helm["values"] = dump(values)
    return _application(estate, cluster, name, OPERATORS, namespace, {**source, "helm": helm})


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two sets of a chart's values as Helm merges them: mappings key by key, all else replaced."""
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        found[key] = _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return found


def _mirror(operator: Operator, place: OperatorSource) -> dict[str, Any]:
    revision = place.revision or operator.upstream.version
    if place.path:
        return {"repoURL": place.repo, "path": place.path, "targetRevision": revision}
    return {"repoURL": place.repo, "chart": operator.upstream.chart, "targetRevision": revision}


def _release(estate: Estate, release: Release) -> Application:
    delivery = estate.checked.platform.delivery
    base = "" if delivery.path == "." else f"{delivery.path}/"
    source = {
        "repoURL": delivery.git,
        "path": f"{base}charts/{release.chart}",
        "targetRevision": delivery.revision,
        "helm": {
            "releaseName": release.chart,
            "valueFiles": [
                f"../../env/{estate.environment}.yaml",
                f"../../clusters/{release.cluster}/values/{release.chart}.yaml",
            ],
        },
    }
    name = f"{_prefix(estate, release.cluster)}-{release.chart}"
    return _application(estate, release.cluster, name, WAVES.get(release.chart, LAST), release.namespace, source)


def _prefix(estate: Estate, cluster: str) -> str:
    """Names are unique within Argo CD: platform, environment, and the cluster where there are several."""
    parts = [estate.platform, estate.environment, *([cluster] if len(estate.clusters) > 1 else [])]
    return "-".join(parts)


def project(estate: Estate, apps: tuple[Application, ...], releases: tuple[Release, ...]) -> Obj:
    """What these applications may read, where they may write, and when."""
    delivery = estate.checked.platform.delivery
    repos = sorted({app.body["spec"]["source"]["repoURL"] for app in apps})
    kinds = {kind for one in releases for section in one.sections for kind in cluster_kinds(one.chart).get(section, ())}
    # Operators bring definitions, roles and webhooks of the whole cluster, and objects of their own kinds.
    kinds |= {*_OPERATOR_KINDS}
    kinds |= {
        kind_of(word) for here in estate.clusters for _, one in operators(estate, here) for word in one.upstream.kinds
    }
    spec: Obj = {
        "description": f"{estate.platform} in {estate.environment}",
        "sourceRepos": repos,
        "destinations": _destinations(estate, apps),
        "clusterResourceWhitelist": [{"group": group, "kind": kind} for group, kind in sorted(kinds)],
        "orphanedResources": {"warn": True},
    }
    if delivery.windows:
        spec["syncWindows"] = [
            {
                "kind": window.kind,
                "schedule": window.schedule,
                "duration": str(window.duration),
                "applications": ["*"],
                "manualSync": True,
                "timeZone": "UTC",
            }
            for window in delivery.windows
        ]
    return {
        "apiVersion": API,
        "kind": "AppProject",
        "metadata": {
            "name": project_name(estate),
            "namespace": delivery.argocd,
            "labels": {"app.kubernetes.io/part-of": estate.platform, "rosace.io/environment": estate.environment},
            "annotations": {"argocd.argoproj.io/sync-wave": str(PROJECT)},
        },
        "spec": spec,
    }


_OPERATOR_KINDS = [
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
]


def _destinations(estate: Estate, apps: tuple[Application, ...]) -> list[dict[str, str]]:
    """Where something of the platform lives, where its metrics are read, and what rooms name besides: no more."""
    pairs = {(app.body["spec"]["destination"]["server"], app.body["spec"]["destination"]["namespace"]) for app in apps}
    for cluster, one in estate.clusters.items():
        spaces = {*namespaces(estate, cluster), *scraped(estate, cluster)}
        spaces |= {space for part in estate.on(cluster) for space in part.engine.kubernetes.outposts(part.site)}
        pairs |= {(server(estate, one), space) for space in spaces}
    return [{"server": address, "namespace": namespace} for address, namespace in sorted(pairs)]


def root(estate: Estate) -> Obj:
    """The one application that a person applies by hand: it brings all others."""
    delivery = estate.checked.platform.delivery
    base = "" if delivery.path == "." else f"{delivery.path}/"
    return {
        "apiVersion": API,
        "kind": "Application",
        "metadata": {"name": project_name(estate), "namespace": delivery.argocd},
        "spec": {
            "project": "default",
            "destination": {"namespace": delivery.argocd, "server": "https://kubernetes.default.svc"},
            "source": {
                "repoURL": delivery.git,
                "path": f"{base}clusters",
                "targetRevision": delivery.revision,
                "directory": {"recurse": True, "include": "{*/applications/*.yaml,project.yaml}"},
            },
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "retry": _RETRY,
                "syncOptions": ["ServerSideApply=true"],
            },
        },
    }


HEALTH = """\
local told = obj.status and obj.status.health
if told and told.status then
  return {status = told.status, message = told.message or ""}
end
return {status = "Progressing", message = "not looked at yet"}
"""
"""How healthy an application is: without it waves do not wait for the applications of the wave before (Argo CD's
documentation, "Resource Health", section "Argocd App": taken out of the defaults in 1.8)."""


def settings(estate: Estate) -> Obj:
    """The lines of Argo CD's own configuration that waves rely on; merged into the ConfigMap that is there."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": estate.checked.platform.delivery.argocd,
            "labels": {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"},
        },
        "data": {"resource.customizations.health.argoproj.io_Application": HEALTH},
    }


SAID_BY_DEFAULT = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
"""Of a `remoteRef`, which is an entry of a list: what the server adds to one is a difference for ever (External Secrets
1.3.2 and 2.9.0, definition of ExternalSecret)."""


def webhook(estate: Estate) -> Obj | None:
    """The secret by which Argo CD knows that it is the Git server that calls it, merged into its own secret.

    Without a call Argo CD looks every three minutes (Argo CD's documentation, "Git Webhook Configuration"). None where
    secrets are sealed: their content cannot be known here.
    """
    delivery = estate.checked.platform.delivery
    if delivery.secrets != "external-secrets":
        return None
    kind = delivery.webhook or ("github" if "github" in delivery.git else "gitlab")
    remote = {"key": f"{estate.platform}/{estate.environment}/git-webhook", "property": "secret", **SAID_BY_DEFAULT}
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "git-webhook", "namespace": delivery.argocd},
        "spec": {
            "refreshInterval": "1h",
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": delivery.secret_store},
            "target": {"name": "argocd-secret", "creationPolicy": "Merge"},
            "data": [{"secretKey": f"webhook.{kind}.secret", "remoteRef": remote}],
        },
    }
