"""What the chart `policies` is told of Gatekeeper."""

from __future__ import annotations

from typing import Literal

from rosace.contract.values import Passed, Section, Trial, Values


class Namespaces(Values):
    """Where policies hold."""

    labels: dict[str, str]
    """Labels that a namespace has in which they hold."""
    without: list[str]
    """Namespaces in which they do not, whatever their labels."""


class Policy(Values):
    """What is asked of objects of some kinds."""

    kind: str
    """What its constraints are called."""
    rego: str
    """What is asked, in Rego."""
    kinds: list[Passed]
    """Of which kinds, as a constraint's `match` says it."""
    schema: Passed
    """The properties of its parameters, an OpenAPI schema each."""
    parameters: Passed
    """What this platform asks."""


class GatekeeperValues(Section):
    """Policies that Gatekeeper holds."""

    enforcement: Literal["deny", "warn", "dryrun"]
    """What happens to an object that breaks one."""
    constrain: bool
    """Whether policies are held against objects; Gatekeeper must know them first."""
    namespaces: Namespaces
    """Where."""
    library: str
    """What several policies share, in Rego."""
    policies: dict[str, Policy]
    """By name."""
    test: Trial
    """The pod by which `helm test` asks it."""
