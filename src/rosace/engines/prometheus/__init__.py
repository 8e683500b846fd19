"""Prometheus and Alertmanager: what every cluster measures of itself, and who is told when it is bad."""

from rosace.contract.engine import Engine
from rosace.engines.prometheus.spec import PrometheusSpec, wanted
from rosace.model.capabilities import Alerts, Metrics, MetricStores, S3Endpoint

ENGINE = Engine(
    name="prometheus",
    title="Prometheus",
    package=__name__,
    summary="Metrics of every engine and node, rules over them, and alerts that reach people",
    spec=PrometheusSpec,
    wanted=wanted,
    offers=(Metrics, MetricStores, Alerts),
    optional=(S3Endpoint,),
    targets=("kubernetes",),
    everywhere=True,
    namespace="monitoring",
)
