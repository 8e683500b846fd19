"""What is known of the toy store: its port, and the capability that it alone offers."""

from __future__ import annotations

from dataclasses import dataclass

from rosace.model.capabilities import Address, Capability

HTTP = 7070


@dataclass(frozen=True, slots=True)
class StoreEndpoint(Capability):
    """Where the store takes records."""

    address: Address
