"""Kafka for other programs. On this machine its port is loopback's and asks for nothing."""

from __future__ import annotations

from rosace.contract.connect import Connecting, Door, Way
from rosace.model.capabilities import KafkaBootstrap

WORDS = ("kafka",)


def door(site: Connecting) -> Door:
    """Ways to the topics. Readers of librdkafka see only what transactions committed; Java's have to say so."""
    servers = site.need(KafkaBootstrap).servers
    topic = next(iter(site.checked.topics), "topic")
    python = (
        "python3 - <<'END'\n"
        "from confluent_kafka import Consumer\n"
        f"consumer = Consumer({{'bootstrap.servers': '{servers}', 'group.id': 'mine',\n"
        "                     'auto.offset.reset': 'earliest'})\n"
        f"consumer.subscribe(['{topic}'])\n"
        "print(consumer.poll(10).value().decode())\n"
        "consumer.close()\n"
        "END"
    )
    return Door(
        servers,
        (
            Way("kcat", f"kcat -b {servers} -C -t {topic} -o beginning -c 10"),
            Way(
                "Kafka's own console",
                f"kafka-console-consumer.sh --bootstrap-server {servers} --topic {topic} --from-beginning \\\n"
                "  --max-messages 10 --isolation-level read_committed",
            ),
            Way("Python, confluent-kafka", python),
            *(_producer(name, one.writes[0], servers) for name, one in site.checked.platform.producers.items()),
        ),
    )


def _producer(name: str, topic: str, servers: str) -> Way:
    """A record that a declared producer writes, in the partition that the replay would take for its key."""
    line = f"kcat -b {servers} -P -t {topic} -K '|' -X partitioner=murmur2_random <<'END'\n{{}}|{{}}\nEND"
    return Way(f"producer {name}, kcat: a line is a key and a record, both JSON", line)
