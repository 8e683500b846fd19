"""JupyterHub on Kubernetes, as plain pods of its distribution's images: what is decided. the chart lays it out.

Sources: github.com/jupyterhub/zero-to-jupyterhub-k8s (changelog: 4.4.0 holds JupyterHub 5.5.0; the role of the hub);
github.com/jupyterhub/configurable-http-proxy (5.2.0, `/_chp_healthz`); github.com/jupyter/docker-stacks (dated tags).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rosace.contract.cluster import ClusterSite, KubernetesRoom, Offered, OfferedSite, PlacedSite, resources, storage
from rosace.contract.monitoring import Panel, Rule, Scrape, Watch
from rosace.contract.needs import Parity, SecretNeed
from rosace.contract.operator import Image
from rosace.contract.values import Passed
from rosace.contract.versions import versions
from rosace.contract.workload import API_SERVER, INTERNET, SCRAPED, Needs, Own, Within, Workload
from rosace.engines.jupyter import settings
from rosace.engines.jupyter.spec import JupyterSpec
from rosace.engines.jupyter.values import JupyterValues, Profile
from rosace.kit import trial
from rosace.kit.manifest import name_labels, pod_security
from rosace.model.capabilities import USUAL_PORTS, BatchSession, Capability, Notebooks, S3Endpoint, SqlEndpoint
from rosace.model.cluster_words import Notebook, Resources
from rosace.model.quantity import Size

HUB_API, ROUTES, NOTEBOOK = Own("hub"), Own("routes"), Own("server")
"""What its pods serve each other."""

PINNED = versions(Path(__file__).parent)

NAME = "jupyter"
HUB = PINNED.image("jupyterhub")
PROXY = PINNED.image("configurable-http-proxy")
SERVER = PINNED.image("notebook")
USER = 1000
"""The user `jovyan` of the hub's image."""

LOGIN = ("client-id", "client-secret", "authorize-url", "token-url", "userdata-url", "callback-url")
"""Keys of the secret that tells the hub of the identity provider."""


class Kubernetes(KubernetesRoom):
    """See `rosace.contract.cluster.KubernetesRoom`."""

    chart = "notebooks"
    shape = JupyterValues

    def offers(self, site: PlacedSite, needed: Offered) -> tuple[Capability, ...]:
        return (Notebooks(site.address(NAME, USUAL_PORTS["http"], "http")),)

    def values(self, site: ClusterSite) -> JupyterValues:
        return {
            "enabled": True,
            "namespace": site.namespace,
            "labels": name_labels(NAME),
            "name": NAME,
            "hub": {
                "image": site.image(HUB),
                "port": settings.HUB,
                "resources": resources(Resources(), "200m", Size.parse("512Mi")),
                "storage": storage(
                    site.words(JupyterSpec).disk.model_copy(update={"size": None}), Size.parse("1Gi"), site.cluster
                ),
                "securityContext": pod_security(USER),
            },
            "proxy": {
                "image": site.image(PROXY),
                "ports": {"http": settings.PROXY, "api": settings.PROXY_API},
                "resources": resources(Resources(), "100m", Size.parse("256Mi")),
                "securityContext": pod_security(65534),
            },
            "secrets": {"hub": f"{NAME}-hub", "login": f"{NAME}-login"},
            "namespaces": sorted({space for space, _ in _homes(site).values()}),
            "config": self._config(site),
            "profiles": _profiles(site),
            "test": trial.trial(NAME, site.image(HUB), USER),
        }

    def _config(self, site: ClusterSite) -> dict[str, Passed]:
        spec = site.words(JupyterSpec)
        disk = storage(spec.disk, Size.parse("10Gi"), site.cluster)
        groups = sorted({group for profile in _profiles(site) for group in profile["groups"]})
        everybody = any(not profile["groups"] for profile in _profiles(site))
        hub = f"http://{site.service(f'{NAME}-hub')}:{settings.HUB}"
        return {
            "JupyterHub": settings.hub(hub, f"http://{NAME}-proxy:{settings.PROXY_API}", int(spec.idle)),
            "ConfigurableHTTPProxy": {
                "should_start": False,
                "api_url": f"http://{NAME}-proxy:{settings.PROXY_API}",
            },
            "GenericOAuthenticator": settings.login(groups, everybody),
            "KubeSpawner": {
                **settings.spawner(site.image(SERVER), disk["size"], disk.get("class", ""), _environment(site)),
                "extra_labels": {**settings.LABELS, "app.kubernetes.io/part-of": site.platform},
            },
        }

    def workloads(self, site: OfferedSite) -> tuple[Workload, ...]:
        spaces = sorted({space for space, _ in _homes(site).values()})
        servers = tuple(Within(f"notebook-{space}", NOTEBOOK) for space in spaces)
        stores = tuple(Needs(one) for one in (SqlEndpoint, S3Endpoint, BatchSession) if site.has(one))
        hub = Workload(
            "jupyter-hub",
            NAME,
            site.namespace,
            _pods("hub"),
            {HUB_API: (settings.HUB,), SCRAPED: (settings.HUB,)},
            (API_SERVER, INTERNET, Within("jupyter-proxy", ROUTES), *servers),
        )
        proxy = Workload(
            "jupyter-proxy",
            NAME,
            site.namespace,
            _pods("proxy"),
            {Notebooks: (settings.PROXY,), ROUTES: (settings.PROXY_API,)},
            (Within("jupyter-hub", HUB_API), *servers),
        )
        notebooks = (
            Workload(
                f"notebook-{space}",
                NAME,
                space,
                settings.LABELS,
                {NOTEBOOK: (settings.SERVER,)},
                (Within("jupyter-hub", HUB_API), *stores),
            )
            for space in spaces
        )
        return (hub, proxy, *notebooks, trial.peer(NAME, site.namespace, (Within("jupyter-proxy", Notebooks),)))

    def images(self, site: ClusterSite) -> tuple[Image, ...]:
        return (HUB, PROXY, SERVER)

    def secrets(self, site: ClusterSite) -> tuple[SecretNeed, ...]:
        own = (
            SecretNeed(f"{NAME}-hub", site.namespace, ("proxy-token", "cookie-secret", "crypt-key"), "of the hub"),
            SecretNeed(f"{NAME}-login", site.namespace, LOGIN, "the identity provider, as the hub asks it (OIDC)"),
        )
        if not site.has(S3Endpoint):
            return own
        name = site.need(S3Endpoint).secret
        spaces = sorted({space for space, _ in _homes(site).values()})
        return (*own, *(SecretNeed(name, space, ("access-key", "secret-key"), "S3 for notebooks") for space in spaces))

    def watch(self, site: ClusterSite) -> Watch:
        rules = (
            Rule(
                "JupyterServersFail",
                'sum(rate(jupyterhub_server_spawn_duration_seconds_count{status!="success"}[15m])) > 0',
                "15m",
                "warning",
                "Notebook servers do not start",
                "The hub's log says why: most often the project's quota is used up, or a volume cannot be made.",
            ),
        )
        panels = (
            Panel("Running servers", "sum(jupyterhub_running_servers)"),
            Panel("Servers started", "sum(rate(jupyterhub_server_spawn_duration_seconds_count[1h])) * 3600"),
        )
        return Watch((Scrape(NAME, site.namespace, _pods("hub"), "http", "/hub/metrics"),), rules, panels)

    def configuration(self, site: ClusterSite) -> Mapping[str, Mapping[str, str]]:
        told = self._config(site)
        return {"jupyterhub.json": {f"{part}.{key}": str(value) for part in told for key, value in told[part].items()}}

    def parity(self, site: ClusterSite) -> tuple[Parity, ...]:
        return tuple(
            Parity(
                f"notebook {name}",
                "",
                f"servers in namespace {space}",
                "not representable",
                "people here have a Python of their own; the hub is for many",
            )
            for name, (space, _) in _homes(site).items()
        )


def _pods(part: str) -> dict[str, str]:
    return name_labels(NAME, **{"app.kubernetes.io/component": part})


def _homes(site: OfferedSite) -> dict[str, tuple[str, Notebook]]:
    """Notebook to the namespace of its servers: its project's, or the hub's own."""
    found = site.checked.platform.notebooks
    projects = site.namespaces.projects
    spaces = {name: projects.get(one.project or "", site.namespace) for name, one in found.items()}
    return {name: (spaces[name], one) for name, one in sorted(found.items())}


def _profiles(site: ClusterSite) -> list[Profile]:
    """What people choose from: those whose groups they are in; all where there are no groups."""
    projects = site.checked.platform.projects
    return [
        {
            "display_name": name,
            "slug": name,
            "groups": sorted(projects[one.project].members) if one.project in projects else [],
            "kubespawner_override": {"namespace": space, **_amounts(one.resources), **_own(site, one)},
        }
        for name, (space, one) in _homes(site).items()
    ]


def _amounts(asked: Resources) -> Passed:
    """KubeSpawner takes bytes and cores as numbers. Memory asked for is memory allowed."""
    memory = int(asked.memory or Size.parse("2Gi"))
    found: Passed = {"mem_guarantee": memory, "mem_limit": memory, "cpu_guarantee": _cores(asked.cpu or "250m")}
    return {**found, "cpu_limit": _cores(asked.cpu_limit)} if asked.cpu_limit else found


def _cores(text: str) -> float | int:
    number = float(text[:-1]) / 1000 if text.endswith("m") else float(text)
    return int(number) if number.is_integer() else number


def _own(site: ClusterSite, one: Notebook) -> Passed:
    """What a notebook has of its own: its image, as whom it asks (queries of a project's notebooks count as the
    project's), and the Spark of its project, or that of everybody (`SPARK_REMOTE` is what Spark's own client reads)."""
    told: Passed = {}
    if site.has(SqlEndpoint):
        told["SQL_USER"] = one.project or site.need(SqlEndpoint).user
    if site.has(BatchSession):
        session = site.need(BatchSession)
        if server := dict(session.projects).get(one.project or "", session.control):
            told["SPARK_REMOTE"] = str(server)
    environment = {"environment": {**_environment(site), **told}} if told else {}
    return {**environment, **({"image": one.image} if one.image else {})}


def _environment(site: ClusterSite) -> Passed:
    """How notebooks reach the platform: SQL by its address, S3 as Amazon's own clients want it."""
    found: Passed = {}
    if site.has(SqlEndpoint):
        found["SQL_URL"] = str(site.need(SqlEndpoint).address)
    if site.has(S3Endpoint):
        store = site.need(S3Endpoint)
        found |= {"AWS_ENDPOINT_URL": str(store.address), "AWS_DEFAULT_REGION": store.region}
        for name, key in (("AWS_ACCESS_KEY_ID", "access-key"), ("AWS_SECRET_ACCESS_KEY", "secret-key")):
            found[name] = {"valueFrom": {"secretKeyRef": {"name": store.secret, "key": key}}}
    return found


KUBERNETES = Kubernetes()
