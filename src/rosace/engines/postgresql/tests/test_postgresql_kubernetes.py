"""What is decided of PostgreSQL on clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiled import of_section

from rosace.check.platform import check
from rosace.contract.cluster import ClusterSite
from rosace.engines.postgresql import settings
from rosace.engines.postgresql.kubernetes import KUBERNETES
from rosace.engines.postgresql.spec import PostgresqlSpec
from rosace.kit.manifest import CONTAINER_SECURITY
from rosace.model.capabilities import PostgresDatabase
from rosace.model.quantity import Size
from rosace.plan.clusters.topology import Part, estate_of
from rosace.source.load import load

PLATFORM = """\
platform: air-lines
clusters: {main: {storage-class: fast}}
delivery: {prefix: acme-, registry: registry.example.com}
engines: {postgresql: {disk: {size: 5Gi}, connections: 50}}
"""


def site_of(folder: Path, text: str = PLATFORM) -> ClusterSite:
    (folder / "platform.yaml").write_text(text, encoding="utf-8")
    estate = estate_of(check(load(folder / "platform.yaml"), folder), "prod")
    return next(part.site for part in estate.parts if _is_ours(part))


def _is_ours(part: Part) -> bool:
    return part.engine.name == "postgresql"


def _pod(site: ClusterSite) -> dict[str, Any]:
    found = {one["kind"]: one for one in of_section("serving", "postgresql", KUBERNETES.values(site))}
    return found["StatefulSet"]["spec"]


def test_clients_find_it_by_name_and_secret(tmp_path: Path) -> None:
    database = site_of(tmp_path).need(PostgresDatabase)
    assert database.jdbc == "jdbc:postgresql://postgresql.acme-postgresql.svc.cluster.local:5432/air_lines"
    assert database.secret == "postgresql"


def test_words_become_values(tmp_path: Path) -> None:
    values = KUBERNETES.values(site_of(tmp_path))
    assert values["storage"] == {"size": "5Gi", "class": "fast"}
    assert values["config"]["max_connections"] == "50"
    assert values["config"]["shared_buffers"] == "524288kB"
    assert values["image"] == "registry.example.com/library/postgres:18.6-trixie"


def test_chosen_buffers_are_kept() -> None:
    spec = PostgresqlSpec.model_validate({"shared-buffers": "64Mi"})
    assert settings.cluster_settings(spec, 5432, Size.parse("8Gi"))["shared_buffers"] == "65536kB"


def test_only_tls_with_a_password_from_outside_the_pod() -> None:
    network = [line for line in settings.CLUSTER_HBA if not line.startswith("local ")]
    assert network and all(line.startswith("hostssl ") and line.endswith(" scram-sha-256") for line in network)
    assert settings.cluster_settings(PostgresqlSpec(), 5432, Size.parse("1Gi"))["ssl"] == "on"


def test_no_secret_is_in_the_values(tmp_path: Path) -> None:
    roles = KUBERNETES.values(site_of(tmp_path))["roles"]
    assert "PASSWORD :'password'" in roles and "`cat /etc/postgresql-user/password`" in roles
    names = {need.name for need in KUBERNETES.secrets(site_of(tmp_path))}
    assert names == {"postgresql", "postgresql-admin", "postgresql-tls"}


def test_every_container_is_bounded_and_closed(tmp_path: Path) -> None:
    pod = _pod(site_of(tmp_path))["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    for container in (*pod["initContainers"], *pod["containers"]):
        assert container["resources"]["limits"]["memory"], container["name"]
        assert container["securityContext"] == CONTAINER_SECURITY


def test_initdb_is_asked_as_on_this_machine() -> None:
    source = Path(settings.__file__).with_name("initialise.py").read_text(encoding="utf-8")
    assert all(f'"{option}"' in source for option in settings.INITDB)


EXPORTS = """\
platform: air-lines
producers: {others: {writes: [balances, lines]}}
clusters: {main: {}}
delivery: {registry: registry.example.com}
topics:
  balances:
    columns: {account: string!, hour: timestamp(3)!, total: "decimal(10,2)"}
    key: [account, hour]
    compact: true
  lines: {columns: {service: string!, n: bigint}}
exports:
  balances: {from: balances, to: postgresql}
  lines: {from: lines, to: postgresql, name: all-lines}
"""


def test_exports_are_tables_of_records_and_views_of_columns(tmp_path: Path) -> None:
    told = KUBERNETES.values(site_of(tmp_path, EXPORTS))["serving"]
    assert 'CREATE TABLE IF NOT EXISTS "balances_records" ("key" text PRIMARY KEY, "record" text);' in told
    assert '("record"::jsonb ->> \'total\')::numeric(10,2) AS "total"' in told
    assert 'PRIMARY KEY ("topic", "partition", "offset")' in told
    assert 'CREATE VIEW "all-lines" AS' in told


def test_who_exports_finds_the_password(tmp_path: Path) -> None:
    found = {(need.name, need.namespace) for need in KUBERNETES.secrets(site_of(tmp_path, EXPORTS))}
    assert ("postgresql", "kafka") in found
