"""The example's Flink job as a person writes it: statements for the SQL gateway, with names of its own.

The same engine, the same topic read, the same query, parallelism, checkpoints and delivery; another group, another
topic and table to write. Nothing here comes from Rosace but addresses and secrets.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from rig import Unmeasured

from rosace.engines.flink.rest import call

NAME, TOPIC = "hand-delays", "hand-delays"

SETTINGS = {
    "pipeline.name": NAME,
    "parallelism.default": "{parallelism}",
    "execution.checkpointing.dir": "s3://checkpoints/hand",
    "execution.checkpointing.interval": "3s",
    "table.exec.iceberg.use-v2-sink": "true",
}

CATALOG = """
CREATE CATALOG lake WITH (
  'type' = 'iceberg', 'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:postgresql://127.0.0.1:{postgresql}/flights', 'jdbc.user' = 'rosace',
  'jdbc.password' = '{password}', 'jdbc.schema-version' = 'V1',
  'warehouse' = 's3://lake/warehouse', 'io-impl' = 'org.apache.iceberg.aws.s3.S3FileIO',
  's3.endpoint' = 'http://127.0.0.1:{s3}', 's3.path-style-access' = 'true',
  's3.access-key-id' = '{access}', 's3.secret-access-key' = '{secret}', 'client.region' = 'us-east-1'
)"""

DEPARTURES = """
CREATE TEMPORARY TABLE departures (
  `year` INT NOT NULL, `month` INT NOT NULL, `day` INT NOT NULL, sched_dep_time INT NOT NULL, dep_time INT,
  dep_delay DOUBLE, arr_delay DOUBLE, carrier STRING NOT NULL, flight INT NOT NULL, tailnum STRING,
  origin STRING NOT NULL, dest STRING NOT NULL, air_time DOUBLE, distance INT NOT NULL, `hour` INT NOT NULL,
  `minute` INT NOT NULL, time_hour TIMESTAMP(3) NOT NULL,
  WATERMARK FOR time_hour AS time_hour - INTERVAL '5' MINUTE
) WITH (
  'connector' = 'kafka', 'topic' = 'departures', 'properties.bootstrap.servers' = '127.0.0.1:{kafka}',
  'properties.group.id' = '{group}', 'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
)"""

RESULTS = """
CREATE TEMPORARY TABLE delays (
  carrier STRING NOT NULL, `hour` TIMESTAMP(3) NOT NULL, departures BIGINT NOT NULL, cancelled BIGINT NOT NULL,
  avg_delay DOUBLE, max_delay DOUBLE, PRIMARY KEY (carrier, `hour`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka', 'topic' = 'hand-delays', 'properties.bootstrap.servers' = '127.0.0.1:{kafka}',
  'key.format' = 'json', 'value.format' = 'json', 'key.json.timestamp-format.standard' = 'ISO-8601',
  'value.json.timestamp-format.standard' = 'ISO-8601', 'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'hand', 'sink.transaction-naming-strategy' = 'POOLING',
  'properties.transaction.timeout.ms' = '600000'
)"""

TABLE = """
CREATE TABLE IF NOT EXISTS lake.flights.hand_delays (
  carrier STRING NOT NULL, `hour` TIMESTAMP(6) NOT NULL, departures BIGINT NOT NULL, cancelled BIGINT NOT NULL,
  avg_delay DOUBLE, max_delay DOUBLE
) WITH ('format-version' = '2')"""

HOURLY = """
CREATE TEMPORARY VIEW hourly AS
SELECT carrier, window_start AS `hour`, COUNT(*) AS departures, COUNT(*) - COUNT(dep_delay) AS cancelled,
  AVG(dep_delay) AS avg_delay, MAX(dep_delay) AS max_delay
FROM TABLE(TUMBLE(TABLE departures, DESCRIPTOR(time_hour), INTERVAL '1' HOUR))
GROUP BY carrier, window_start, window_end"""

JOB = """
EXECUTE STATEMENT SET BEGIN
INSERT INTO delays SELECT * FROM hourly;
INSERT INTO lake.flights.hand_delays SELECT * FROM hourly;
END"""


def submit(gateway: str, tls: str, values: Mapping[str, str]) -> None:
    """Sends the statements through a session of the gateway; `values` are what stands in braces, `tls` is the folder
    of the certificate that the gateway asks for."""
    base = f"{gateway}/v1/sessions"
    session = _post(base, tls, {"properties": {}})["sessionHandle"]
    settings = [f"SET '{name}' = '{value}'" for name, value in SETTINGS.items()]
    for text in (*settings, CATALOG, DEPARTURES, RESULTS, TABLE, HOURLY, JOB):
        filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)
        handle = _post(f"{base}/{session}/statements", tls, {"statement": filled})["operationHandle"]
        _done(f"{base}/{session}/operations/{handle}", tls)
    call("DELETE", f"{base}/{session}", tls)


def _done(operation: str, tls: str) -> None:
    for _ in range(3000):
        state = call("GET", f"{operation}/status", tls).json()["status"]
        if state == "FINISHED":
            return
        if state in ("ERROR", "CANCELED"):
            break
        time.sleep(0.02)
    said = call("GET", f"{operation}/result/0", tls).text
    raise Unmeasured(f"Flink did not take a statement: {said[-600:]}")


def _post(url: str, tls: str, body: Mapping[str, Any]) -> Any:
    answer = call("POST", url, tls, body, timeout=60.0)
    answer.raise_for_status()
    return answer.json()
