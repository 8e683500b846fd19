"""The locked list is read strictly, and its errors name the entry."""

from __future__ import annotations

import pickle
import tomllib

import pytest

from rosace.contract.artifacts import Artifact, ArtifactError, Unpack, parse_maven
from rosace.contract.locked import parse_artifacts
from rosace.local.artifacts.errors import without_secrets
from rosace.local.artifacts.lock import toml_entries

GOOD: dict[str, object] = {
    "name": "tool",
    "source": "maven",
    "coordinate": "org.demo:tool:1.0:server@tar.gz",
    "file": "tool-1.0-server.tar.gz",
    "sha256": "a" * 64,
    "size": 12,
}


def test_an_entry_becomes_an_artifact() -> None:
    table = {**GOOD, "platform": "linux-x86_64", "unpack": {"kind": "tar.gz", "strip": 1, "include": ["lib/*"]}}
    assert parse_artifacts([table]) == (
        Artifact(
            "tool",
            "maven",
            "org.demo:tool:1.0:server@tar.gz",
            "tool-1.0-server.tar.gz",
            "a" * 64,
            12,
            Unpack("tar.gz", 1, ("lib/*",)),
            "linux-x86_64",
        ),
    )


def test_what_the_lock_tool_writes_is_read_back() -> None:
    artifacts = parse_artifacts([GOOD, {**GOOD, "name": "other", "platform": "linux-x86_64"}])
    assert parse_artifacts(tomllib.loads(toml_entries(artifacts))["artifact"]) == artifacts


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sha256": "A" * 64}, "'sha256'"),
        ({"size": 0}, "'size'"),
        ({"size": True}, "'size'"),
        ({"source": "npm"}, "'source'"),
        ({"file": "../x"}, "'file'"),
        ({"file": "other-1.0.jar"}, "tool-1.0-server.tar.gz"),
        ({"coordinate": "org.demo:tool"}, "group:artifact:version"),
        ({"coordinate": "org.demo:tool:../1"}, "group:artifact:version"),
        ({"coordinate": "org.demo:tool:1-SNAPSHOT"}, "snapshot"),
        ({"source": "pypi", "coordinate": "tool>=1"}, "project==version"),
        ({"sha265": "x"}, "'sha265' is not known"),
        ({"unpack": {"kind": "rar"}}, "'kind'"),
        ({"unpack": {"kind": "zip", "include": "lib/*"}}, "list of globs"),
        ({"name": ""}, "'name'"),
    ],
)
def test_a_wrong_entry_is_named(change: dict[str, object], told: str) -> None:
    with pytest.raises(ArtifactError) as caught:
        parse_artifacts([{**GOOD, **change}])
    assert caught.value.code == "artifact-list-invalid"
    assert told in caught.value.message


def test_names_are_unique_on_a_platform() -> None:
    with pytest.raises(ArtifactError, match="same platform"):
        parse_artifacts([GOOD, GOOD])
    assert len(parse_artifacts([{**GOOD, "platform": "a"}, {**GOOD, "platform": "b"}])) == 2


def test_maven_coordinates_follow_the_repository_layout() -> None:
    assert parse_maven("a.b:c:1").path == "a/b/c/1/c-1.jar"
    assert parse_maven("a.b:c:1:d@zip").path == "a/b/c/1/c-1-d.zip"


def test_the_digest_follows_what_is_unpacked_but_not_its_size() -> None:
    assert Unpack("zip").digest() != Unpack("zip", strip=1).digest()
    assert Unpack("zip").digest() == Unpack("zip", size=9).digest()


def test_an_error_travels_between_processes() -> None:
    error = ArtifactError("disk-full", "No room.", "Make some.")
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.message, again.hint) == ("disk-full", "No room.", "Make some.")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:word@near.test:8443/a?token=x#y", "https://near.test:8443/a"),
        ("https://token@near.test/a", "https://near.test/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://me:w@near.test:port/a", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_secrets(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
