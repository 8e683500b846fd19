"""Artifacts: the engines' own files, fetched by coordinates, verified, and kept once."""

from __future__ import annotations

from rosace.local.artifacts.cache import Cache, Check, cache_root
from rosace.local.artifacts.errors import ArtifactError
from rosace.local.artifacts.model import Artifact, Unpack, parse_artifacts

__all__ = [
    "Artifact",
    "ArtifactError",
    "Cache",
    "Check",
    "Unpack",
    "cache_root",
    "parse_artifacts",
]
