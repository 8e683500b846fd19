"""Grafana: the dashboards of every engine, and a place to ask."""

from rosace.contract.engine import Engine
from rosace.engines.grafana.spec import GrafanaSpec, wanted
from rosace.model.capabilities import Alerts, Dashboards, LongTermMetrics, Metrics

ENGINE = Engine(
    name="grafana",
    title="Grafana",
    package=__name__,
    summary="Dashboards of every engine and cluster, and a place to ask for metrics",
    spec=GrafanaSpec,
    wanted=wanted,
    offers=(Dashboards,),
    needs=(Metrics, Alerts),
    optional=(LongTermMetrics,),
    targets=("kubernetes",),
    namespace="monitoring",
)
