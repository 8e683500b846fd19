"""The same platform on this machine and on clusters, and what each engine is configured with on either.

Comes in: the flights example, with a query that reads its topics. Goes out: by engine, file and key, the values of both
targets: of this machine out of its processes' files and arguments, of clusters out of the rendered objects.
"""

from __future__ import annotations

import atexit
import json
import re
import shutil
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from compiled import ROOT, compiled, objects
from ruamel.yaml import YAML

from rosace.check.platform import check
from rosace.engines.spark.runner import SHARED, single
from rosace.local.prepare import artifacts, packages
from rosace.model.quantity import Size
from rosace.plan.machine.deployment import Deployment, Ground, deploy
from rosace.plan.machine.memory import solve
from rosace.plan.order import in_use
from rosace.source.load import load

Settings = dict[str, dict[str, str]]
"""File to key to value."""

LIVE = "SELECT carrier FROM departures UNION ALL SELECT carrier FROM delays\n"
HERE = Path("/here")
CORES = 3
"""Another number than that of a pod's, so that what follows from it differs."""


@cache
def flights() -> Path:
    """The example with one query more."""
    folder = Path(mkdtemp(prefix="flights-")) / "flights"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "flights", folder)
    (folder / "queries" / "live.sql").write_text(LIVE, encoding="utf-8")
    file = folder / "platform.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("\nqueries:\n") == 1
    file.write_text(text.replace("\nqueries:\n", "\nqueries:\n  live: {sql: queries/live.sql}\n"), encoding="utf-8")
    return folder


@cache
def on_this_machine() -> Deployment:
    """The example as `up` would start it on a machine that does not exist."""
    checked = check(load(flights() / "platform.yaml", [], []), flights())
    rooms = [(room, checked.engines[room.name]) for room in in_use(checked)]
    asks = [(room.name, ask) for room, words in rooms for ask in room.local.memory(checked, words)]
    numbers = count(20_000)
    found = artifacts(checked)
    places = {name: {one.name: HERE / one.name for one in items} for name, items in found.items()}
    ground = Ground(
        home=HERE / "home",
        archives=HERE / "archives",
        ports={room.name: dict(zip(room.local.ports(checked, words), numbers, strict=False)) for room, words in rooms},
        budget=solve(asks, Size(2**40), why="test"),
        artifacts=places,
        secrets={name: f"<{name}>" for room, words in rooms for name in room.local.secrets(checked, words)},
        cores=CORES,
        python="python",
        packages={name: HERE / one.name for name, one in packages(checked).items()},
    )
    return deploy(checked, ground, inputs="test")


@cache
def on_clusters() -> tuple[dict[str, Any], ...]:
    """The example's objects, with the object storage that both targets have."""
    return tuple(objects(compiled(flights(), "prod", "storage.provider=seaweedfs")))


def here(engine: str) -> Settings:
    """What an engine's processes on this machine are configured with."""
    files = {name.removeprefix("conf/"): text for name, text in _local_files(engine).items()}
    jobs = {job.name: job.order for job in on_this_machine().jobs}
    if engine == "seaweedfs":
        (process,) = (one for one in on_this_machine().processes if one.name == "s3")
        return _toml_and_flags(files, list(process.argv[1:]))
    if engine == "flink":
        job = jobs["carrier-delays"]
        config = {**_yaml(files["config.yaml"]), **job["settings"]}
        return {"config": config, "sql": _options("\n".join(job["declare"])), "logging": _log4j(files)}
    if engine == "kafka":
        return {"config": properties(files["server.properties"])}
    if engine == "postgresql":
        return {"config": _postgresql(files)}
    if engine == "spark":
        config = properties(files["spark.properties"])
        return {"config": config, "order": _flat(jobs["land-departures"]), "logging": _log4j(files)}
    return _of_trino({name.removeprefix("catalog/"): text for name, text in files.items()})


def there(engine: str) -> Settings:
    """What the rendered objects configure it with."""
    if engine == "seaweedfs":
        sets = [_one("StatefulSet", f"seaweedfs-{role}")["spec"] for role in ("master", "volume", "filer")]
        words = [word for one in sets for word in one["template"]["spec"]["containers"][0]["args"]]
        return _toml_and_flags(_data("seaweedfs"), words)
    if engine == "flink":
        spec, sql = _one("FlinkDeployment", "carrier-delays")["spec"], _data("flink-carrier-delays")["job.sql"]
        config = {key: str(value) for key, value in spec["flinkConfiguration"].items()}
        return {"config": config, "sql": _options(sql), "logging": _log4j(spec["logConfiguration"])}
    if engine == "kafka":
        return {"config": _one("Kafka", "kafka")["spec"]["kafka"]["config"]}
    if engine == "postgresql":
        return {"config": _postgresql(_data("postgresql"))}
    if engine == "spark":
        files, spec = _data("spark-land-departures"), _one("SparkApplication", "land-departures")["spec"]
        order = single.joined(json.loads(files["order.json"]), json.loads(files[SHARED]))
        return {"config": spec["sparkConf"], "order": _flat(order), "logging": _log4j(files)}
    maps = ("trino-coordinator", "trino-catalogs", "trino-topics")
    return _of_trino({name: text for one in maps for name, text in _data(one).items()})


def _local_files(engine: str) -> dict[str, str]:
    return {file.path: file.text for one in on_this_machine().processes if one.engine == engine for file in one.files}


def _one(kind: str, name: str) -> dict[str, Any]:
    (found,) = (one for one in on_clusters() if one["kind"] == kind and one["metadata"]["name"] == name)
    return found


def _data(name: str) -> dict[str, str]:
    return _one("ConfigMap", name)["data"]


def properties(text: str) -> dict[str, str]:
    """Java's properties, of which only `key=value` lines are written here."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _yaml(text: str) -> dict[str, str]:
    return {key: str(value) for key, value in YAML(typ="safe").load(text).items()}


def _log4j(files: Mapping[str, str]) -> dict[str, str]:
    (text,) = (text for name, text in files.items() if name.startswith("log4j"))
    return properties(text)


def _postgresql(files: Mapping[str, str]) -> dict[str, str]:
    return {key: value.strip("'") for key, value in properties(files["postgresql.conf"]).items()}


def _options(sql: str) -> dict[str, str]:
    """Options of catalogs and tables by their names, of Flink's SQL."""
    found = {}
    made = r"CREATE (?:TEMPORARY |CATALOG |TABLE |IF NOT EXISTS )+(\S+)(.*?) WITH \((.*?)\)(?:;|$)"
    for name, columns, options in re.findall(made, sql, re.DOTALL | re.MULTILINE):
        found[f"{name} columns"] = columns
        found |= {f"{name} {key}": value for key, value in re.findall(r"'([^']+)' = '([^']*)'", options)}
    return found


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """Nested data as one level: `topics.0.source.key`."""
    if isinstance(value, Mapping | list | tuple):
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        return {
            key: one
            for name, inner in pairs
            for key, one in _flat(inner, f"{path}.{name}" if path else str(name)).items()
        }
    return {path: str(value)}


def _of_trino(files: Mapping[str, str]) -> Settings:
    """Properties by file, those of the node with those of the server; the description of a topic is one value."""
    found: Settings = {}
    for name, text in files.items():
        if name.endswith(".properties"):
            found.setdefault(name.replace("node.", "config."), {}).update(properties(text))
        elif name.endswith(".json") and "tableName" in text:
            found[Path(name).name] = {"whole": json.dumps(json.loads(text), sort_keys=True)}
    topics = found["kafka.properties"]
    topics["kafka.table-names"] = ",".join(sorted(topics["kafka.table-names"].split(",")))
    return found


def _toml_and_flags(files: Mapping[str, str], words: list[str]) -> Settings:
    """Flags of a process for all roles name the role; those of a process of one role are given its name here."""
    roles = ("master", "volume", "filer", "s3", "server")
    flags: dict[str, str] = {}
    role = ""
    for word in words:
        name, _, value = word.removeprefix("-").partition("=")
        if word in roles:
            role = "" if word == "server" else f"{word}."
        elif name in ("logtostderr", "config_dir"):  # before the role: weed's own
            flags[name] = value
        else:
            flags[name if name.partition(".")[0] in roles else f"{role}{name}"] = value
    lines = [line for line in files["master.toml"].splitlines() if line.strip() and not line.startswith("#")]
    return {
        "flags": flags,
        "master.toml": {line.strip(): "" for line in lines},
        "filer.toml": properties(files["filer.toml"]),
    }
