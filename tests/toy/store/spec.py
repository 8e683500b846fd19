"""The words of the toy store."""

from __future__ import annotations

from rosace.model.platform import Words


class StoreSpec(Words):
    """Settings of the toy store."""
