"""What an engine asks of those who run clusters, and of those who change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parity:
    """One setting on this machine and on clusters. `why` is said where they differ."""

    setting: str
    local: str
    cluster: str
    verdict: Literal["same", "mapped", "not representable"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class SecretNeed:
    """A secret that must exist in `namespace` with these keys; its values never pass through here.

    `generated`: an operator makes it, so that nothing has to be brought. `copies_of`: `<namespace>/<name>` of the
    secret whose content it mirrors. `cluster`: the only one where it is read, though others have such a namespace too.
    `type`, `labels` and `annotations` are those of the Secret itself, where its reader
    looks at them.
    """

    name: str
    namespace: str
    keys: tuple[str, ...]
    purpose: str
    generated: bool = False
    copies_of: str = ""
    cluster: str = ""
    type: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Frozen:
    """A field of a kind that cannot be changed in place. `when`: it may still grow, or not even that."""

    kind: str
    path: str
    why: str
    when: Literal["changes", "shrinks"] = "changes"
