"""The words a user may write under `engines: {rancher: ...}`. Its address is said under `delivery:`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.addresses import Host
from rosace.model.cluster_words import LabelValue
from rosace.model.names import Name
from rosace.model.platform import Platform, Words
from rosace.model.spelled import Spelled


class Store(Words):
    """A bucket outside the platform, reached by TLS: what brings a cluster back may not lie on that cluster."""

    endpoint: Host
    """The S3 service, such as `s3.eu-west-3.amazonaws.com`."""
    bucket: Name
    """The bucket."""
    region: LabelValue | None = None
    """Its region."""
    credential: (
        Annotated[
            str,
            Field(max_length=317),
            Spelled(r"^[a-z0-9-]+:[a-z0-9-]+$", "a credential's namespace and name, `cattle-global-data:cc-abcde`"),
        ]
        | None
    ) = None
    """A cloud credential of Rancher, `cattle-global-data:cc-abcde`, by which clusters store their snapshots."""


class RancherSpec(Words):
    """Settings of what is asked of Rancher."""

    principals: Annotated[
        str, Field(max_length=63), Spelled(r"^[a-z0-9_]+$", "a kind of principal, such as `keycloakoidc_group`")
    ] = "keycloakoidc_group"
    """What Rancher writes before the name of a group, by its identity provider: `azuread_group`, `okta_group`."""
    names: dict[Name, Name] = {}
    """A cluster's name to its name in Rancher, where they are not the same."""
    store: Store | None = None
    """Where backups of Rancher and snapshots of etcd go; without it snapshots stay on nodes, and Rancher has none."""


def wanted(platform: Platform) -> bool:
    """True where the platform says Rancher's address."""
    return platform.target == "kubernetes" and platform.delivery.rancher is not None
