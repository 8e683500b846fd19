"""SeaweedFS's configuration: pure, for every target.

Sources: `weed server -h`, `weed scaffold -config=master`, version 4.48, and the experiments in this room's tests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rosace.engines.seaweedfs.spec import SeaweedfsSpec
from rosace.kit.certificate import CERTIFICATE, KEY
from rosace.model.platform import Platform

MASTER_PORT, VOLUME_PORT, FILER_PORT, S3_PORT, METRICS_PORT = 9333, 8080, 8888, 8333, 9327
GRPC = 10_000
"""Ports on clusters: SeaweedFS's own, and of metrics (its chart's); a program's gRPC is `GRPC` further."""

ACCESS_SECRET = "s3.access-key"
SECRET_SECRET = "s3.secret-key"

REGION = "us-east-1"
"""SeaweedFS has no regions; this one needs no location constraint when a bucket is made."""

OWN_BUCKETS = ("lake", "checkpoints")
"""The warehouse of the lake's tables, and what streaming jobs resume from."""

PORTS = ("s3", "s3-grpc", "master", "master-grpc", "volume", "volume-grpc", "filer", "filer-grpc", "metrics")

MOST_VOLUMES = 100_000
"""No bound of its own: the disk is the bound. Left to itself (0), it divides the disk that is free at start by the
volume size, and on an almost full disk refuses to write long before the disk is full."""


def buckets(platform: Platform) -> tuple[str, ...]:
    """All buckets of a platform, the platform's own after Rosace's; tenants have theirs in the same store here."""
    tenants = (bucket for tenant in platform.storage.tenants.values() for bucket in tenant.buckets)
    return tuple(dict.fromkeys((*OWN_BUCKETS, *platform.storage.buckets, *tenants)))


def identities(access_key: str, secret_key: str) -> str:
    """The file of who may do what (s3.config): one identity that may do everything; no anonymous access."""
    one = {
        "name": "rosace",
        "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    return json.dumps({"identities": [one]}, indent=1) + "\n"


QUIET = ("telemetry=false",)
"""Of a master, wherever it runs."""

S3_ONLY = ("iam=false", "autoCreateBucket=false", "port.iceberg=0", "port.lance=0")
"""Of a gateway, wherever it runs: nothing but S3, no buckets made by accident, no users besides those in its file."""


def volumes(spec: SeaweedfsSpec) -> tuple[str, ...]:
    """What a master is told of volumes, wherever it runs."""
    return (f"volumeSizeLimitMB={spec.volume.mib}", "volumePreallocate=false")


def room(spec: SeaweedfsSpec) -> tuple[str, ...]:
    """What a volume server is told of its disk, wherever it runs."""
    return (f"max={MOST_VOLUMES}", f"minFreeSpace={spec.keep_free.mib}MiB")


def arguments(spec: SeaweedfsSpec, ports: Mapping[str, int]) -> tuple[str, ...]:
    """What follows the program's name. Paths are relative to the engine's home: `-dir` splits its value at commas.

    Its Unix sockets lie in the engine's home: in /tmp, their default, another account can have put one before.

    Only what S3 needs runs: master, one volume server, filer, S3 gateway. `minFreeSpace` is an amount, since its
    default of 1 % of the disk would stop all writes on a terabyte disk that still has ten gigabytes. Once reached,
    writes fail with InternalError ("failed to find writable volumes" in the log) and vacuuming rests, too.

    The master elects itself alone: with the default timeout of 10 s a second start took 14 to 22 s until objects could
    be read, with 200 ms it takes 2.2 s (with 1 s up to 7: the volume server, refused once by a master that is not yet
    elected, asks again after 5 s). `peers=none` says that there is no other: without it a first start waits 1.5 to 2 s
    for one, so that the gateway misses the filer and it takes 3.2 s. The 2 s that are left are waits of `weed server`.
    """
    return (
        "-logtostderr=true",
        "-config_dir=conf",
        "server",
        "-dir=data",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-master.port={ports['master']}",
        f"-master.port.grpc={ports['master-grpc']}",
        "-master.peers=none",
        *(f"-master.{word}" for word in QUIET),
        "-master.electionTimeout=200ms",
        "-master.heartbeatInterval=50ms",
        *(f"-master.{word}" for word in volumes(spec)),
        f"-volume.port={ports['volume']}",
        f"-volume.port.grpc={ports['volume-grpc']}",
        "-volume.id=rosace",
        *(f"-volume.{word}" for word in room(spec)),
        "-volume.preStopSeconds=0",
        "-filer=true",
        f"-filer.port={ports['filer']}",
        f"-filer.port.grpc={ports['filer-grpc']}",
        "-filer.disableHttp=true",
        "-filer.localSocket=tmp/filer.sock",
        "-s3=true",
        f"-s3.port={ports['s3']}",
        f"-s3.port.grpc={ports['s3-grpc']}",
        "-s3.config=conf/s3.json",
        "-s3.localSocket=tmp/s3.sock",
        # An origin that no page has: by default answers may be read by pages of all.
        "-s3.allowedOrigins=http://nobody.invalid",
        *(f"-s3.{word}" for word in S3_ONLY),
        f"-metricsPort={ports['metrics']}",
    )


def master_file(copies: int) -> str:
    """master.toml. `copies` is how many there are of each volume; one where there is one server."""
    work = ["fs.log.purge -daysAgo=1", "volume.deleteEmpty -quietFor=24h -force", "s3.clean.uploads -timeAgo=24h"]
    why = "The default scripts also erasure-code and rebalance over several servers, of which there is one."
    if copies > 1:
        work[2:2] = ["volume.balance -apply", "volume.fix.replication -apply"]
        why = "The default scripts also erasure-code volumes that are full: here they stay as many copies as they were."
    scripts = "\n".join(f"  {line}" for line in ("lock", *work, "unlock"))
    return f'''\
# Volumes are made two at a time, not seven: a bucket's first object shall not make seven files.
[master.volume_growth]
copy_{copies if copies <= 3 else "other"} = 2

# {why}
[master.maintenance]
scripts = """
{scripts}
"""
sleep_minutes = 17
'''


MASTER = master_file(1)
"""master.toml of this machine."""

FILER = """\
[leveldb2]
enabled = true
dir = "data/filer"
"""
"""filer.toml: where names and positions of objects are kept. Each change is in its log file before it is confirmed."""

SIGNING_SECRETS = ("s3.volume-write", "s3.volume-read", "s3.filer-write", "s3.filer-read")
"""Keys by which master and gateway sign each request to the volume server and the filer: without a signature these
neither read nor write over HTTP (weed scaffold -config=security, 4.48)."""


def security(keys: Sequence[str]) -> str:
    """security.toml with the values of `SIGNING_SECRETS`; it also keeps those of the machine from being read."""
    names = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
    signed = "".join(f'[{name}]\nkey = "{key}"\n\n' for name, key in zip(names, keys, strict=True))
    return signed + _certified()


def _certified() -> str:
    """Both sides of every inner port show the engine's own certificate (`kit.certificate`).

    The master's HTTP port needs it most: `GET /col/delete?collection=lake` is all that a page would have to send.
    """
    own = f'cert = "conf/{CERTIFICATE}"\nkey = "conf/{KEY}"\n'
    trusted = f'ca = "conf/{CERTIFICATE}"\n'
    inner = "".join(f"\n[grpc.{name}]\n{own}" for name in ("master", "volume", "filer", "s3", "client"))
    outer = "".join(f"\n[https.{name}]\n{own}{trusted}" for name in ("master", "volume"))
    return f"[grpc]\n{trusted}{inner}{outer}\n[https.client]\nenabled = true\n{own}{trusted}"


SECURITY = "# Nothing here: this file only keeps those of the machine or the user from being read.\n"
"""security.toml of clusters, where network policies fence the servers in."""
