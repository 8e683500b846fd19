"""The words a user may write under `engines: {jupyter: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rosace.model.cluster_words import Disk
from rosace.model.platform import Platform, Words
from rosace.model.quantity import Duration


class JupyterSpec(Words):
    """Settings of the notebooks' hub."""

    disk: Disk = Disk.model_construct()
    """The home folder of each person."""
    idle: Annotated[Duration, Field(ge=Duration(60))] = Duration(3600)
    """A server that nobody uses for this long is stopped; the home folder stays."""


def wanted(platform: Platform) -> bool:
    """True where there are notebooks."""
    return bool(platform.notebooks)
