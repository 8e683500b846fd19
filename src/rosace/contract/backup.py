"""What is copied into the backups' bucket again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rosace.contract import values
from rosace.contract.operator import Image


@dataclass(frozen=True, slots=True)
class Backup:
    """Something that is copied into the backups' bucket again and again: what a room with `backs_up` gives.

    `script` runs in `image` as `user` and writes files below `/copy/files` (the root of a new volume may hold more);
    `env` are its plain variables, `secrets` those from a secret's key (name, key). `storage` is the volume that holds
    one copy (size, class), `resources` what the container gets. Its pods carry the labels of
    `rosace.kit.backing.labels`; the room lists them in `workloads`.
    """

    name: str
    namespace: str
    image: Image
    script: str
    user: int
    env: Mapping[str, str]
    secrets: Mapping[str, tuple[str, str]]
    storage: values.Volume
    resources: values.Resources
