"""A toy store: an engine on clusters that topics are exported to, and that is watched. One folder, nothing else."""

from __future__ import annotations

from rosace.contract.engine import Engine
from rosace.engines.store.settings import StoreEndpoint
from rosace.engines.store.spec import StoreSpec
from rosace.model.platform import Platform


def _wanted(platform: Platform) -> bool:
    return any(export.to == "store" for export in platform.exports.values())


ENGINE = Engine(
    name="store",
    title="Store",
    package="rosace.engines.store",
    summary="keeps what topics export to it",
    spec=StoreSpec,
    wanted=_wanted,
    offers=(StoreEndpoint,),
    targets=("kubernetes",),
    exports=("store",),
)
