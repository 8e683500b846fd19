"""The toy's own configuration."""

from __future__ import annotations

from rosace.engines.toy.spec import ToySpec


def page(spec: ToySpec) -> str:
    return spec.greeting + "\n"
