"""Gatekeeper: on clusters, what the platform's policies say, asked at every object that is made."""

from rosace.contract.engine import Engine
from rosace.engines.gatekeeper.spec import GatekeeperSpec, wanted

ENGINE = Engine(
    name="gatekeeper",
    title="Gatekeeper",
    package=__name__,
    summary="Refuses what breaks the platform's policies, and looks again at what is there already",
    spec=GatekeeperSpec,
    wanted=wanted,
    targets=("kubernetes",),
    everywhere=True,
)
