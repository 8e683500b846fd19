"""Trino: interactive SQL over the lake's tables and the topics, in one question."""

from rosace.contract.engine import Engine
from rosace.engines.trino.spec import TrinoSpec, wanted
from rosace.model.capabilities import IcebergCatalog, KafkaBootstrap, PostgresDatabase, S3Endpoint, SqlEndpoint

ENGINE = Engine(
    name="trino",
    title="Trino",
    package=__name__,
    summary="Interactive SQL over the lake's tables and the topics",
    spec=TrinoSpec,
    wanted=wanted,
    offers=(SqlEndpoint,),
    targets=("local", "kubernetes"),
    # Not needs: a catalog connects at its first use, so Trino starts before and beside what it reads.
    optional=(IcebergCatalog, KafkaBootstrap, PostgresDatabase, S3Endpoint),
)
