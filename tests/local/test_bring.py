"""Files of sources, brought into a folder as a pod does: over real HTTP, checked, whole or not there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CONTENT = b"id,amount\n1,2.5\n2,3.5\n"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "orders.csv").write_bytes(CONTENT)
    handler = partial(_Quiet, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def _bring(tmp_path: Path, order: dict[str, object]) -> subprocess.CompletedProcess[str]:
    (tmp_path / "bring.json").write_text(json.dumps(order))
    command = [sys.executable, "-m", "rosace.local.bring", str(tmp_path / "bring.json"), str(tmp_path / "files")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _order(address: str, content: bytes = CONTENT) -> dict[str, object]:
    return {"kind": "url", "url": address, "sha256": hashlib.sha256(content).hexdigest(), "name": "orders.csv"}


def test_a_file_behind_an_address_is_brought_once(tmp_path: Path, server: str) -> None:
    order = _order(f"{server}/orders.csv")
    assert _bring(tmp_path, order).returncode == 0
    assert (tmp_path / "files" / "orders.csv").read_bytes() == CONTENT
    (tmp_path / "served" / "orders.csv").unlink()
    assert _bring(tmp_path, order).returncode == 0
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["orders.csv"]


def test_other_bytes_are_refused_for_good(tmp_path: Path, server: str) -> None:
    done = _bring(tmp_path, _order(f"{server}/orders.csv", b"other"))
    assert (done.returncode, "sha256" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "files" / "orders.csv").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path, server: str) -> None:
    done = _bring(tmp_path, _order(f"{server}/never.csv"))
    assert (done.returncode, "HTTP 404" in done.stderr) == (3, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_away_may_come_back(tmp_path: Path) -> None:
    done = _bring(tmp_path, _order("http://127.0.0.1:9/orders.csv"))
    assert (done.returncode, "refused" in done.stderr) == (1, True), done.stderr
