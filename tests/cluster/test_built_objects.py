"""Everything that the examples become is what its makers' schemas allow, and every pod is restricted."""

from __future__ import annotations

import pytest
from built import EXAMPLES, everything
from podspecs import pod_templates, restricted
from policy_kinds import Constraints
from schemas import VERSIONS, crds, kubernetes, problems

WAIVERS: dict[str, str] = {}
"""What breaks *restricted*, as `restricted` says it, and why it must. At most five."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("minor", VERSIONS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_fits_the_schemas(name: str, minor: str) -> None:
    sources = (kubernetes(minor), crds())
    for source in sources:
        if isinstance(source, str):
            pytest.skip(source)
    found = [source for source in sources if not isinstance(source, str)]
    assert problems(everything(name), *found, Constraints(everything(name))) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_pod_is_restricted(name: str) -> None:
    assert len(pod_templates(everything(name))) > 8
    broken = restricted(everything(name))
    assert [one for one in broken if one not in WAIVERS] == []
    assert len(WAIVERS) <= 5


def test_every_waiver_is_needed() -> None:
    broken = {one for name in EXAMPLES for one in restricted(everything(name))}
    assert set(WAIVERS) <= broken


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_secret_is_inside(name: str) -> None:
    """Secrets are named, never written: no Secret object, no word that looks like one's value."""
    kinds = {one["kind"] for one in everything(name)}
    assert "Secret" not in kinds


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_image_has_a_version(name: str) -> None:
    for template in pod_templates(everything(name)):
        for container in template.spec.get("containers", []):
            image = container.get("image", "")
            assert not image or (":" in image.rpartition("/")[2] and not image.endswith(":latest")), template.owner
