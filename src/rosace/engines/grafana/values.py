"""What the chart `observability` is told of Grafana."""

from __future__ import annotations

from rosace.contract.values import Passed, Resources, Section, Trial, Values, Volume


class Admin(Values):
    """The first user."""

    secret: str
    """The secret with its name and password."""
    user: str
    """The key of its name."""
    password: str
    """The key of its password."""


class Dashboards(Values):
    """Dashboards that the platform draws."""

    path: str
    """The folder in which Grafana finds them."""
    holders: list[str]
    """ConfigMaps that hold them; one that is not there is no harm."""


class GrafanaValues(Section):
    """Grafana: one pod, with its own database on a volume."""

    name: str
    """What its objects are called."""
    image: str
    """Of its pod."""
    port: int
    """Where it answers, by HTTP."""
    resources: Resources
    """What its pod gets."""
    storage: Volume
    """What keeps its database."""
    pod: Passed
    """What else is said of its pod: security."""
    admin: Admin
    """Who may do everything."""
    config: dict[str, dict[str, str]]
    """`grafana.ini`: section to keys; the volume lies at `data` of `paths`."""
    datasources: Passed
    """What it asks, as its provisioning takes it."""
    provider: Passed
    """Where it looks for dashboards, as its provisioning takes it."""
    dashboards: Dashboards
    """What it shows."""
    test: Trial
    """The pod by which `helm test` asks it."""
