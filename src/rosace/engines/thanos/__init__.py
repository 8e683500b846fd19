"""Thanos: metrics of all clusters in one place, for as long as they are wanted."""

from rosace.contract.engine import Engine
from rosace.engines.thanos.spec import ThanosSpec, wanted
from rosace.model.capabilities import LongTermMetrics, Metrics, MetricStores, S3Endpoint

ENGINE = Engine(
    name="thanos",
    title="Thanos",
    package=__name__,
    summary="Metrics of all clusters, asked in one place and kept in object storage",
    spec=ThanosSpec,
    wanted=wanted,
    offers=(LongTermMetrics,),
    needs=(S3Endpoint, Metrics, MetricStores),
    targets=("kubernetes",),
    namespace="monitoring",
)
