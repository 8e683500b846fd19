"""JupyterHub's section of the chart `notebooks`: the hub, the proxy before it, and what people choose from.

Names in `config` and in profiles are JupyterHub's and KubeSpawner's own (jupyterhub.readthedocs.io;
jupyterhub-kubespawner.readthedocs.io, `profile_list`).
"""

from __future__ import annotations

from rosace.contract.values import Passed, Resources, Section, Trial, Values, Volume


class Server(Values):
    """What the pods of hub and proxy have alike."""

    image: str
    """The image."""
    resources: Resources
    """What the container asks for and may take."""
    securityContext: Passed
    """As whom the pod runs."""


class Hub(Server):
    """Who knows people and starts their servers."""

    port: int
    """The port that it listens at."""
    storage: Volume
    """The volume of its database."""


class ProxyPorts(Values):
    """Where the proxy listens."""

    http: int
    """For people."""
    api: int
    """For the hub, which tells it the routes."""


class Proxy(Server):
    """Who takes people to the hub and to their servers."""

    ports: ProxyPorts
    """Where it listens."""


class Secrets(Values):
    """Secrets that hub and proxy read, by name."""

    hub: str
    """The hub's own: the proxy's token, and what it signs and encrypts with."""
    login: str
    """What the identity provider gave it: its client and addresses."""


class Profile(Values):
    """A kind of server that people choose."""

    display_name: str
    """What they read."""
    slug: str
    """Its name in addresses."""
    groups: list[str]
    """Whose members see it; everybody does where there are none."""
    kubespawner_override: Passed
    """Settings of KubeSpawner for such a server: namespace, cores, bytes, variables."""


class JupyterValues(Section):
    """All that the chart knows of JupyterHub."""

    name: str
    """What the names of its objects begin with, and that of the service."""
    hub: Hub
    """The hub."""
    proxy: Proxy
    """The proxy."""
    secrets: Secrets
    """What is secret."""
    namespaces: list[str]
    """Where the hub may start servers."""
    config: dict[str, Passed]
    """The hub's configuration: class, such as `KubeSpawner`, to its settings."""
    profiles: list[Profile]
    """What people choose from."""
    test: Trial
    """The pod by which `helm test` asks it."""
