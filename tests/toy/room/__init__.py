"""A toy engine: the smallest complete room. Says hello over HTTP."""

from __future__ import annotations

from rosace.contract.engine import Engine
from rosace.engines.toy.spec import ToySpec
from rosace.model.platform import Platform


def _wanted(platform: Platform) -> bool:
    return "toy" in platform.engines


ENGINE = Engine(
    name="toy",
    title="Toy",
    package="rosace.engines.toy",
    summary="says hello over HTTP",
    spec=ToySpec,
    wanted=_wanted,
)
