"""Compliance: on clusters, scans of nodes and control planes against the CIS benchmark."""

from rosace.contract.engine import Engine
from rosace.engines.compliance.spec import ComplianceSpec, wanted

ENGINE = Engine(
    name="compliance",
    title="Rancher Compliance",
    package=__name__,
    summary="Scans each cluster against the CIS benchmark, by Rancher's compliance operator",
    spec=ComplianceSpec,
    wanted=wanted,
    targets=("kubernetes",),
    everywhere=True,
    namespace="compliance-operator-system",
)
