"""What is told while artifacts are fetched."""

from __future__ import annotations

from rosace.cli.progress import FetchMeter
from rosace.contract.artifacts import Artifact
from rosace.local.artifacts.events import Done, Refused


def test_a_damaged_copy_is_told_at_once() -> None:
    file = "kafka-raft-4.1.2.jar"
    jar = Artifact("kafka-raft", "maven", "org.apache.kafka:kafka-raft:4.1.2", file, "0" * 64, 10)
    meter = FetchMeter([jar])
    assert meter.take(Refused(jar, (file,))) == (f"kafka-raft in the cache is damaged ({file}): it is fetched again")
    assert "1 of 1 artifacts" in meter.take(Done(jar, 0.1, cached=False))
