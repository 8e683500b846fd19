"""The example's Flink job by Rosace and by hand.

The engine's time is from Flink's own start of the job until 99 % of its results were appended to their topic, by the
broker's clock (`message.timestamp.type=LogAppendTime`). The last windows are left out: they close only when the job is
drained, and when that is asked for is no matter of speed.
"""

from __future__ import annotations

import time
from typing import Any

import hand_flink
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from rig import Rig, Unmeasured
from turn import Meter, Turn, until

from rosace.engines.flink.rest import call
from rosace.engines.kafka.live import caught_up
from rosace.local.control import ask

JOB, TOPIC, NAME = "carrier-delays", "delays", "flights-carrier-delays"
PARTITIONS = 4
SHARE = 0.99
WHAT = f"Flink's start of the job to {SHARE:.0%} of its results in their topic"


class Place:
    """Where the example's Flink and Kafka are, and the work that is done there."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        status = rig.status()
        ports = {name: item["ports"] for name, item in status["processes"].items()}
        secrets = rig.secrets()
        order = next(job for job in rig.deployment()["jobs"] if job["name"] == JOB)["order"]
        self.tls = str(rig.home.path / "engines" / "flink" / "conf")
        self.rest = f"https://127.0.0.1:{ports['flink-jobmanager']['rest']}"
        self.gateway = f"https://127.0.0.1:{ports['flink-sql-gateway']['gateway']}"
        self.servers = f"127.0.0.1:{ports['kafka']['kafka']}"
        self.values = {
            "parallelism": order["settings"]["parallelism.default"],
            "kafka": str(ports["kafka"]["kafka"]),
            "postgresql": str(ports["postgresql"]["postgresql"]),
            "s3": str(ports["s3"]["s3"]),
            "password": secrets["postgresql.password"],
            "access": secrets["s3.access-key"],
            "secret": secrets["s3.secret-key"],
        }
        config = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"}
        topic = NewTopic(hand_flink.TOPIC, PARTITIONS, 1, config=config)
        self.admin = AdminClient({"bootstrap.servers": self.servers, "log_level": 0})
        self.admin.create_topics([topic])[hand_flink.TOPIC].result(20)
        until("the topic written by hand has leaders", self._led)

    def by_hand(self) -> Turn:
        """Submits, waits until all is read, drains."""
        meter = Meter(self.rig.status(), "flink")
        base, begun = self._ends(hand_flink.TOPIC), time.time()
        group = f"hand-{time.time_ns()}"
        hand_flink.submit(self.gateway, self.tls, {**self.values, "group": group})
        until("the job by hand has read all", lambda: self._read_all(group), pause=0.5)
        job = self._newest(hand_flink.NAME, begun)["jid"]
        body = {"drain": True, "targetDirectory": "s3://checkpoints/hand-savepoints"}
        call("POST", f"{self.rest}/jobs/{job}/stop", self.tls, body).raise_for_status()
        return self._turn(hand_flink.NAME, hand_flink.TOPIC, base, begun, meter)

    def by_rosace(self) -> Turn:
        """`rosace restart carrier-delays --fresh`: the supervisor submits, watches and drains."""
        meter = Meter(self.rig.status(), "flink")
        base, begun = self._ends(TOPIC), time.time()
        answer = ask(self.rig.home, {"do": "restart", "names": [JOB], "fresh": True})
        if not answer["ok"]:
            raise Unmeasured(f"{JOB} cannot be restarted: {answer}")
        return self._turn(NAME, TOPIC, base, begun, meter)

    def _turn(self, name: str, topic: str, base: list[int], begun: float, meter: Meter) -> Turn:
        until(f"{name} has ended", lambda: self._newest(name, begun).get("state") == "FINISHED")
        cpu, own = meter.read()
        job = self._newest(name, begun)
        times = self._appended(topic, base)
        last = times[int(len(times) * SHARE) - 1]
        return Turn(WHAT, last - job["start-time"] / 1000, job["end-time"] / 1000 - begun, len(times), cpu, own)

    def _newest(self, name: str, begun: float) -> dict[str, Any]:
        """The run of the job that began after `begun`; empty while there is none."""
        jobs = call("GET", f"{self.rest}/jobs/overview", self.tls).json()["jobs"]
        mine = [job for job in jobs if job["name"] == name and job["start-time"] / 1000 >= begun]
        return max(mine, key=lambda job: job["start-time"], default={})

    def _read_all(self, group: str) -> bool:
        """Whether the group has committed, with a checkpoint, everything that is in the topic."""
        request = [ConsumerGroupTopicPartitions(group)]
        found = self.admin.list_consumer_group_offsets(request)[group].result(20).topic_partitions or []
        offsets = {str(part.partition): part.offset for part in found if part.offset >= 0}
        return len(offsets) == PARTITIONS and caught_up(self.servers, {"departures": offsets})

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                "bootstrap.servers": self.servers,
                "group.id": "bench",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "log_level": 0,
            }
        )

    def _led(self) -> bool:
        try:
            return bool(self._ends(hand_flink.TOPIC))
        except KafkaException:
            return False

    def _ends(self, topic: str) -> list[int]:
        consumer = self._consumer()
        ends = [consumer.get_watermark_offsets(TopicPartition(topic, n), timeout=20)[1] for n in range(PARTITIONS)]
        consumer.close()
        return ends

    def _appended(self, topic: str, base: list[int]) -> list[float]:
        """When each record after `base` was appended, in seconds since the epoch, ascending."""
        consumer, times, ended = self._consumer(), list[float](), set[int]()
        consumer.assign([TopicPartition(topic, number, offset) for number, offset in enumerate(base)])
        while len(ended) < PARTITIONS:
            for message in consumer.consume(5000, timeout=1.0):
                if message.error():
                    ended.add(int(message.partition() or 0))
                else:
                    times.append(message.timestamp()[1] / 1000)
        consumer.close()
        return sorted(times)
