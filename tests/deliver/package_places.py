"""Where packed charts go, for tests: a key that signs them, and an OCI registry on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from clustertools import Unavailable, tool


def tool_or_skip(name: str) -> Path:
    """A program; the test is skipped, saying why, where it cannot be had."""
    try:
        return tool(name)
    except Unavailable as reason:
        pytest.skip(f"no {name}: {reason}")


@pytest.fixture(scope="module")
def keyring() -> Iterator[tuple[Path, Path]]:
    """A key that signs: the ring with the secret, the ring with the public part."""
    gpg = shutil.which("gpg")
    if gpg is None:
        pytest.skip("no gpg on this machine: nothing can be signed")
    # gpg's agent listens on a socket in its folder: its path must be short.
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        folder = Path(home)
        call = [gpg, "--homedir", home, "--batch", "--quiet"]
        words = ["--passphrase", "", "--quick-gen-key", "rosace-test", "rsa3072", "sign", "never"]
        subprocess.run([*call, *words], check=True, capture_output=True)
        for name, option in (("secring.gpg", "--export-secret-keys"), ("pubring.gpg", "--export")):
            done = subprocess.run([*call, option], check=True, capture_output=True)
            (folder / name).write_bytes(done.stdout)
        yield folder / "secring.gpg", folder / "pubring.gpg"
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, free_port: int) -> Iterator[str]:
    """An OCI registry on loopback."""
    folder = tmp_path_factory.mktemp("registry")
    config = folder / "config.yml"
    config.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
        f"http: {{addr: '127.0.0.1:{free_port}'}}\nlog: {{level: error}}\n"
    )
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen([tool_or_skip("docker-registry"), "serve", str(config)], stdout=log, stderr=log)
    try:
        for _ in range(100):
            try:
                if requests.get(f"http://127.0.0.1:{free_port}/v2/", timeout=1).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"oci://127.0.0.1:{free_port}/charts"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
