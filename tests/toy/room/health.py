"""Readiness of the toy by its own protocol."""

from __future__ import annotations

import urllib.request


def ready(port: int) -> str | None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
        return None if answer.status == 200 else f"answered {answer.status}"
