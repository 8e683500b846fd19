"""What brings the records of a source into a platform that runs on clusters: what a room gives for each of its sources.

A bounded source is a Job: its pod is started again until it has sent everything. One that is followed is a Deployment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rosace.contract import values
from rosace.contract.operator import Image
from rosace.contract.workload import Use


@dataclass(frozen=True, slots=True)
class Step:
    """A container of the pod: `command` runs in `image`, with these variables and folders."""

    image: Image
    command: tuple[str, ...]
    env: values.Environment
    resources: values.Resources
    mounts: tuple[values.Mount, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """One source on a cluster. `files` lie below `rosace.kit.origins.TOLD` in each container.

    `fetch` brings the source's files before `send` starts, and goes on doing so beside it where the source is
    followed; None where they are there anyway. `claim` is the size and class of a volume that stays, for a source that
    is followed. `hopeless` is an exit code of `send` after which it is not started again.
    """

    name: str
    namespace: str
    follows: bool
    files: Mapping[str, str]
    send: Step
    fetch: Step | None
    user: int
    hopeless: int
    uses: tuple[Use, ...] = ()
    claim: values.Volume | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
