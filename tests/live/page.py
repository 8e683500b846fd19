"""What a web page that is open in a browser on this machine can send to a port of it, as the browser would send it.

Without a preflight a page may send GET and POST with a body that is text, a form, or a form with files; anything else
only after an OPTIONS request that allows it. It reads an answer only if that allows the page's origin (fetch.spec.
whatwg.org, "CORS-safelisted request-header", "CORS protocol").
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import requests

ORIGIN = "http://page.example"
STATEMENT = json.dumps({"statement": "SET", "properties": {}})
GETS = (
    "/", "/config", "/overview", "/jobs/overview", "/jobmanager/config", "/v1/info", "/v1/status", "/ui/", "/jobs/",
    "/environment/", "/api/v1/applications", "/dir/status", "/col/delete?collection=lake", "/1,01637037d6", "/metrics",
)  # fmt: skip
POSTS = (
    "/v1/sessions", "/jobs", "/v1/jobs", "/jars/upload", "/v1/statement", "/jobs/job/kill/?id=0", "/run", "/submit",
    "/stages/stage/kill/?id=0", "/dir/assign", "/vol/grow", "/1,01637037d6", "/lake/planted.txt",
)  # fmt: skip


def told(answer: requests.Response) -> bool:
    """Whether the page may read this, and it is more than a refusal."""
    allowed = answer.headers.get("Access-Control-Allow-Origin") in ("*", "null", ORIGIN)
    return allowed and answer.status_code < 400 and bool(answer.content)


def taken(sent: str, answer: requests.Response) -> bool:
    """Whether a request that may change something was carried out: neither refused nor sent elsewhere."""
    return sent.startswith("POST") and answer.status_code < 300


def sends(port: int) -> Iterator[tuple[str, requests.Response]]:
    """Each request that a page can make, over HTTP and HTTPS, with what came back; silence is left out."""
    for scheme in ("http", "https"):
        base = f"{scheme}://127.0.0.1:{port}"
        asked: list[tuple[str, str, dict[str, Any]]] = [("GET", path, {}) for path in GETS]
        for path in POSTS:
            asked += [("POST", path, {"data": STATEMENT.encode(), "headers": {"Content-Type": "text/plain"}})]
            asked += [("POST", path, {"files": {"jarfile": ("planted.jar", b"PK"), "request": ("request", STATEMENT)}})]
            wished = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
            asked += [("OPTIONS", path, {"headers": wished})]
        for verb, path, rest in asked:
            headers = {"Origin": ORIGIN, **rest.pop("headers", {})}
            try:
                answer = requests.request(
                    verb, base + path, headers=headers, timeout=3, verify=False, allow_redirects=False, **rest
                )
            except (requests.RequestException, ValueError):
                if verb == "GET" and path == "/":
                    # What does not speak this scheme to a page does not for another path either.
                    break
                continue
            yield f"{verb} {base}{path}", answer
