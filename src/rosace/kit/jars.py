"""The jars that an engine's image lacks: fetched by a pod before it starts, each checked by its sha256.

Comes in: the artifacts in a room's versions.toml, the same as on this machine. Goes out: lines of `sha256 address`, and
the script that reads them. Must not: know any engine.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rosace.contract.values import Preparation
from rosace.contract.versions import versions

JOB = "/opt/rosace/job"
"""Where a pod finds what it is told: order, script, list of jars, logging."""

PRIVATE = "/opt/rosace/private"
"""In memory, for what is made of secrets at start."""

PASSWORDS = f"{PRIVATE}/pgpass"
"""PostgreSQL's password file: its JDBC driver takes the password there when a connection names none (42.7.7,
PgPassParser), so that it is in no configuration, plan or log."""

SCRIPT = """\
set -euo pipefail
umask 077
if [ -n "${LAKE_PASSWORD:-}" ]; then
  case "$LAKE_PASSWORD" in *[$'\\n\\r']*)
    echo "The secret of the lake's password has a line break, which a password file cannot hold: leave it out." >&2
    exit 1 ;;
  esac
  # In a password file a backslash goes before a backslash and a colon.
  escaped="${LAKE_PASSWORD//\\\\/\\\\\\\\}"
  printf '*:*:*:*:%s\\n' "${escaped//:/\\\\:}" > "$PGPASSFILE"
fi
if [ -n "${TEMPLATE:-}" ]; then
  # As java.util.Properties reads it.
  value="${SECRET_VALUE//\\\\/\\\\\\\\}"
  value="${value//$'\\n'/\\\\n}" value="${value//$'\\r'/\\\\r}"
  value="${value//$'\\t'/\\\\t}" value="${value//$'\\f'/\\\\f}"
  case "$value" in [\\ \\#\\!]*) value="\\\\$value" ;; esac
  { cat "$TEMPLATE"; printf '%s=%s\\n' "$SECRET_NAME" "$value"; } > "$TARGET"
fi
umask 022
if [ -n "${JARS:-}" ]; then
  cd "$JARS"
  while read -r sum url; do
    wget --no-verbose --tries=5 --timeout=60 --output-document="${url##*/}" "$url"
    printf '%s  %s\\n' "$sum" "${url##*/}" | sha256sum --check --strict --quiet
  done < "$LIST"
fi
"""
"""What the init container of each pod does. It has bash, coreutils and wget, as both engines' images do."""

PREPARATION: Preparation = {
    "script": SCRIPT,
    "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}},
}
"""That script, with what its container asks for."""


@cache
def maven_jars(room: Path, repository: str, without: tuple[str, ...] = ()) -> str:
    """A line `sha256 address` for each jar of Maven in `room`/versions.toml, in its order."""
    lines = [
        f"{one.sha256} {address(repository, one.coordinate, one.file)}"
        for one in versions(room).jars
        if one.name not in without
    ]
    return "".join(f"{line}\n" for line in lines)


def address(repository: str, coordinate: str, file: str) -> str:
    """Where a Maven repository has a file (maven.apache.org, "Maven2 Repository Layout")."""
    group, artifact, version = coordinate.split(":")[:3]
    return f"{repository.rstrip('/')}/{group.replace('.', '/')}/{artifact}/{version}/{file}"
