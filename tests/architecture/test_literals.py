"""Versions, images and ports stand in `versions.toml` and `settings.py`, and nowhere else.

Looked for in every module, and in the charts' templates: what has the form of a version or of an image, what is pinned
somewhere whatever its form (`476`, `2026-09-29`), and, where engines are spoken of, whole numbers that may be ports.
`LEFT` says what looks like one and is none, each with its reason; what is no longer there fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from codebase import HOUSE, ROOMS, ROOT, Module, modules, rooms

from rosace.contract.versions import versions

HOMES = ("settings.py", "spec.py")
"""A room's settings say ports; its words say only the limits of what users may ask."""

PORTS = ("contract", "deliver", "engines", "kit", "observe", "plan")
"""Layers that speak of engines' ports. Below are sizes of texts and files, above times."""

FIRST, LAST = 1024, 32_767
"""Ports that a program of its own accord listens at: above Linux hands them out (ip_local_port_range)."""

VERSION = re.compile(r"(?<![\w.$<>-])v?\d+\.\d+(\.\d+)*([.-]?\w+)*(?![\w.%])|[-_/:=+]v?\d+\.\d+(\.\d+)*")
IMAGE = re.compile(r"\b(?:docker|quay|ghcr|gcr)\.io/\S+|\bregistry\.k8s\.io/\S+|@?sha256:[0-9a-f]{8,}")
PORT = re.compile(r"(?<![\d:]):(\d{4,5})(?!\d)|^(\d{4,5})$")
NEITHER = re.compile(
    r"\d+\.\d+\.\d+\.\d+(/\d+)?(:\d{1,3}\b)?"  # addresses
    r"|(?<![\w.:/])0\.\d+(?![\w.])"  # shares
    r"|\b(Apache-2\.0|A?GPL-3\.0(-only)?)\b"  # licences
    r"|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?"  # moments
)
COMMENT = re.compile(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}|^\s*#.*$", re.DOTALL | re.MULTILINE)
TEMPLATE_PORT = re.compile(
    r"(?i)port\w*\"?:?\s+\(?(?:int )?(\d{4,5})\b|(?<!\d):(\d{4,5})\b|port-forward .*?\b(\d{4,5})\b"
)

LEFT: dict[str, dict[str, str]] = {
    "src/rosace/__init__.py": {"0.1.0": "Rosace's own version"},
    "src/rosace/cli/verbs/doctor.py": {"3.11": "the Python that Rosace itself asks for"},
    "src/rosace/deliver/helm.py": {"3.14": "the Helm that Rosace itself asks for"},
    "src/rosace/deliver/inventory.py": {"1.6": "the edition of CycloneDX, a standard"},
    "src/rosace/plan/clusters/links.py": {"6443": "Kubernetes' own API server", "10250": "Kubernetes' own kubelet"},
    "src/rosace/deliver/yamltext.py": {"4096": "characters"},
    "src/rosace/engines/flink/kubernetes.py": {"9999": "a user"},
    "src/rosace/engines/flink/live.py": {"5000": "milliseconds"},
    "src/rosace/engines/flink/local.py": {"2000": "milliseconds"},
    "src/rosace/engines/kafka/live.py": {"2000": "records"},
    "src/rosace/engines/kafka/staging.py": {"20480": "records"},
    "src/rosace/engines/opensearch/exports.py": {"30000": "milliseconds"},
    "src/rosace/engines/postgresql/kubernetes.py": {"1.2": "the edition of TLS, a standard"},
    "src/rosace/engines/spark/runner/control.py": {"/1.1": "the edition of HTTP, a standard"},
    "src/rosace/engines/spark/runner/faults.py": {"1500": "characters"},
    "src/rosace/engines/spark/runner/main.py": {"4096": "bytes"},
    "src/rosace/engines/trino/health.py": {"3600": "seconds"},
    "src/rosace/engines/trivy/kubernetes.py": {"10000": "a user"},
    "src/rosace/kit/cron.py": {"3600": "seconds"},
    "src/rosace/lab/oci.py": {"1.0.0": "the edition of OCI's image layout, a standard"},
    "src/rosace/lab/services.py": {"1.0.0": "the edition of CNI's configuration, a standard"},
    "src/rosace/local/artifacts/lock.py": {
        "=1.0": "how a coordinate is written",
        ":1.0": "how a coordinate is written",
    },
    "src/rosace/model/addresses.py": {":1.0": "how a coordinate is written"},
    "src/rosace/model/sources.py": {"=1.0": "how a coordinate is written"},
    "src/rosace/model/cluster_words.py": {
        "1.34": "the Kubernetes whose policies are meant, which is its user's to say"
    },
    "src/rosace/observe/unfit.py": {"10000": "records"},
    "src/rosace/observe/verify/batches.py": {"20000": "rows"},
    "src/rosace/observe/verify/values.py": {"4000": "digits"},
    "src/rosace/source/pydantic_errors.py": {"1.2": "the edition of YAML, a standard"},
    "src/rosace/source/render/sarif.py": {
        "2.1.0": "the edition of SARIF",
        "-2.1.0": "the edition of SARIF, a standard",
    },
    "src/rosace/source/yaml_nodes.py": {"1.2": "the edition of YAML, a standard"},
    "src/rosace/source/yaml_syntax.py": {"1.2": "the edition of YAML, a standard"},
}


def test_each_version_image_and_port_has_one_address() -> None:
    found = [f"{place}:{line} {what}" for place, line, what in _all() if what not in LEFT.get(place, {})]
    assert not found, "say it in versions.toml or settings.py:\n" + "\n".join(found)


def test_nothing_is_left_out_in_vain() -> None:
    there = {(place, what) for place, _, what in _all()}
    needless = [(place, what) for place, some in LEFT.items() for what in some if (place, what) not in there]
    assert not needless


def test_templates_take_versions_images_and_ports_from_values() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in sorted((ROOT / "charts").glob("*/templates/**/*"))
        if path.is_file()
        for what in _in_template(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('VERSION = "4.1.2"', "4.1.2"),
        ('"version": "476"', "476"),
        ('TAG = "v0.39"', "v0.39"),
        ('TAG = f"{registry}/kafka:1.0.1-kafka-4.1.2"', ":1.0.1"),
        ('JAR = f"flink-dist-{version}-2.1.3.jar"', "-2.1.3"),
        ('IMAGE = "quay.io/strimzi/kafka"', "quay.io/strimzi/kafka"),
        ('NAME = "strimzi/kafka"', "strimzi/kafka"),
        ('"chart": "109.0.5+up10.0.5"', "109.0.5"),
        ('DATE = "2026-09-29"', "2026-09-29"),
        ("PORT = 9092", "9092"),
        ('"port": 8_080', "8080"),
        ('url = f"http://{host}:8080/v1"', "8080"),
        ('"spark.ui.port": "4040"', "4040"),
    ],
)
def test_what_is_planted_is_found(planted: str, found: str) -> None:
    text = f"x = {{{planted}}}" if planted.startswith('"') else planted
    module = Module(HOUSE / "engines" / "kafka" / "planted.py", text, ast.parse(text))
    assert found in {what for _, _, what in _found(module)}


@pytest.mark.parametrize(
    "harmless",
    [
        'API = "apps/v1"',
        'API = "kafka.strimzi.io/v1beta2"',
        'HOST = "127.0.0.1"',
        'PRIVATE = "10.0.0.0/8"',
        'ALARM = "sum(x) < 0.15"',
        'LICENCE = "Apache-2.0"',
        "HEAP = Size.mebibytes(2048)",
        "EPOCH = datetime(1970, 1, 1)",
        "USERS = 65534",
        "status == 404",
        '"""Since 4.1.2 at port 9092."""',
    ],
)
def test_what_is_harmless_is_left_alone(harmless: str) -> None:
    assert not list(_found(Module(HOUSE / "engines" / "kafka" / "planted.py", harmless, ast.parse(harmless))))


@pytest.mark.parametrize(
    "planted",
    [
        "image: quay.io/strimzi/kafka",
        "version: 4.1.2",
        "port: 8081",
        'dict "port" 6122',
        "port-forward svc/x 9090:80",
    ],
)
def test_what_is_planted_in_a_template_is_found(planted: str) -> None:
    assert list(_in_template(planted)), planted
    assert not list(_in_template(f"{{{{/* {planted} */}}}}\n# {planted}\n")), "a comment"


@cache
def _all() -> tuple[tuple[str, int, str], ...]:
    return tuple(one for module in modules() if module.path.name not in HOMES for one in _found(module))


def _found(module: Module) -> Iterator[tuple[str, int, str]]:
    """Place, line, and the literal."""
    ports = module.layer in PORTS
    for text, line in module.texts():
        for what in _in_text(text, ports=ports):
            yield module.place, line, what
    for number, line in _numbers(module.tree) if ports else ():
        yield module.place, line, str(number)


def _in_text(text: str, *, ports: bool) -> Iterator[str]:
    if text in _pinned():
        yield text
    bare = NEITHER.sub("", text)
    yield from (match[0] for match in (*VERSION.finditer(bare), *IMAGE.finditer(bare)))
    for match in PORT.finditer(bare) if ports else ():
        number = match[1] or match[2]
        if FIRST <= int(number) <= LAST:
            yield number


def _numbers(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Whole numbers that may be ports: not sizes, nor years."""
    known = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Size.mebibytes", "datetime")
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in known:
            yield from ((node.value, node.lineno),) if FIRST <= node.value <= LAST else ()


def _in_template(text: str) -> Iterator[str]:
    bare = NEITHER.sub("", COMMENT.sub("", text))
    yield from (match[0] for match in (*VERSION.finditer(bare), *IMAGE.finditer(bare), *TEMPLATE_PORT.finditer(bare)))


@cache
def _pinned() -> frozenset[str]:
    """What some room pins: versions, tags, repositories of images, whatever their form."""
    found: set[str] = set()
    for folder in (*(ROOMS / name for name in rooms()), HOUSE / "kit"):
        pinned = versions(folder)
        found |= {pinned.version, *pinned.parts.values(), *(chart.version for chart in pinned.charts.values())}
        found |= {text for image in pinned.images.values() for text in (image.tag, image.repository, image.digest)}
    return frozenset(found - {""})
