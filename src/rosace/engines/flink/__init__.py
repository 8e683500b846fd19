"""Apache Flink: streaming SQL in event time, exactly once. A session cluster: job manager, task manager, gateway."""

from __future__ import annotations

from rosace.contract.engine import Engine
from rosace.engines.flink.spec import FlinkSpec
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, S3Endpoint, StreamSql
from rosace.model.platform import Platform


def _wanted(platform: Platform) -> bool:
    return any(job.engine == "flink" for job in platform.jobs.values())


ENGINE = Engine(
    name="flink",
    title="Apache Flink",
    package="rosace.engines.flink",
    summary="streaming SQL over topics and tables, in event time, exactly once",
    spec=FlinkSpec,
    wanted=_wanted,
    offers=(StreamSql,),
    # The cluster itself starts without them; only its jobs need them, and they wait by themselves.
    optional=(S3Endpoint, KafkaBootstrap, IcebergCatalog),
    runs=("sql",),
    streaming=True,
    targets=("local", "kubernetes"),
    several=True,
    sets_aside=("local",),
    # POOLING asks for the producers of a topic (flink-connector-kafka 5.0, AdminUtils.getOpenTransactionsForTopics).
    transactions=True,
    # Ids of operators are made of where they stand and of what is chained to them (2.1, StreamGraphHasherV2).
    rereads=True,
)
