"""A real Kubernetes API server on etcd, alone: it says whether objects would be taken, and runs none of them.

Comes in: files of custom resource definitions. Goes out: a server on the loopback with RBAC and TLS, its address, token
and kubeconfig, and `apply`, which is server-side apply with strict fields. There are no controllers and no nodes: a
Deployment makes no Pod and a Namespace no default ServiceAccount, so admission by ServiceAccount is off.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tools") not in sys.path:
    sys.path.append(str(ROOT / "tools"))

from clustertools import Unavailable, tool  # noqa: E402
from pinned_crds import files_of, pinned, shared_crds  # noqa: E402

READY_SECONDS = 120.0
"""How long each program may take; both together: 3 s measured on two idle cores, 7 s on ones that were building."""
CRD_SECONDS = 60.0
_STOP_SECONDS = 10.0
_REQUEST_SECONDS = 60.0
_FIELD_MANAGER = "rosace"

Json = dict[str, Any]


class ApiServer:
    """A server that answers; `running_api_server` starts and stops it."""

    def __init__(self, url: str, token: str, ca: Path, kubeconfig: Path) -> None:
        self.url = url
        self.token = token
        self.ca = ca
        self.kubeconfig = kubeconfig
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no other certificates for the loopback
        self._session.verify = str(ca)
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def close(self) -> None:
        """Closes the connections; the server itself goes on."""
        self._session.close()

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """Asks the server as administrator (group system:masters); `path` begins with a slash."""
        return self._session.request(method, self.url + path, timeout=_REQUEST_SECONDS, **more)

    def apply(self, obj: Mapping[str, Any], **more: str) -> str | None:
        """Server-side apply of one object with strict fields: None, or the server's message why it refuses.

        The server keeps what it takes (but with `dryRun="All"`): an object's Namespace has to be applied before it.
        """
        if (place := self.place(obj)) is None:
            return f"the server knows no kind {obj.get('kind')} in {obj.get('apiVersion')}"
        if place.endswith("/"):
            return f"{obj.get('kind')} has no metadata.name"
        answer = self.request(
            "PATCH",
            place,
            params={"fieldManager": _FIELD_MANAGER, "fieldValidation": "Strict", "force": "true", **more},
            headers={"Content-Type": "application/apply-patch+yaml"},
            data=json.dumps(obj).encode(),  # JSON is YAML
        )
        return None if answer.ok else _message(answer)

    def apply_all(self, objects: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Applies in the order given; what was refused as `Kind/name` with the server's message."""
        refused: dict[str, str] = {}
        for obj in objects:
            if (message := self.apply(obj)) is not None:
                refused[f"{obj.get('kind')}/{(obj.get('metadata') or {}).get('name')}"] = message
        return refused

    def get(self, obj: Mapping[str, Any]) -> Json | None:
        """The object as the server keeps it, found by kind, namespace and name; None when it is not there."""
        if (place := self.place(obj)) is None:
            return None
        answer = self.request("GET", place)
        if answer.status_code == requests.codes.not_found:
            return None
        answer.raise_for_status()
        return answer.json()

    def place(self, obj: Mapping[str, Any]) -> str | None:
        """The path of an object by the server's own discovery; None for a kind that it does not know."""
        group = str(obj.get("apiVersion"))
        found = self._discover(group).get(str(obj.get("kind")))
        if found is None:
            return None
        plural, namespaced = found
        metadata = obj.get("metadata") or {}
        within = f"/namespaces/{quote(metadata.get('namespace', 'default'), safe='')}" if namespaced else ""
        return f"{_group(group)}{within}/{plural}/{quote(str(metadata.get('name', '')), safe='')}"

    def load_crds(self, files: Iterable[Path]) -> list[str]:
        """Creates the custom resource definitions of YAML files and waits until their kinds can be used; their names.

        The text goes to the server as it is: nothing between the file and the server reads it.
        """
        made = [self._create_crd(text, file) for file in files for text in documents(file)]
        deadline = time.monotonic() + CRD_SECONDS
        for crd in made:
            while not self._served(crd):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{crd['metadata']['name']} was not served within {CRD_SECONDS:.0f} s")
                time.sleep(0.1)
        return [crd["metadata"]["name"] for crd in made]

    def _create_crd(self, text: str, file: Path) -> Json:
        answer = self.request(
            "POST",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            params={"fieldManager": _FIELD_MANAGER},
            headers={"Content-Type": "application/yaml"},
            data=text.encode(),
        )
        if not answer.ok:
            raise ValueError(f"the server refuses the definition in {file.name}: {_message(answer)}")
        return answer.json()

    def _served(self, crd: Json) -> bool:
        spec = crd["spec"]
        return all(
            spec["names"]["kind"] in self._discover(f"{spec['group']}/{version['name']}", again=True)
            for version in spec["versions"]
            if version["served"]
        )

    def _discover(self, group: str, again: bool = False) -> dict[str, tuple[str, bool]]:
        """Kinds of a group and version, each with its plural and whether it lies in namespaces."""
        if again or group not in self._kinds:
            answer = self.request("GET", _group(group))
            listed = answer.json()["resources"] if answer.ok else []
            self._kinds[group] = {
                each["kind"]: (each["name"], each["namespaced"]) for each in listed if "/" not in each["name"]
            }
        return self._kinds[group]


@contextmanager
def running_api_server(crds: Sequence[Path] = (), folder: Path | None = None) -> Generator[ApiServer]:
    """Starts etcd and an API server in `folder` (a temporary one by itself), stops both at the end.

    Raises clustertools.Unavailable where the programs cannot be had, RuntimeError with the end of the log where one
    does not start. The first use builds them, which takes minutes.
    """
    etcd, server = tool("etcd"), tool("kube-apiserver")
    with ExitStack() as after:
        home = folder or Path(after.enter_context(tempfile.TemporaryDirectory(prefix="rosace-api-")))
        home.chmod(0o700)
        store = _start_etcd(etcd, home, after)
        api = _start_server(server, home, store, after)
        api.load_crds(crds)
        yield api


@pytest.fixture(scope="module")
def api_server() -> Generator[ApiServer]:
    """One server for the module that imports this; definitions are added by `load_crds`.

    It ends with the module: idle, it would take a twentieth of a core from the engines that later tests start.
    """
    with ExitStack() as after:
        try:
            api = after.enter_context(running_api_server())
        except Unavailable as error:
            pytest.skip(str(error))
        yield api


def crds_of(project: str) -> list[Path]:
    """Files of upstream's definitions, at the pinned tag, from the shared folder; skips the test without it."""
    folder = shared_crds() / project
    if not folder.is_dir():
        pytest.skip(f"upstream's definitions of {project} are not here: no folder crds/{project} in ROSACE_SHARED")
    return files_of(pinned(folder))


def documents(file: Path) -> list[str]:
    """The documents of a YAML file as text, without those that hold only comments."""
    parts = re.split(r"^---(?:\s.*)?$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [part for part in parts if any(line.strip() and not line.startswith("#") for line in part.splitlines())]


def _start_etcd(program: Path, home: Path, after: ExitStack) -> str:
    client, peer = _free_ports(2)
    url, between = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    argv = [str(program), "--name=one", f"--data-dir={home / 'etcd'}", "--unsafe-no-fsync", "--log-level=warn"]
    argv += [f"--listen-client-urls={url}", f"--advertise-client-urls={url}"]
    argv += [f"--listen-peer-urls={between}", f"--initial-advertise-peer-urls={between}"]
    argv += [f"--initial-cluster=one={between}"]
    process = after.enter_context(_process(argv, home / "etcd.log"))
    session = after.enter_context(requests.Session())
    session.trust_env = False
    _wait(process, home / "etcd.log", lambda: session.get(f"{url}/readyz", timeout=2).ok)
    return url


def _start_server(program: Path, home: Path, store: str, after: ExitStack) -> ApiServer:
    (port,) = _free_ports(1)
    token, certificates = secrets.token_urlsafe(32), home / "certificates"
    tokens = _private(home / "tokens.csv", f"{token},admin,admin,system:masters\n")
    # The server makes its own authority, certificate and key; the key also signs the tokens of ServiceAccounts.
    certificate, key = certificates / "apiserver.crt", certificates / "apiserver.key"
    argv = [str(program), f"--etcd-servers={store}", f"--cert-dir={certificates}", f"--token-auth-file={tokens}"]
    argv += ["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", f"--secure-port={port}"]
    argv += ["--authorization-mode=RBAC", "--anonymous-auth=false", "--allow-privileged=true"]
    argv += ["--disable-admission-plugins=ServiceAccount", "--service-cluster-ip-range=10.96.0.0/16"]
    argv += ["--service-account-issuer=https://kubernetes.default.svc", "--endpoint-reconciler-type=none"]
    argv += [f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"]
    process = after.enter_context(_process(argv, home / "kube-apiserver.log"))
    url = f"https://127.0.0.1:{port}"
    api = ApiServer(url, token, certificate, _kubeconfig(home / "kubeconfig", url, token, certificate))
    after.callback(api.close)
    _wait(process, home / "kube-apiserver.log", lambda: certificate.exists() and api.request("GET", "/readyz").ok)
    return api


@contextmanager
def _process(argv: list[str], log: Path) -> Generator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=log.parent)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    """Waits until `ready()`; a connection that is refused is not ready yet."""
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(requests.RequestException, OSError):
            if ready():
                return
        time.sleep(0.1)
    ended = process.poll()
    what = f"ended with exit code {ended}" if ended is not None else f"was not ready within {READY_SECONDS:.0f} s"
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
    raise RuntimeError("\n".join([f"{log.stem} {what}; its last words:", *last]))


def _kubeconfig(path: Path, url: str, token: str, ca: Path) -> Path:
    """A kubeconfig, which is JSON because that is YAML; only this user can read it."""
    told = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": {"server": url, "certificate-authority": str(ca)}}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        "current-context": "test",
    }
    return _private(path, json.dumps(told))


def _private(path: Path, text: str) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _free_ports(count: int) -> list[int]:
    """Ports of the loopback that nobody listens on now."""
    with ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in found]


def _group(group: str) -> str:
    return f"/apis/{group}" if "/" in group else f"/api/{group}"


def _message(answer: requests.Response) -> str:
    """What the server's Status object says, or its text where it is none."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.text.strip()}"
