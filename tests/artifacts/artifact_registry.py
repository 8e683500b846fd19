"""A small package registry on the loopback interface, with the faults networks have."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rosace.contract.artifacts import Artifact, Unpack


@dataclass
class Fault:
    """What goes wrong with the next answers for a path, `times` of them."""

    times: int = 1
    cut_after: int | None = None
    status: int | None = None
    flip: bool = False


@dataclass
class Request:
    path: str
    range: str | None
    authorization: str | None
    token: str | None


@dataclass
class Registry:
    """Files by path; every request is recorded."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    listed: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    requests: list[Request] = field(default_factory=list[Request])
    ranges: bool = True
    pace: float = 0.0
    require: str | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def index(self) -> str:
        return f"{self.url}/simple/"

    @property
    def maven(self) -> str:
        return f"{self.url}/maven"

    def asked(self, file: str) -> list[Request]:
        return [one for one in self.requests if one.path.endswith(f"/{file}")]

    def jar(self, content: bytes, name: str = "tool") -> Artifact:
        """Publish a file in the Maven layout."""
        file = f"{name}-1.0.jar"
        self.files[f"/maven/org/demo/{name}/1.0/{file}"] = content
        sha256 = hashlib.sha256(content).hexdigest()
        return Artifact(name, "maven", f"org.demo:{name}:1.0", file, sha256, len(content))

    def package(self, content: bytes, name: str = "demo", unpack: Unpack | None = None) -> Artifact:
        """Publish a file in the simple index."""
        file = f"{name}-1.0.tar.gz"
        sha256 = hashlib.sha256(content).hexdigest()
        self.files[f"/files/{file}"] = content
        self.listed.setdefault(name, {})[file] = sha256
        return Artifact(name, "pypi", f"{name}==1.0", file, sha256, len(content), unpack)

    def page(self, project: str) -> bytes | None:
        if project not in self.listed:
            return None
        files = [
            {"filename": file, "url": f"../../files/{file}", "hashes": {"sha256": sha256}}
            for file, sha256 in self.listed[project].items()
        ]
        return json.dumps({"meta": {"api-version": "1.0"}, "name": project, "files": files}).encode()


def serve(registry: Registry) -> ThreadingHTTPServer:
    """Start serving; the caller shuts the server down."""

    class Handler(_Handler):
        pass

    Handler.registry = registry
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        known = self.registry
        wanted = self.headers.get("Range")
        authorization = self.headers.get("Authorization")
        known.requests.append(Request(self.path, wanted, authorization, self.headers.get("X-Token")))
        if known.require is not None and authorization != known.require:
            self._plain(401, b"who are you?")
        elif self.path in known.redirects:
            self.send_response(302)
            self.send_header("Location", known.redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/simple/"):
            page = known.page(self.path.split("/")[2])
            kind = "application/vnd.pypi.simple.v1+json"
            self._plain(404 if page is None else 200, page or b"", kind)
        elif self.path in known.files:
            self._file(known.files[self.path], wanted)
        else:
            self._plain(404, b"no such thing")

    def _plain(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file(self, body: bytes, wanted: str | None) -> None:
        fault = self.registry.faults.get(self.path)
        if fault is not None and fault.times > 0:
            fault.times -= 1
            if fault.status is not None:
                self._plain(fault.status, b"later")
                return
            if fault.flip:
                body = bytes([body[0] ^ 1]) + body[1:]
        else:
            fault = None
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted and self.registry.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = len(body) if fault is None or fault.cut_after is None else start + fault.cut_after
        self._send(body[start:end])
        if end < len(body):
            self.close_connection = True

    def _send(self, body: bytes) -> None:
        try:
            if not self.registry.pace:
                self.wfile.write(body)
                return
            for at in range(0, len(body), 65536):
                self.wfile.write(body[at : at + 65536])
                time.sleep(self.registry.pace)
        except OSError:
            self.close_connection = True
