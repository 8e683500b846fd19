"""How secrets reach pods: fetched from the platform's store, or sealed by hand; never from Git in the clear.

Sources: external-secrets.io, "ExternalSecret" and "PushSecret" (API external-secrets.io/v1, and v1alpha1 for pushing);
its repository, docs/snippets/full-external-secret.yaml and full-pushsecret.yaml. Its definitions are in no package, so
that no test holds these objects against them.
"""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rosace.contract.needs import SecretNeed
from rosace.contract.values import Section, Values
from rosace.plan.clusters.topology import Estate
from rosace.plan.clusters.workloads import secrets

REFRESH = "1h0m0s"
"""How soon a changed secret arrives."""


_From = TypedDict("_From", {"from": Annotated[str, Field(description="Its place in the platform's store.")]})


class Pushed(Values, _From):
    """A secret that the store learns from here."""

    keys: list[str]
    """Its keys."""


class Fetched(Pushed):
    """A secret that the store has."""

    purpose: str
    """What for, in words."""
    type: NotRequired[str]
    """Of the Secret itself, such as `kubernetes.io/tls`; opaque where unsaid."""
    labels: NotRequired[dict[str, str]]
    """Of the Secret itself, where its reader looks at them."""
    annotations: NotRequired[dict[str, str]]
    """The same."""


class SecretsValues(Section):
    """How secrets come and go."""

    store: str
    """The ClusterSecretStore."""
    refresh: str
    """How soon a changed secret arrives, such as `1h0m0s`."""
    fetched: dict[str, dict[str, Fetched]]
    """Namespace to the secrets it gets, by name."""
    pushed: dict[str, dict[str, Pushed]]
    """Namespace to the secrets that are made there and read elsewhere, by name."""


class Secrets:
    """See `rosace.deliver.concerns.Concern`."""

    name = "secrets"
    chart = "governance"
    shape = SecretsValues

    def values(self, estate: Estate, cluster: str) -> SecretsValues:
        """What is fetched into each namespace, and what the store learns from here."""
        delivery = estate.checked.platform.delivery
        found: dict[str, dict[str, Fetched]] = {}
        for need in brought(estate, cluster):
            found.setdefault(need.namespace, {})[need.name] = _fetched(estate, need)
        pushed: dict[str, dict[str, Pushed]] = {}
        for need in _copied(estate, cluster):
            pushed.setdefault(need.namespace, {})[need.name] = {"from": remote(estate, need), "keys": list(need.keys)}
        return {
            "enabled": delivery.secrets == "external-secrets" and bool(found or pushed),
            "namespace": "",
            "labels": {},
            "store": delivery.secret_store,
            "refresh": REFRESH,
            "fetched": found,
            "pushed": pushed,
        }


def brought(estate: Estate, cluster: str) -> tuple[SecretNeed, ...]:
    """The secrets of a cluster that nobody there makes."""
    return tuple(need for need in secrets(estate, cluster) if not need.generated)


def remote(estate: Estate, need: SecretNeed) -> str:
    """A secret's place in the store. The same secret in several namespaces is there once."""
    return f"{estate.platform}/{estate.environment}/{origin(need)}"


def origin(need: SecretNeed) -> str:
    """The name of the secret whose content this one has: its own, or that of the one it mirrors."""
    return need.copies_of.rpartition("/")[2] or need.name


def _fetched(estate: Estate, need: SecretNeed) -> Fetched:
    said: Fetched = {"from": remote(estate, need), "keys": list(need.keys), "purpose": need.purpose}
    if need.type:
        said["type"] = need.type
    if need.labels:
        said["labels"] = dict(need.labels)
    if need.annotations:
        said["annotations"] = dict(need.annotations)
    return said


def _copied(estate: Estate, cluster: str) -> list[SecretNeed]:
    """Secrets that an operator makes here, and that somebody elsewhere reads: the store has to learn them."""
    wanted = {need.copies_of for one in estate.clusters for need in secrets(estate, one) if need.copies_of}
    made = (need for need in secrets(estate, cluster) if need.generated)
    return [need for need in made if f"{need.namespace}/{need.name}" in wanted]


def sealing(estate: Estate, cluster: str) -> list[str]:
    """For `sealed-secrets`: the commands that seal what a cluster needs; `build` has no ciphertext and writes none.

    Values are read from files that the person has (`values/<secret>/<key>`), never from a command line.
    """
    lines: list[str] = []
    for need in brought(estate, cluster):
        files = " ".join(f"--from-file={key}=values/{origin(need)}/{key}" for key in need.keys)
        kind = f" --type={need.type}" if need.type else ""
        parts = [
            f"kubectl create secret generic {need.name} -n {need.namespace}{kind} {files} --dry-run=client -o yaml"
        ]
        parts += [
            f"kubectl {verb} -f - --local -o yaml {' '.join(f'{key}={value}' for key, value in sorted(said.items()))}"
            for verb, said in (("label", need.labels), ("annotate", need.annotations))
            if said
        ]
        sealed = f"sealed/{cluster}/{need.namespace}-{need.name}.yaml"
        lines.append(" | ".join([*parts, f"kubeseal --format yaml > {sealed}"]))
    return lines


CONCERN = Secrets()
