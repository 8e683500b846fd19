"""MinIO's configuration: environment, S3 policies, lifecycles, and the script that brings them about. Pure.

Sources: min.io/docs/minio/linux/reference/minio-server/settings (environment); .../administration/
identity-access-management/policy-based-access-control (policies); .../reference/minio-mc/mc-ilm-tier-add and
mc-ilm-rule-import; docs.aws.amazon.com/AmazonS3, "Actions for Amazon S3".
"""

from __future__ import annotations

from typing import Any

from rosace.engines.minio import values
from rosace.engines.minio.geometry import Layout
from rosace.engines.minio.spec import Tier
from rosace.kit.buckets import REGION, Rights
from rosace.model.cluster_words import TenantBucket
from rosace.model.quantity import Duration

S3, CONSOLE = 9000, 9090
"""Ports of the servers' containers: `minio-port` and `console-port`. The service `minio` has port 80."""

PLATFORM = "platform"
"""The tenant that holds the lake, the checkpoints and the platform's own buckets."""

WARM = "warm"
"""With a cache: the tier that is the platform's tenant, on its ordinary disks, and the bucket there."""


def environment(layout: Layout) -> dict[str, str]:
    """What servers are told besides the administrator's name and password."""
    return {
        "HOME": "/tmp",
        "MINIO_ERASURE_SET_DRIVE_COUNT": str(layout.erasure.stripe),
        # Only Prometheus can reach the port besides clients, and numbers of requests are no secret.
        "MINIO_PROMETHEUS_AUTH_TYPE": "public",
        "MINIO_REGION": REGION,
        "MINIO_STORAGE_CLASS_STANDARD": f"EC:{layout.erasure.parity}",
        # A server that replaces its own program is not the image that was scanned.
        "MINIO_UPDATE": "off",
    }


def policy(rights: Rights, buckets: frozenset[str]) -> dict[str, Any] | None:
    """What a client may do in one tenant that has these buckets; None where it has no business there."""
    reads = sorted(buckets & set(rights.buckets))
    writes = sorted(buckets & set(rights.writes))
    if not reads:
        return None
    statements = [
        _allow(["s3:GetBucketLocation", "s3:ListBucket"], [_arn(name) for name in reads]),
        _allow(["s3:GetObject"], [f"{_arn(name)}/*" for name in reads]),
    ]
    if writes:
        statements += [
            _allow(["s3:ListBucketMultipartUploads"], [_arn(name) for name in writes]),
            _allow(
                ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
                [f"{_arn(name)}/*" for name in writes],
            ),
        ]
    # Without this any user may make keys for itself, which nobody would know of or take back.
    keys = {"Effect": "Deny", "Action": ["admin:CreateServiceAccount", "admin:UpdateServiceAccount"]}
    return {"Version": "2012-10-17", "Statement": [*statements, keys]}


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _arn(bucket: str) -> str:
    return f"arn:aws:s3:::{bucket}"


def tier_name(name: str) -> str:
    """MinIO knows tiers in capitals only."""
    return name.upper().replace("-", "_")


def tier_secret(name: str) -> str:
    """The secret with a tier's user."""
    return f"s3-tier-{name}"


def tier(platform: str, tenant: str, name: str, words: Tier) -> values.Tier:
    """A tier as `mc ilm tier add` takes it. Tenants share its bucket, each below a prefix of its own."""
    found: values.Tier = {
        "kind": words.kind,
        "endpoint": words.endpoint,
        "bucket": words.bucket or f"{platform}-{name}",
        "prefix": f"{tenant}/",
        "secret": tier_secret(name),
    }
    if words.region:
        found["region"] = words.region
    if words.storage_class:
        found["storageClass"] = words.storage_class
    return found


def lifecycle(bucket: TenantBucket | None, hot: Duration | None) -> dict[str, Any] | None:
    """The rules of a bucket. `hot` is how long objects stay on the fast medium, where there is one.

    An object moves once: what goes to a tier of its own stays hot until then, and what expires earlier never moves.
    """
    words = bucket or TenantBucket()
    rules: list[dict[str, Any]] = []
    if words.expire is not None:
        expires: dict[str, Any] = {"Expiration": {"Days": _days(words.expire)}}
        if words.versioning:
            expires["NoncurrentVersionExpiration"] = {"NoncurrentDays": _days(words.expire)}
        rules.append(_rule("expire", expires))
    if words.transition:
        rules.append(_transition(words.transition.to, words.transition.after))
    elif hot is not None and (words.expire is None or words.expire > hot):
        rules.append(_transition(WARM, hot))
    return {"Rules": rules} if rules else None


def _transition(to: str, after: Duration) -> dict[str, Any]:
    return _rule(to, {"Transition": {"Days": _days(after), "StorageClass": tier_name(to)}})


def _rule(name: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}, **action}


def _days(age: Duration) -> int:
    return round(age / 86400)


SETUP = """\
#!/bin/sh
# Brings a tenant to what the files beside this script say. Does the same again without harm.
# Nothing is taken away but lifecycle rules: a bucket, a user or a tier that is no longer named stays.
set -eu
here="${SETUP:-/setup}" secrets="${SECRETS:-/secrets}"

. "$secrets/root/config.env"
until printf '%s\\n%s\\n' "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" | mc alias set store "$ENDPOINT" >/dev/null; do
  echo "waiting for $ENDPOINT"
  sleep "${PAUSE:-5}"
done
mc ready store

# buckets: one a line, with `on` where versions are kept.
while read -r bucket versions; do
  mc mb --ignore-existing "store/$bucket"
  if [ "$versions" = on ]; then mc version enable "store/$bucket"; fi
done <"$here/buckets"

# tier-<NAME>: what speaks there, then where it is, as `mc ilm tier add` takes it.
for file in "$here"/tier-*; do
  [ -e "$file" ] || continue
  tier="${file##*/tier-}"
  access=$(cat "$secrets/tier-$tier/access-key") secret=$(cat "$secrets/tier-$tier/secret-key")
  if mc ilm tier info store "$tier" >/dev/null 2>&1; then
    mc ilm tier update store "$tier" --access-key "$access" --secret-key "$secret"
  else
    read -r kind place <"$file"
    # shellcheck disable=SC2086  # several words on purpose
    mc ilm tier add "$kind" store "$tier" --access-key "$access" --secret-key "$secret" $place
  fi
done

# lifecycle-<bucket>.json: all rules of the bucket.
while read -r bucket versions; do
  if [ -e "$here/lifecycle-$bucket.json" ]; then
    mc ilm rule import "store/$bucket" <"$here/lifecycle-$bucket.json"
  else
    mc ilm rule rm --all --force "store/$bucket" >/dev/null 2>&1 || true
  fi
done <"$here/buckets"

# policy-<client>.json: what the client's user may do.
for file in "$here"/policy-*.json; do
  [ -e "$file" ] || continue
  client="${file##*/policy-}" client="${client%.json}"
  user=$(cat "$secrets/$client/access-key")
  mc admin policy create store "$client" "$file"
  printf '%s\\n%s\\n' "$user" "$(cat "$secrets/$client/secret-key")" | mc admin user add store
  if ! mc admin user info store "$user" --json | grep -Eq "[\\",]$client[\\",]"; then
    mc admin policy attach store "$client" --user "$user"
  fi
done
echo done
"""
"""setup.sh. Users are made here and not by the Tenant, whose own users all become administrators (minio/operator#629).
Keys of users go through standard input, so that no list of processes shows them."""
