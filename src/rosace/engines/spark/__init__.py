"""Apache Spark: streaming and batch jobs in SQL and Python, and the loading of files into tables of the lake."""

from rosace.contract.engine import Engine
from rosace.engines.spark.spec import SparkSpec, wanted
from rosace.model.capabilities import BatchSession, IcebergCatalog, KafkaBootstrap, S3Endpoint

ENGINE = Engine(
    name="spark",
    title="Apache Spark",
    package=__name__,
    summary="Streaming and batch jobs in SQL and Python over topics and the lake",
    spec=SparkSpec,
    wanted=wanted,
    offers=(BatchSession,),
    needs=(IcebergCatalog, S3Endpoint),
    optional=(KafkaBootstrap,),
    runs=("sql", "python"),
    streaming=True,
    batch=True,
    targets=("local", "kubernetes"),
    several=True,
    sets_aside=("local",),
    # A session connects to the catalog and to S3 when a job first names them.
    eager=True,
)
