"""Copies are made as often as the words ask, by pods that may do nothing else."""

from __future__ import annotations

import os
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from compiled import laid_out, plain, written
from cronsim import CronSim

from rosace.deliver.build import Built
from rosace.deliver.concerns import backups
from rosace.deliver.manual import manual
from rosace.kit import backing, cron
from rosace.model.cluster_words import Backups
from rosace.model.quantity import Duration
from rosace.plan.clusters.links import Pods, network

WORDS = """\
platform: small
clusters: {main: {storage-class: fast}}
storage: {provider: minio}
engines: {postgresql: {disk: {size: 7Gi}}, minio: {}}
backups: {rpo: 15m, bucket: safe}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return written(tmp_path_factory.mktemp("small"), WORDS)


def job(built: Built) -> dict[str, Any]:
    found = [plain(one) for release in built.releases for one in laid_out(release) if one["kind"] == "CronJob"]
    (one,) = [one for one in found if one["metadata"]["name"] == "backup-postgresql"]
    return one


@pytest.mark.parametrize("text", ["1m", "7m", "15m", "1h", "90m", "5h", "1d", "2w"])
def test_copies_and_the_time_one_takes_are_within_what_may_be_lost(text: str) -> None:
    from datetime import UTC, datetime

    words = Backups(rpo=Duration.parse(text))
    times = CronSim(backing.schedule(words), datetime(2026, 2, 27, tzinfo=UTC))
    at = [next(times) for _ in range(400)]
    longest = max((later - sooner).total_seconds() for sooner, later in pairwise(at))
    assert longest <= max(60, float(backing.interval(words)))
    assert longest == cron.seconds(backing.interval(words))
    assert backing.deadline(words) >= words.rpo


def test_the_pod_may_do_nothing_else(built: Built) -> None:
    spec = job(built)["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("*/10 * * * *", "Forbid")
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    (make,), (store,) = pod["initContainers"], pod["containers"]
    for step in (make, store):
        assert step["securityContext"]["readOnlyRootFilesystem"]
        assert step["resources"]["limits"]["memory"]
        assert {mount["mountPath"] for mount in step["volumeMounts"]} == {"/copy", "/tmp"}
    claim = pod["volumes"][0]["ephemeral"]["volumeClaimTemplate"]["spec"]
    assert claim["resources"]["requests"]["storage"] == "7Gi"
    assert claim["storageClassName"] == "fast"


def test_secrets_are_read_and_not_written(built: Built) -> None:
    pod = job(built)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    read = {
        one["name"]: one["valueFrom"]["secretKeyRef"]["name"]
        for step in (*pod["initContainers"], *pod["containers"])
        for one in step["env"]
        if "valueFrom" in one
    }
    assert read == {
        "PGPASSWORD": "postgresql-admin",
        "PGUSER": "postgresql-admin",
        "ACCESS_KEY": "s3-credentials",
        "SECRET_KEY": "s3-credentials",
    }
    fetched = [one for release in built.releases for one in laid_out(release) if one["kind"] == "ExternalSecret"]
    assert ("postgresql", "s3-credentials") in {
        (one["metadata"]["namespace"], one["metadata"]["name"]) for one in fetched
    }


def test_its_user_may_write_the_bucket_and_no_other(built: Built) -> None:
    (store,) = [part for part in built.estate.parts if part.engine.name == "minio"]
    values = store.engine.kubernetes.values(store.site)
    (tenant,) = values["tenants"].values()
    said = str(tenant["clients"]["postgresql"]["policy"])
    assert "arn:aws:s3:::safe" in said
    assert "lake" not in said


def test_it_reaches_the_database_and_the_store(built: Built) -> None:
    reached = {
        (link.target.name, link.ports)
        for link in network(built.estate).links
        if isinstance(link.source, Pods) and isinstance(link.target, Pods) and link.source.name == "backup-postgresql"
    }
    assert {name for name, _ in reached} == {"postgresql", "minio-platform", "dns"}
    assert not network(built.estate).dangling


def test_what_is_not_copied_is_said(built: Built) -> None:
    values = backups.CONCERN.values(built.estate, "main")
    assert set(values["notCopied"]) == {"MinIO"}
    text = manual(built.estate, built.releases, built.applications)
    assert "| postgresql | main | `*/10 * * * *` | `safe/postgresql` |" in text
    assert "- MinIO: objects survive" in text


def test_a_late_copy_is_an_alert(built: Built) -> None:
    (part,) = [one for one in built.estate.parts if one.engine.name == "postgresql"]
    (rule,) = [one for one in part.engine.kubernetes.watch(part.site).rules if one.name == "PostgresqlBackupLate"]
    assert 'cronjob="backup-postgresql"' in rule.expr
    assert "> 1200" in rule.expr, "ten minutes between two, ten for making one"


def test_none_where_nobody_asks(tmp_path: Path) -> None:
    without = written(tmp_path, WORDS.rpartition("backups:")[0])
    assert not backups.CONCERN.values(without.estate, "main")["enabled"]
    assert not [one for release in without.releases for one in laid_out(release) if one["kind"] == "CronJob"]


CLIENT = r"""#!/bin/sh
# Just enough of a client of S3, on a folder.
case "$1" in
  alias) read -r user && read -r secret && [ "$user $secret $4" = "who what there" ] ;;
  cp) mkdir -p "$4" && cp -r "${3%/}/." "$4" ;;
  pipe) cat >"$2" ;;
  stat) [ -e "$2" ] ;;
  rm) echo "$@" >>removed ;;
esac
"""


def test_the_script_keeps_each_copy_and_one_a_day(tmp_path: Path) -> None:
    """The shell's part of it; what the client does is the client's."""
    (tmp_path / "mc").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "mc").chmod(0o755)
    (tmp_path / "copy" / "files").mkdir(parents=True)
    (tmp_path / "copy" / "files" / "a.dump").write_text("rows", encoding="utf-8")
    (tmp_path / "copy" / "lost+found").mkdir()
    script = backing.STORE.replace("/copy/", f"{tmp_path}/copy/")
    said = {"BUCKET": "safe", "DAILY": "30d", "RECENT": "2d", "FOLDER": "rows", "ENDPOINT": "there"}
    keys = {"ACCESS_KEY": "who", "SECRET_KEY": "what", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for _ in range(2):
        subprocess.run(["sh", "-c", script], cwd=tmp_path, env={**said, **keys}, check=True)
    kept = sorted(str(path.relative_to(tmp_path / "store/safe/rows")) for path in tmp_path.rglob("store/**/complete"))
    assert len([one for one in kept if one.startswith("daily/")]) == 1
    assert all((tmp_path / "store/safe/rows" / one).with_name("a.dump").is_file() for one in kept)
    assert "--older-than 30d store/safe/rows/daily/" in (tmp_path / "removed").read_text()
    assert not list(tmp_path.rglob("store/**/lost+found"))


DATABASE = r"""#!/bin/sh
case "$0 $*" in
  *psql*) [ -e up ] && printf 'air\nlake\n' ;;
  *pg_dumpall*) : >"${3#--file=}" ;;
  *pg_dump*) echo "$3" >"${2#--file=}" ;;
esac
"""


def test_a_database_that_does_not_answer_is_no_empty_copy(tmp_path: Path) -> None:
    from rosace.engines.postgresql.dumping import DUMP

    for name in ("psql", "pg_dump", "pg_dumpall"):
        (tmp_path / name).write_text(DATABASE, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    command = ["sh", "-c", DUMP.replace("/copy/", f"{tmp_path}/copy/")]
    environment = {"DATABASES": "names", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    down = subprocess.run(command, cwd=tmp_path, env=environment, check=False)
    assert down.returncode != 0
    (tmp_path / "up").touch()
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert {path.name for path in (tmp_path / "copy/files").iterdir()} >= {"air.dump", "lake.dump"}
