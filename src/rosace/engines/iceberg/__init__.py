"""Iceberg: the catalog of the lake's tables, kept in PostgreSQL, their files in S3."""

from rosace.contract.engine import Engine
from rosace.engines.iceberg.spec import IcebergSpec, wanted
from rosace.model.capabilities import IcebergCatalog, PostgresDatabase, S3Endpoint

ENGINE = Engine(
    name="iceberg",
    title="Apache Iceberg",
    package=__name__,
    summary="Catalog of the lake's tables, which every engine reads and writes",
    spec=IcebergSpec,
    wanted=wanted,
    offers=(IcebergCatalog,),
    targets=("local", "kubernetes"),
    needs=(PostgresDatabase, S3Endpoint),
)
