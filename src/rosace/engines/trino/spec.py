"""The words a user may write under `engines: {trino: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from rosace.kit.owned import free_of
from rosace.model.cluster_words import Autoscale, Resources
from rosace.model.platform import Platform, Words, as_text
from rosace.model.quantity import Size
from rosace.model.spelled import Spelled

HEAP_FLOOR = Size.mebibytes(512)
"""The smallest heap: measured, the flights example's queries and a full scan of its topic run in it."""

OWNED = {
    "coordinator": "Rosace runs one node that coordinates and works",
    "node-scheduler.include-coordinator": "Rosace runs one node that coordinates and works",
    "http-server.http.port": "Rosace chooses addresses and ports",
    "discovery.uri": "Rosace chooses addresses and ports",
    "node.": "Rosace names the node and keeps it on the loopback address",
    "plugin.dir": "plug-ins come with the locked artifact",
    "catalog.": "catalogs follow from the platform's tables and topics",
    "web-ui.": "the console's user is the platform's",
    "internal-communication.": "nodes trust each other by a secret of the platform's",
    "management.user": "probes and metrics are asked by a user of Rosace's own",
    "shutdown.grace-period": "it must fit the time that pods get to end",
}
"""Settings that Rosace owns, with all below them, and why."""


class TrinoSpec(Words):
    """Settings of the query engine."""

    memory: Annotated[Size, Field(ge=HEAP_FLOOR)] = Field(default_factory=lambda: Size.mebibytes(768))
    """The Java heap. One query may take half of it; what needs more is refused with a message that says so."""
    settings: Annotated[
        dict[Annotated[str, Spelled(r"^[a-z][a-z0-9.-]*$", "a setting of Trino, such as `spill-enabled`")], str],
        BeforeValidator(as_text),
        AfterValidator(free_of(OWNED)),
    ] = Field(default_factory=dict)
    """Further lines of config.properties, such as `spill-enabled: true`; those that Rosace owns are refused."""

    resources: Resources = Resources.model_construct()
    """On clusters: what each worker gets; three quarters of its memory become the Java heap."""
    coordinator: Resources = Resources.model_construct()
    """On clusters: what the coordinator gets, which plans queries and computes nothing itself."""
    autoscale: Autoscale = Autoscale(min=2, max=6)
    """On clusters: between how many workers and how many, by the CPU that they use."""
    concurrency: Annotated[int, Field(strict=True, ge=1, le=1000)] = 20
    """On clusters: how many queries run at a time, of all projects together; each project has its share of them."""


def wanted(platform: Platform) -> bool:
    """True where there is something to ask, or a table to look at."""
    return bool(platform.queries or platform.verify or platform.tables)
