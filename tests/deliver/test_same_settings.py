"""An engine is configured by the same functions on both targets: what differs was reviewed, each with its reason.

`DIFFERS` is the whole list. A setting that begins to differ fails here, and one that ceases to differ too.
"""

from __future__ import annotations

import re

import pytest
from both_targets import Settings, here, there

ENGINES = ("flink", "kafka", "postgresql", "seaweedfs", "spark", "trino")

ENDPOINT, PORT, PATH = "an address", "a port", "a folder or a file"
LOGIN = "credentials, and the encryption that only a network needs"
BROWSER = "ports of this machine, which its other accounts and its browser's pages reach too"
MEMORY, CORES, COPIES = "memory", "processors", "how many servers and copies there are"
SPEED = "one machine that starts and heals within seconds"
OUTAGE = "a network, and an outage as long as `backups.rto`"
WATCHED = "scraped on clusters alone"
OPERATED = "how Kubernetes and its operators run it"

DIFFERS: dict[str, dict[str, dict[str, str]]] = {
    "flink": {
        "config": {
            r"s3\.endpoint|(jobmanager\.rpc|rest|sql-gateway\.endpoint\.rest)\.(bind-)?address": ENDPOINT,
            r"(job|task)manager\.bind-host|taskmanager\.host": ENDPOINT,
            r"(blob\.server|(job|task)manager\.rpc|rest|taskmanager\.data)\.port": PORT,
            r"sql-gateway\.endpoint\.rest\.port": PORT,
            r"io\.tmp\.dirs": PATH,
            r"s3\.(access|secret)-key": LOGIN,
            r"security\.ssl\..*|web\.(access-control-allow-origin|submit\.enable)": BROWSER,
            r"taskmanager\.memory\.managed\.fraction": MEMORY,
            r"taskmanager\.numberOfTaskSlots|parallelism\.default": CORES,
            r"(metrics\.fetcher\.update|web\.refresh)-interval": SPEED,
            r"heartbeat\.(interval|timeout)|slot\.request\.timeout|cluster\.registration\..*": OUTAGE,
            r"taskmanager\.registration\.timeout|execution\.checkpointing\.(timeout|tolerable.*)": OUTAGE,
            r"execution\.checkpointing\.interval|restart-strategy\..*": OUTAGE,
            r"metrics\.reporters|metrics\.reporter\.prom\.(factory\.class|port)": WATCHED,
            r"high-availability\.(type|storageDir)|execution\.checkpointing\.savepoint-dir|pipeline\.name": OPERATED,
            r"kubernetes\.operator\.(job|savepoint|pod-template)\..*": OPERATED,
            r"env\.java\.opts\.all": "words of Java that this machine says on the command line",
        },
        "sql": {
            r"`lake` (uri|s3\.endpoint)|`\w+` properties\.bootstrap\.servers": ENDPOINT,
            r"`lake` (jdbc\.password|s3\.access-key-id|s3\.secret-access-key)": LOGIN,
            r"`\w+` properties\.(security|sasl|ssl|config\.providers)\.?.*": LOGIN,
            r"`\w+` (properties\.group\.id|sink\.transactional-id-prefix)": "names that rights are given by",
            r"`\w+` properties\.transaction\.timeout\.ms": OUTAGE,
            r"`\w+` scan\.watermark\.idle-timeout": "here a finite file ends, and what is slow is not silent",
        },
    },
    "kafka": {
        "config": {
            r"(advertised\.)?listeners|listener\.security\.protocol\.map|controller\.quorum\.voters": ENDPOINT,
            r"inter\.broker\.listener\.name|controller\.listener\.names": ENDPOINT,
            r"node\.id|process\.roles": OPERATED,
            r"log\.dirs": PATH,
            r"log\.cleaner\.dedupe\.buffer\.size": MEMORY,
            r"background\.threads|num\.(io|network)\.threads": CORES,
            r".*\.replication\.factor|min\.insync\.replicas|.*\.min\.isr": COPIES,
            r"(offsets\.topic|transaction\.state\.log)\.num\.partitions|num\.partitions": COPIES,
            r"broker\.(heartbeat\.interval|session\.timeout)\.ms|group\.initial\.rebalance\.delay\.ms": SPEED,
            r"transaction\.max\.timeout\.ms": OUTAGE,
        }
    },
    "postgresql": {
        "config": {
            r"listen_addresses": ENDPOINT,
            r"port": PORT,
            r"hba_file|ident_file|unix_socket_directories": PATH,
            r"shared_buffers": MEMORY,
            r"ssl(_cert_file|_key_file|_min_protocol_version)?": LOGIN,
        }
    },
    "seaweedfs": {
        "flags": {
            r"(master\.|volume\.|filer\.)?ip(\.bind)?|master|master\.peers": ENDPOINT,
            r"(master|volume|filer|s3)\.port(\.grpc)?|(\w+\.)?metricsPort": PORT,
            r"config_dir|dir|volume\.dir|master\.mdir|s3\.config|(filer|s3)\.localSocket": PATH,
            r"s3\.allowedOrigins": BROWSER,
            r"master\.defaultReplication": COPIES,
            r"filer|volume\.id": "one process for all roles",
            r"master\.(electionTimeout|heartbeatInterval)|volume\.preStopSeconds": SPEED,
        },
        "master.toml": {r"copy_\d = 2|volume\.(balance|fix\.replication) -apply": COPIES},
    },
    "spark": {
        "config": {
            r"spark\.driver\.(host|bindAddress)|spark\.sql\.catalog\.lake\.(uri|s3\.endpoint)": ENDPOINT,
            r"spark\.hadoop\.fs\.s3a\.endpoint": ENDPOINT,
            r"spark\.((driver\.)?blockManager|driver|ui)\.port": PORT,
            r"spark\.hadoop\.fs\.s3a\.buffer\.dir|spark\.(driver|executor)\.extraClassPath": PATH,
            r"spark\.hadoop\.fs\.s3a\.((access|secret)\.key|aws\.credentials\.provider)": LOGIN,
            r"spark\.sql\.catalog\.lake\.(jdbc\.password|s3\.access-key-id|s3\.secret-access-key)": LOGIN,
            r"spark\.(authenticate|network\.crypto\.enabled)": LOGIN,
            r"spark\.(master|sql\.shuffle\.partitions|default\.parallelism)": CORES,
            r"spark\.metrics\..*|spark\.ui\.prometheus\.enabled|spark\.sql\.streaming\.metricsEnabled": WATCHED,
            r"spark\.network\.timeout": OUTAGE,
            r"spark\.sql\.catalog\.lake\.(jdbc\.\w+Timeout|http-client\..*|s3\.retry\..*)": OUTAGE,
            r"spark\.hadoop\.fs\.s3a\.(attempts\.maximum|retry\..*|connection\.timeout)": OUTAGE,
            r"spark\.(storage\.)?decommission\..*": OPERATED,
            r"spark\.app\.name": "one program for all jobs here, one for each there",
            r"spark\.(driver|executor)\.extraJavaOptions": "words of Java that this machine says on the command line",
        },
        "order": {
            r"control": ENDPOINT,
            r"kafka\.(source|sink)\.kafka\.bootstrap\.servers": ENDPOINT,
            r"kafka\.(source|sink)\.kafka\.(security|sasl|ssl|config\.providers)\.?.*": LOGIN,
            r"kafka\.source\.groupIdPrefix": "names that rights are given by",
            r"every_ms": OUTAGE,
        },
    },
    "trino": {
        "config.properties": {
            r"discovery\.uri|node\.(bind-ip|internal-address)": ENDPOINT,
            r"http-server\.http\.port": PORT,
            r"plugin\.dir|node\.data-dir": PATH,
            r"internal-communication\.shared-secret|management\.user": LOGIN,
            r"memory\.heap-headroom-per-node|query\.(max-memory-per-node|max-history|min-expire-age)": MEMORY,
            r"node-scheduler\.include-coordinator|failure-detector\.enabled": COPIES,
            r"node\.id|shutdown\.grace-period": OPERATED,
            r"catalog\.management": "catalogs change here while it runs",
        },
        "etc/catalog-store.properties": {r"catalog\.(config-dir|read-only)": "catalogs change here while it runs"},
        "kafka-client.properties": {r"(security|sasl|ssl|config\.providers)\.?.*": LOGIN},
        "kafka.properties": {r"kafka\.nodes": ENDPOINT, r"kafka\.(config\.resources|table-description-dir)": PATH},
        "lake.properties": {
            r"iceberg\.jdbc-catalog\.connection-url|s3\.endpoint": ENDPOINT,
            r"iceberg\.jdbc-catalog\.connection-password|s3\.aws-(access|secret)-key": LOGIN,
        },
        "access-control.properties": {r".*": "several people's, where projects are"},
        "resource-groups.properties": {r".*": "several people's, where projects are"},
    },
}

PROMISES = {
    "flink": {
        "config execution.checkpointing.mode": "EXACTLY_ONCE",
        "sql `departures` properties.isolation.level": "read_committed",
        "sql `delays` sink.delivery-guarantee": "exactly-once",
    },
    "kafka": {"config auto.create.topics.enable": "false"},
    "spark": {"config spark.sql.ansi.enabled": "true"},
    "trino": {"kafka-client.properties isolation.level": "read_committed"},
}
"""What must be the same whatever anybody writes above."""


LEAST = {"flink": 55, "kafka": 2, "postgresql": 15, "seaweedfs": 20, "spark": 260, "trino": 25}


def differing(one: Settings, other: Settings) -> list[tuple[str, str]]:
    keys = [(file, key) for file in {*one, *other} for key in {*one.get(file, {}), *other.get(file, {})}]
    return sorted((file, key) for file, key in keys if one.get(file, {}).get(key) != other.get(file, {}).get(key))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_differs_was_reviewed(engine: str) -> None:
    new = [
        (file, key)
        for file, key in differing(here(engine), there(engine))
        if not any(re.fullmatch(pattern, key) for pattern in DIFFERS[engine].get(file, {}))
    ]
    assert new == []


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_reviewed_still_differs(engine: str) -> None:
    found = differing(here(engine), there(engine))
    patterns = [(file, pattern) for file, told in DIFFERS[engine].items() for pattern in told]
    unused = [
        (file, pattern)
        for file, pattern in patterns
        if not any(file == there and re.fullmatch(pattern, key) for there, key in found)
    ]
    assert unused == []


@pytest.mark.parametrize("engine", ENGINES)
def test_much_is_the_same(engine: str) -> None:
    """So that an empty file does not pass for one without differences."""
    mine, theirs = here(engine), there(engine)
    same = [key for file, keys in mine.items() for key in keys if theirs.get(file, {}).get(key) == keys[key]]
    assert len(same) >= LEAST[engine]


@pytest.mark.parametrize("engine", PROMISES)
def test_promises_hold_on_both(engine: str) -> None:
    for target in (here(engine), there(engine)):
        flat = {f"{file} {key}": value for file, keys in target.items() for key, value in keys.items()}
        assert {key: flat.get(key) for key in PROMISES[engine]} == PROMISES[engine]
