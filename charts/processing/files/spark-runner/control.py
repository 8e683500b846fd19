# Derived from src/rosace/engines/spark/runner/control.py by tools/charts.py: edit that, then run it.
"""The loopback HTTP control: a thin face over `Jobs`, asking everyone for the token.

GET /health                200 when the session is up, 503 with a reason before (no token needed)
GET /jobs                  every job's report, by name
GET /jobs/<name>           one report; 404 where there is none
PUT /jobs/<name>           {"order": ..., "run": ..., "fresh": ...}: starts it
POST /jobs/<name>/finish   {"run": ...}: a stream works off what is there, then ends
POST /jobs/<name>/stop     ends it, keeping its durable state

Handlers touch only Python's own memory: a call into the JVM could block, and costs a JVM thread for each.
"""

from __future__ import annotations

import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from .jobs import Jobs

LARGEST = 16 * 2**20
"""Bytes of an order; more is a mistake."""


class Control(ThreadingHTTPServer):
    """Serves `jobs` on `address` to whoever knows `token`."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], token: str, jobs: Jobs) -> None:
        super().__init__(address, _Handler)
        self.token = token
        self.jobs = jobs


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/health":
            waiting = self._jobs.waiting
            self._answer(503 if waiting else 200, {"waiting": waiting} if waiting else {"ready": True})
            return
        self._guarded(self._get)

    def do_PUT(self) -> None:
        self._guarded(self._put)

    def do_POST(self) -> None:
        self._guarded(self._post)

    @property
    def _jobs(self) -> Jobs:
        assert isinstance(self.server, Control)
        return self.server.jobs

    def _guarded(self, handle: Any) -> None:
        assert isinstance(self.server, Control)
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            self.close_connection = True
            self._answer(401, {"error": "the control token is missing or wrong"})
            return
        try:
            handle([unquote(part) for part in self.path.split("/") if part])
        except (ValueError, KeyError, TypeError) as error:
            self._answer(400, {"error": f"{type(error).__name__}: {error}"})

    def _get(self, path: list[str]) -> None:
        if path == ["jobs"]:
            self._answer(200, self._jobs.reports())
        elif len(path) == 2 and path[0] == "jobs" and (report := self._jobs.report(path[1])) is not None:
            self._answer(200, report)
        else:
            self._answer(404, {"error": "no such job"})

    def _put(self, path: list[str]) -> None:
        body = self._body()
        if len(path) != 2 or path[0] != "jobs":
            self._answer(404, {"error": "no such place"})
        elif waiting := self._jobs.waiting:
            self._answer(503, {"error": waiting})
        else:
            self._jobs.start(path[1], body["order"], body["run"], fresh=bool(body["fresh"]))
            self._answer(202, {})

    def _post(self, path: list[str]) -> None:
        body = self._body()
        if len(path) != 3 or path[0] != "jobs" or path[2] not in ("finish", "stop"):
            self._answer(404, {"error": "no such place"})
        elif path[2] == "finish":
            self._answer(202 if self._jobs.finish(path[1], body["run"]) else 404, {})
        else:
            self._answer(200 if self._jobs.stop(path[1]) else 504, {})

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            raise ValueError(f"an order of {length} bytes")
        return json.loads(self.rfile.read(length) or b"{}")

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a line for each look at a job would drown what matters."""
