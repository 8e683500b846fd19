"""SeaweedFS as several servers: what each program is told, with the words that it is told on one machine, too. Pure.

Sources: `weed master -h`, `weed volume -h`, `weed filer -h`, version 4.48; github.com/seaweedfs/seaweedfs/wiki,
"Replication" (`00z`: z more copies on other servers) and "Components" (masters are one or three). gRPC is at the port
plus 10000.
"""

from __future__ import annotations

from collections.abc import Sequence

from rosace.engines.seaweedfs.settings import (
    FILER_PORT,
    GRPC,
    MASTER_PORT,
    METRICS_PORT,
    QUIET,
    S3_ONLY,
    S3_PORT,
    VOLUME_PORT,
    room,
    volumes,
)
from rosace.engines.seaweedfs.spec import SeaweedfsSpec

CONFIG = ("-logtostderr=true", "-config_dir=/etc/seaweedfs")

IDENTITIES = "/run/seaweedfs/s3.json"
"""The file of who may do what, made of secrets before the gateway starts."""


def copies(erasure: str, nodes: int) -> int:
    """How many copies of each object survive the loss of as many servers as the erasure code has parity shards."""
    return min(int(erasure.partition("+")[2]), nodes - 1) + 1


def masters(nodes: int) -> int:
    """An odd number, so that most of them can agree."""
    return 3 if nodes >= 3 else 1


def master(spec: SeaweedfsSpec, peers: Sequence[str], copies: int) -> tuple[str, ...]:
    """`weed master`. `peers` are the addresses of all of them."""
    return (
        *CONFIG,
        "master",
        *_at("seaweedfs-master", MASTER_PORT),
        "-mdir=/data",
        f"-peers={','.join(peers) if len(peers) > 1 else 'none'}",
        f"-defaultReplication=00{copies - 1}",
        *_said((*QUIET, *volumes(spec))),
    )


def volume(spec: SeaweedfsSpec, peers: Sequence[str]) -> tuple[str, ...]:
    """`weed volume`."""
    return (
        *CONFIG,
        "volume",
        *_at("seaweedfs-volume", VOLUME_PORT),
        "-dir=/data",
        f"-master={','.join(peers)}",
        *_said(room(spec)),
    )


def filer(peers: Sequence[str]) -> tuple[str, ...]:
    """`weed filer`, with the S3 gateway in the same program."""
    gateway = (f"port={S3_PORT}", f"config={IDENTITIES}", *S3_ONLY)
    return (
        *CONFIG,
        "filer",
        *_at("seaweedfs-filer", FILER_PORT),
        f"-master={','.join(peers)}",
        "-disableHttp=true",
        "-s3=true",
        *(f"-s3.{word}" for word in gateway),
    )


def _at(service: str, port: int) -> tuple[str, ...]:
    """A pod is known by its name within its headless service; both are in its environment."""
    return (
        f"-ip=$(POD).{service}.$(NAMESPACE)",
        "-ip.bind=0.0.0.0",
        f"-port={port}",
        f"-port.grpc={port + GRPC}",
        f"-metricsPort={METRICS_PORT}",
    )


def _said(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"-{word}" for word in words)


def actions(reads: Sequence[str], writes: Sequence[str]) -> list[str]:
    """What an identity may do, bucket by bucket."""
    found = [f"{action}:{bucket}" for bucket in reads for action in ("Read", "List")]
    return found + [f"{action}:{bucket}" for bucket in writes for action in ("Read", "List", "Tagging", "Write")]


MAKE_IDENTITIES = f"""\
#!/bin/sh
# Makes the file of who may do what from the clients' secrets. With nobody in it the gateway would let everybody in.
set -eu
secrets="${{SECRETS:-/secrets}}" actions="${{ACTIONS:-/etc/seaweedfs}}"
umask 077
unknown=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \\n')
{{
  printf '{{"identities": [{{"name": "nobody", "actions": [], '
  printf '"credentials": [{{"accessKey": "nobody", "secretKey": "%s"}}]}}' "$unknown"
  for folder in "$secrets"/*; do
    [ -e "$folder/access-key" ] || continue
    client="${{folder##*/}}"
    printf ', {{"name": "%s", "credentials": [{{"accessKey": "%s", "secretKey": "%s"}}], "actions": %s}}' "$client" \\
      "$(cat "$folder/access-key")" "$(cat "$folder/secret-key")" "$(cat "$actions/actions-$client.json")"
  done
  printf ']}}\\n'
}} >"${{IDENTITIES:-{IDENTITIES}}}"
"""
"""identities.sh."""

MAKE_BUCKETS = """\
#!/bin/sh
# Makes the buckets that are missing, and does not end before all are there.
set -eu
ask() { weed shell -master="$MASTERS" -filer="$FILER"; }
for bucket in $BUCKETS; do echo "s3.bucket.create -name $bucket"; done | ask
echo s3.bucket.list | ask >/tmp/there
for bucket in $BUCKETS; do grep -q "$bucket" /tmp/there; done
"""
"""buckets.sh."""
