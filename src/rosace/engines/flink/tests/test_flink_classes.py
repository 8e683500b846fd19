"""The connectors find what they are made of: every class of Flink that they name is on the class path.

Missing ones are seen only when a job needs them: plans, and jobs of other kinds, do without.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from rosace.engines.flink import ENGINE
from rosace.engines.flink.local import JARS, LIBRARIES, libraries
from rosace.local import workbench

pytestmark = pytest.mark.live

CONNECTORS = {
    "iceberg-flink-runtime": "org/apache/iceberg/flink/",
    "flink-connector-kafka": "org/apache/flink/",
    "flink-connector-files": "org/apache/flink/",
}
_NAMED = re.compile(rb"org/apache/flink/[A-Za-z0-9_/]+(?:\$[A-Za-z0-9_$]+)?")

UNUSED = {"iceberg-flink-runtime: org/apache/flink/formats/avro/typeutils/GenericRecordAvroTypeInfo"}
"""For streams of Avro's own records, which SQL does not make."""


def test_every_class_that_a_connector_names_is_there() -> None:
    artifacts = workbench.artifacts(ENGINE)
    path = [*(artifacts[name] for name in JARS), *(libraries(artifacts) / name for name in LIBRARIES)]
    known = {name.removesuffix(".class") for jar in path for name in _names(jar) if name.endswith(".class")}
    missing = {
        f"{name}: {word}" for name, within in CONNECTORS.items() for word in _named(artifacts[name], within) - known
    }
    assert missing == UNUSED


def _names(jar: Path) -> list[str]:
    with zipfile.ZipFile(jar) as archive:
        return archive.namelist()


def _named(jar: Path, within: str) -> set[str]:
    """The classes of Flink that the constant pools of a jar's classes name."""
    found: set[str] = set()
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.startswith(within) and name.endswith(".class"):
                found |= {word.decode() for word in _NAMED.findall(archive.read(name))}
    return {word for word in found if re.search(r"/[A-Z]\w*(?:\$\w+)*$", word)}
