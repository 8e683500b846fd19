"""The machine's own settings for pip and Maven decide where files come from."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from artifact_registry import Registry
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from conftest import mirror
from rosace.contract.artifacts import Artifact, ArtifactError
from rosace.kit.backoff import Backoff
from rosace.local.artifacts import Cache
from rosace.local.artifacts.events import Failed, FetchEvent
from rosace.local.artifacts.fetch import fetch
from rosace.local.artifacts.maven_settings import MavenSettings, Repository, read_maven_settings
from rosace.local.artifacts.pip_settings import read_pip_settings

BODY = b"0123456789" * 1000
CENTRAL = "https://central.test/maven"
QUICK = Backoff((0.01,), most=2)
SECRET = "s3cret-word"


def get(wanted: Artifact, cache: Cache) -> None:
    fetch([wanted], cache, on_event=lambda _: None, patience=QUICK)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def settings_of(home: Path, inner: str, environment: dict[str, str] | None = None) -> MavenSettings:
    (home / ".m2" / "settings.xml").write_text(f'<settings xmlns="urn:demo">{inner}</settings>')
    return read_maven_settings(CENTRAL, environment=environment or {}, home=home)


def urls(settings: MavenSettings) -> list[str]:
    return [place.url for place in settings.places()]


def mirror_of(pattern: str, url: str = "https://near.test/m", name: str = "near") -> str:
    return f"<mirror><id>{name}</id><mirrorOf>{pattern}</mirrorOf><url>{url}</url></mirror>"


@pytest.fixture
def unshared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose administrator configured nothing for pip."""

    def nothing(_: object) -> list[Path]:
        return []

    monkeypatch.setattr("rosace.local.artifacts.pip_settings._shared_files", nothing)


@pytest.mark.usefixtures("unshared")
def test_pip_takes_the_strongest_setting(tmp_path: Path, home: Path) -> None:
    assert read_pip_settings({"PIP_CONFIG_FILE": "/dev/null"}).indexes == (PYPI_SIMPLE_ENDPOINT,)
    user = home / ".config" / "pip"
    user.mkdir(parents=True)
    (user / "pip.conf").write_text(
        "[global]\nindex-url = https://user.test/simple\nextra_index_url =\n  https://one.test\n  https://two.test\n"
        "[list]\nindex-url = https://other-command.test\n"
    )
    environment = {"HOME": str(home)}
    found = read_pip_settings(environment)
    assert found.indexes == ("https://user.test/simple", "https://one.test", "https://two.test")
    (user / "pip.conf").write_text(
        "[global]\nindex-url = https://user.test\n[install]\nindex-url = https://install.test\n"
        "[download]\nindex-url = https://download.test\n"
    )
    assert read_pip_settings(environment).indexes == ("https://download.test",)
    named = tmp_path / "named.conf"
    named.write_text("[global]\nfind-links = /wheels\ntrusted-host = near.test\nproxy = http://proxy.test:3128\n")
    environment["PIP_CONFIG_FILE"] = str(named)
    found = read_pip_settings(environment)
    # A named file stands in for the user's own.
    assert found.indexes == (PYPI_SIMPLE_ENDPOINT,)
    assert found.find_links == ("/wheels",)
    assert found.access("https://near.test/x").verify is False
    assert found.access("https://far.test/x").verify is True
    assert dict(found.access("https://far.test/x").proxies)["https"] == "http://proxy.test:3128"
    environment["PIP_INDEX_URL"] = "https://env.test/simple"
    assert read_pip_settings(environment).indexes == ("https://env.test/simple",)
    assert read_pip_settings({**environment, "PIP_NO_INDEX": "1"}).indexes == ()


@pytest.mark.usefixtures("unshared")
def test_the_certificate_file_named_is_used_and_must_exist(tmp_path: Path, home: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    plain = {"HOME": str(home), "PIP_CONFIG_FILE": "/dev/null"}
    for name in ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        assert read_pip_settings({**plain, name: str(bundle)}).verify == str(bundle)
    with pytest.raises(ArtifactError) as caught:
        read_pip_settings({**plain, "SSL_CERT_FILE": str(tmp_path / "gone.pem")})
    assert caught.value.code == "artifact-trust" and "gone.pem" in caught.value.message


def test_a_broken_pip_file_is_named_but_not_quoted(tmp_path: Path) -> None:
    named = tmp_path / "pip.conf"
    named.write_text(f"index-url = https://me:{SECRET}@near.test\n")
    with pytest.raises(ArtifactError) as caught:
        read_pip_settings({"PIP_CONFIG_FILE": str(named)})
    assert str(named) in caught.value.message and SECRET not in str(caught.value)


def test_without_settings_maven_asks_the_central_repository(home: Path) -> None:
    found = read_maven_settings(CENTRAL, environment={}, home=home)
    assert urls(found) == [CENTRAL] and found.local == home / ".m2" / "repository"


@pytest.mark.parametrize(
    ("pattern", "used"),
    [
        ("*", True),
        ("central", True),
        ("external:*", True),
        ("other,central", True),
        ("*,!central", False),
        ("external:http:*", False),
        ("other", False),
    ],
)
def test_mirrors_stand_in_for_what_they_name(home: Path, pattern: str, used: bool) -> None:
    found = settings_of(home, f"<mirrors>{mirror_of(pattern)}</mirrors>")
    assert urls(found) == (["https://near.test/m"] if used else [CENTRAL])


def test_an_exact_mirror_wins_over_an_earlier_pattern(home: Path) -> None:
    both = mirror_of("*", "https://all.test", "all") + mirror_of("central", "https://exact.test", "exact")
    assert urls(settings_of(home, f"<mirrors>{both}</mirrors>")) == ["https://exact.test"]


def test_servers_holes_headers_and_proxies_are_read(home: Path) -> None:
    inner = (
        f"<mirrors>{mirror_of('*')}</mirrors><localRepository>${{user.home}}/kept</localRepository>"
        "<servers><server><id>near</id><username>me</username><password>${env.WORD}</password><configuration>"
        "<httpHeaders><property><name>X-Token</name><value>${env.WORD}</value></property></httpHeaders>"
        "</configuration></server></servers>"
        "<proxies><proxy><active>true</active><protocol>https</protocol><host>proxy.test</host><port>3128</port>"
        "<username>p</username><password>a b</password><nonProxyHosts>*.inner.test|localhost</nonProxyHosts>"
        "</proxy></proxies>"
    )
    found = settings_of(home, inner, {"WORD": SECRET})
    (place,) = found.places()
    assert place.access.auth == ("me", SECRET)
    assert place.access.headers == (("X-Token", SECRET),)
    assert dict(place.access.proxies)["https"] == "http://p:a%20b@proxy.test:3128"
    assert found.local == home / "kept"
    assert SECRET not in repr(place) + repr(place.access)
    inside = settings_of(home, inner.replace("near.test", "near.inner.test"))
    assert inside.places()[0].access.proxies == ()


def test_an_encrypted_password_is_not_sent(home: Path) -> None:
    inner = (
        f"<mirrors>{mirror_of('*')}</mirrors><servers><server><id>near</id><username>me</username>"
        "<password>{COQLCE6DU6GtcS5P=}</password></server></servers>"
    )
    assert settings_of(home, inner).places()[0].access.auth is None


def test_repositories_of_active_profiles_are_asked(home: Path) -> None:
    repository = "<repositories><repository><id>{}</id><url>https://{}.test</url></repository></repositories>"
    inner = (
        f"<profiles><profile><id>work</id>{repository.format('central', 'house')}</profile>"
        f"<profile><id>idle</id>{repository.format('x', 'idle')}</profile></profiles>"
        "<activeProfiles><activeProfile>work</activeProfile></activeProfiles>"
    )
    found = settings_of(home, inner)
    assert found.repositories == (Repository("central", "https://house.test"),)


def test_broken_settings_are_named(home: Path) -> None:
    with pytest.raises(ArtifactError) as caught:
        settings_of(home, "<mirrors>")
    assert caught.value.code == "artifact-settings" and "line 1" in caught.value.message


def test_a_mirror_with_credentials_is_used(home: Path, registry: Registry, cache: Cache) -> None:
    registry.require = basic("me", SECRET)
    mirror(
        home,
        registry.maven,
        f"<servers><server><id>near</id><username>me</username><password>{SECRET}</password></server></servers>",
    )
    wanted = registry.jar(BODY)
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("home")
def test_an_index_with_credentials_is_used_for_its_files_too(
    registry: Registry, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.require = basic("me", "p@ss")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@127.0.0.1:{registry.port}/simple/")
    wanted = registry.package(BODY)
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("home")
def test_credentials_in_netrc_are_used(
    home: Path, registry: Registry, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.require = basic("me", SECRET)
    (home / ".netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    (home / ".netrc").chmod(0o600)
    monkeypatch.setenv("PIP_INDEX_URL", registry.index)
    wanted = registry.package(BODY)
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.usefixtures("home")
def test_an_extra_index_is_asked_when_the_first_lacks_the_file(
    registry: Registry, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"{registry.url}/empty/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", registry.index)
    wanted = registry.package(BODY)
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY


@pytest.mark.parametrize("right", [True, False])
def test_a_folder_of_packages_is_used_when_its_file_is_the_right_one(
    machine: Path, registry: Registry, cache: Cache, monkeypatch: pytest.MonkeyPatch, right: bool
) -> None:
    wanted = registry.package(BODY)
    folder = machine / "wheels"
    folder.mkdir()
    (folder / wanted.file).write_bytes(BODY if right else BODY[::-1])
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY
    assert (registry.requests == []) is right
    assert (folder / wanted.file).exists()


@pytest.mark.parametrize("right", [True, False])
def test_mavens_own_copy_is_used_when_it_is_the_right_one(
    machine: Path, registry: Registry, cache: Cache, right: bool
) -> None:
    wanted = registry.jar(BODY)
    folder = machine / ".m2" / "repository" / "org" / "demo" / "tool" / "1.0"
    folder.mkdir(parents=True)
    (folder / wanted.file).write_bytes(BODY if right else BODY[::-1])
    get(wanted, cache)
    assert cache.path(wanted).read_bytes() == BODY
    assert (registry.requests == []) is right


def test_a_redirect_elsewhere_takes_no_credentials_along(home: Path, registry: Registry, cache: Cache) -> None:
    wanted = registry.jar(BODY)
    registry.redirects["/old/org/demo/tool/1.0/tool-1.0.jar"] = (
        f"http://localhost:{registry.port}/maven/org/demo/tool/1.0/tool-1.0.jar"
    )
    mirror(
        home,
        f"{registry.url}/old",
        f"<servers><server><id>near</id><username>me</username><password>{SECRET}</password><configuration>"
        f"<httpHeaders><property><name>X-Token</name><value>{SECRET}</value></property></httpHeaders>"
        "</configuration></server></servers>",
    )
    get(wanted, cache)
    first, second = registry.requests
    assert (first.authorization, first.token) == (basic("me", SECRET), SECRET)
    assert (second.authorization, second.token) == (None, None)


@pytest.mark.parametrize("path", ["simple", "gone"])
@pytest.mark.parametrize("port", [None, 9])
def test_credentials_are_in_no_message(
    home: Path,
    registry: Registry,
    cache: Cache,
    monkeypatch: pytest.MonkeyPatch,
    events: list[FetchEvent],
    path: str,
    port: int | None,
) -> None:
    registry.require = "nobody"
    place = f"127.0.0.1:{port or registry.port}"
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:{SECRET}@{place}/{path}/?token={SECRET}")
    mirror(home, f"http://me:{SECRET}@{place}/{path}")
    for wanted in (registry.package(BODY), registry.jar(BODY)):
        with pytest.raises(ArtifactError) as caught:
            fetch([wanted], cache, on_event=events.append, patience=QUICK)
        assert caught.value.code == ("artifact-unreachable" if port else "artifact-denied")
        assert caught.value.__cause__ is None
        assert place in str(caught.value)
        assert SECRET not in str(caught.value)
    reasons = [one.reason for one in events if isinstance(one, Failed)]
    assert len(reasons) == 2 and SECRET not in "".join(reasons)
