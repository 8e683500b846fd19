"""The umbrella through Helm's whole workflow, with the real Helm, a real OCI registry and a real API server.

`helm dependency build` is the fixture's; then it is packed, signed, verified, pushed, pulled, installed, upgraded and
rolled back.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from compiled import EXAMPLES, example, helm, laid_out
from package_places import free_port, keyring, registry
from prepared_server import server_for
from umbrellas import Umbrella, own_helm, rendered, served, switched_on, umbrella

from rosace.deliver.yamltext import dump

__all__ = ["free_port", "keyring", "own_helm", "registry", "served", "umbrella"]

pytestmark = pytest.mark.live

PACKED, NEWER = "platform-0.1.0", "platform-0.2.0"


@pytest.fixture(scope="module")
def packages(umbrella: Umbrella, keyring: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions, signed."""
    folder = tmp_path_factory.mktemp("packages")
    for version in ("0.1.0", "0.2.0"):
        sign = ["--sign", "--key", "rosace-test", "--keyring", keyring[0]]
        _did("package", umbrella.chart, "--version", version, "--destination", folder, *sign)
    return folder


@pytest.fixture(scope="module")
def pushed(packages: Path, registry: str) -> str:
    """Where both are in the registry."""
    for name in (PACKED, NEWER):
        _did("push", packages / f"{name}.tgz", registry, "--plain-http")
    return f"{registry}/platform"


def _did(*words: str | Path) -> str:
    done = helm(*words)
    assert done.returncode == 0, f"{words[0]}: {done.stderr}"
    return done.stdout


def test_what_was_changed_is_not_what_was_signed(packages: Path, keyring: tuple[Path, Path], tmp_path: Path) -> None:
    _did("verify", packages / f"{PACKED}.tgz", "--keyring", keyring[1])
    for name in (f"{PACKED}.tgz", f"{PACKED}.tgz.prov"):
        content = bytearray((packages / name).read_bytes())
        content[100] ^= name.endswith(".tgz")
        (tmp_path / name).write_bytes(content)
    refused = helm("verify", tmp_path / f"{PACKED}.tgz", "--keyring", keyring[1])
    assert refused.returncode != 0
    assert "sha256 sum does not match" in refused.stderr


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_pulled_renders_as_what_was_packed(
    name: str, umbrella: Umbrella, pushed: str, packages: Path, tmp_path: Path
) -> None:
    """Below one umbrella, all charts of each cluster at once."""
    _did("pull", pushed, "--version", "0.1.0", "--destination", tmp_path, "--plain-http")
    pulled = tmp_path / f"{PACKED}.tgz"
    assert pulled.read_bytes() == (packages / pulled.name).read_bytes()
    built = example(name)
    for cluster in built.estate.clusters:
        values = switched_on(*(one for one in built.releases if one.cluster == cluster))
        before = rendered(umbrella.chart, tmp_path, values)
        assert before.count("helm.sh/hook: test") > 0 or cluster == "management"
        assert rendered(pulled, tmp_path, values) == before


def test_it_is_installed_upgraded_and_rolled_back(pushed: str, tmp_path: Path) -> None:
    """A whole platform as one release; the newer version comes without one of its charts."""
    values = tmp_path / "values.yaml"
    values.write_text(dump(switched_on(*example("flights").releases)), encoding="utf-8")
    (query,) = [one for one in example("flights").releases if one.chart == "query"]
    with server_for("flights", tmp_path) as server:
        config = ["--kubeconfig", str(server.kubeconfig), "--namespace", "default"]
        upgrade = ["upgrade", "--install", "all", pushed, "-f", values, "--plain-http", *config]
        _did(*upgrade, "--version", "0.1.0")
        assert all(server.get(one) for release in example("flights").releases for one in laid_out(release))
        _did(*upgrade, "--version", "0.2.0", "--set", "query.enabled=false")
        assert not any(server.get(one) for one in laid_out(query))
        _did("rollback", "all", "1", *config)
        assert all(server.get(one) for one in laid_out(query))
        told = [one["chart"] for one in json.loads(_did("history", "all", "--output", "json", *config))]
        assert told == [PACKED, NEWER, PACKED]
