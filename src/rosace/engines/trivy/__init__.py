"""Trivy: on clusters, scans of the images of the platform's pods for known vulnerabilities, again and again."""

from rosace.contract.engine import Engine
from rosace.engines.trivy.spec import TrivySpec, wanted

ENGINE = Engine(
    name="trivy",
    title="Trivy",
    package=__name__,
    summary="Scans the images of each cluster's pods for known vulnerabilities, by Trivy's operator",
    spec=TrivySpec,
    wanted=wanted,
    targets=("kubernetes",),
    everywhere=True,
)
