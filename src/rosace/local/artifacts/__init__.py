"""Artifacts: the engines' own files, fetched by coordinates, verified, and kept once."""

from __future__ import annotations

from rosace.local.artifacts.cache import Cache, Check, cache_root

__all__ = ["Cache", "Check", "cache_root"]
