"""The words a user may write under `engines: {grafana: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rosace.model.addresses import Url
from rosace.model.cluster_words import Disk, Resources
from rosace.model.platform import Platform, Words
from rosace.model.words import Switch
from rosace.source.quoted import quoted


def _plain(url: str) -> str:
    """An address that `grafana.ini` takes as it is."""
    if found := {*url} & {*'`#;%$"'}:
        raise ValueError(f"`{quoted(url)}`: Grafana takes `{min(found)}` for a quote, a comment or a variable")
    return url


class GrafanaSpec(Words):
    """Settings of Grafana."""

    url: Annotated[Url, AfterValidator(_plain)] | None = None
    """The address that people use, where something in front of it gives it one: links in alerts begin with it. Without
    what `grafana.ini` takes for a quote, a comment or a variable."""
    viewers: Switch = False
    """Whether anybody who reaches it may look, without a name."""
    resources: Resources = Resources.model_construct()
    """What it gets."""
    disk: Disk = Disk.model_construct()
    """Where people's own dashboards and preferences lie; those of engines come with the platform."""


def wanted(platform: Platform) -> bool:
    """A platform that says `monitoring:` is looked at."""
    return platform.monitoring is not None
