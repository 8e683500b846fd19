"""The pod of a source on clusters: the command and the files that Helm lays out, run as a process against a real Kafka
that asks who it is and what it may do, killed half way and begun again on another node. Kubernetes' own part is played
here: folders are mounted, the name of the brokers' service is an address.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from compiled import laid_out, written
from confluent_kafka import Consumer
from secured_broker import PASSWORD, Secured, started

from rosace.engines.kafka import ENGINE
from rosace.local import workbench

pytestmark = pytest.mark.live

ROWS = 12_000
PLATFORM = """\
platform: shop
clusters: {main: {}}
delivery: {registry: registry.example.com}
topics:
  orders: {columns: {id: int!, customer: string!}, key: customer, partitions: 3}
sources:
  web: {file: {volume: incoming, path: orders/*.csv}, to: orders, rate: 4000/s}
"""


@dataclass(frozen=True)
class Laid:
    """What Helm made of the platform."""

    objects: list[dict[str, Any]]

    def one(self, kind: str, name: str) -> dict[str, Any]:
        return next(one for one in self.objects if one["kind"] == kind and one["metadata"]["name"].startswith(name))


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    built = written(tmp_path_factory.mktemp("built"), PLATFORM)
    return Laid(
        [one for release in built.releases if release.chart in ("processing", "streaming") for one in laid_out(release)]
    )


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory, laid: Laid) -> Iterator[Secured]:
    """A broker with what Strimzi makes of the KafkaTopic and the KafkaUser, and a user without any right."""
    home = tmp_path_factory.mktemp("kafka")
    words = {"platform": "shop", "topics": {"orders": {"columns": {"id": "int!"}}}}
    running, broker = started(workbench.site_of(ENGINE, words, home), {})
    try:
        broker.make("orders", partitions=laid.one("KafkaTopic", "orders")["spec"]["partitions"])
        user = laid.one("KafkaUser", "source-web")["spec"]
        assert user["authentication"]["type"] == "scram-sha-512"
        broker.let("source-web", user["authorization"]["acls"])
        broker.let("somebody", [])
        yield broker
    finally:
        running.stop()


class Pod:
    """One pod of the Job: each of its folders is one below `node`, which is empty as on a node where it never was."""

    def __init__(self, laid: Laid, kafka: Secured, node: Path, volume: Path, user: str = "source-web") -> None:
        shutil.rmtree(node, ignore_errors=True)
        spec = laid.one("Job", "source-web")["spec"]["template"]["spec"]
        told = laid.one("ConfigMap", "source-web")["data"]
        (container,) = spec["containers"]
        assert "initContainers" not in spec
        by_name = {one["name"]: one for one in spec["volumes"]}
        self.places = {one["mountPath"]: node / one["name"] for one in container["volumeMounts"]}
        for mount in container["volumeMounts"]:
            self._fill(self.places[mount["mountPath"]], by_name[mount["name"]], told, kafka, volume, user)
        command = [self._here(word) for word in container["command"]]
        assert command[0] == "python"
        environment = {one["name"]: self._here(one["value"]) for one in container["env"]}
        self.log = node / "log"
        with self.log.open("wb") as log:
            self.child = subprocess.Popen([sys.executable, *command[1:]], env=environment, stdout=log, stderr=log)

    def _here(self, text: str) -> str:
        for path, place in self.places.items():
            text = text.replace(path, str(place)) if path != "/tmp" else text
        return text

    def _fill(
        self, place: Path, volume: dict[str, Any], told: dict[str, str], kafka: Secured, files: Path, user: str
    ) -> None:
        if "persistentVolumeClaim" in volume:
            assert volume["persistentVolumeClaim"] == {"claimName": "incoming", "readOnly": True}
            place.symlink_to(files)
            return
        place.mkdir(parents=True)
        if "configMap" in volume:
            for name, written_text in told.items():
                text = written_text.replace("kafka-kafka-bootstrap.kafka.svc.cluster.local:9093", kafka.servers)
                (place / name).write_text(self._here(text).replace('"source-web"', json.dumps(user)))
        if volume.get("secret", {}).get("secretName") == "kafka-source-web":
            (place / "password").write_text(PASSWORD)
        if volume.get("secret", {}).get("secretName") == "kafka-cluster-ca-cert":
            shutil.copy(kafka.ca, place / "ca.crt")

    def sent(self) -> int:
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return json.loads(lines[-1])["sent"] if lines else 0

    def ended(self, seconds: float = 60) -> int:
        try:
            return self.child.wait(seconds)
        finally:
            self.child.kill()
            self.child.wait()


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("incoming")
    (folder / "orders").mkdir()
    for part in range(2):
        half = ROWS // 2
        lines = (f"{n},c{n % 97}" for n in range(part * half, (part + 1) * half))
        (folder / "orders" / f"{part}.csv").write_text("id,customer\n" + "\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders are mounted in the same places in each pod."""
    return tmp_path_factory.mktemp("pod") / "node"


def test_who_has_no_rights_sends_nothing(laid: Laid, kafka: Secured, volume: Path, node: Path) -> None:
    pod = Pod(laid, kafka, node, volume, user="somebody")
    assert pod.ended() == 1
    assert "authorization failed" in pod.log.read_text().lower()
    assert _ids(kafka) == []


def test_killed_half_way_and_begun_on_another_node_it_is_exact(
    laid: Laid, kafka: Secured, volume: Path, node: Path
) -> None:
    first = Pod(laid, kafka, node, volume)
    until = time.monotonic() + 60
    while not ROWS // 4 <= first.sent() < ROWS and time.monotonic() < until:
        assert first.child.poll() is None, first.log.read_text()
        time.sleep(0.05)
    first.child.kill()
    first.child.wait()
    there = len(_ids(kafka))
    assert 0 < there < ROWS

    second = Pod(laid, kafka, node, volume)
    assert second.ended() == 0, second.log.read_text()
    assert sorted(_ids(kafka)) == list(range(ROWS))

    third = Pod(laid, kafka, node, volume)
    assert third.ended() == 0, third.log.read_text()
    assert len(_ids(kafka)) == ROWS


def test_other_files_are_refused_for_good(laid: Laid, kafka: Secured, volume: Path, node: Path, tmp_path: Path) -> None:
    shutil.copytree(volume, other := tmp_path / "other")
    file = other / "orders" / "0.csv"
    file.write_text(file.read_text().replace("\n5,", "\n-5,"))
    pod = Pod(laid, kafka, node, other)
    assert pod.ended() == 3
    assert "cannot go on from there" in pod.log.read_text()


def _ids(kafka: Secured) -> list[int]:
    """What transactions committed, as somebody who may do all reads it."""
    reader = Consumer(
        {
            "bootstrap.servers": kafka.plain,
            "group.id": "test",
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    reader.subscribe(["orders"])
    found: list[int] = []
    ended: set[int | None] = set()
    until = time.monotonic() + 60
    try:
        while len(ended) < 3 and time.monotonic() < until:
            for message in reader.consume(1000, 1.0):
                if message.error():
                    ended.add(message.partition())
                else:
                    found.append(json.loads(message.value() or b"")["id"])
    finally:
        reader.close()
    assert len(ended) == 3
    return found
