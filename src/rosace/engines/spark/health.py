"""Readiness of the driver: its control answers that the session is up."""

from __future__ import annotations

import http.client
import json


def ready(host: str, port: int) -> str | None:
    """None when jobs can start, else what is awaited."""
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return "the driver's JVM is starting"
    finally:
        connection.close()
    return None if answer.status == 200 else str(said.get("waiting", "the Spark session is being made"))
