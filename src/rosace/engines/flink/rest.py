"""Requests to Flink's two HTTP ports on this machine, with the certificate without which neither answers.

Each thread keeps its connections: a handshake of TLS for each look at each job would cost more than the look.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import requests

from rosace.kit.certificate import CERTIFICATE, CLIENT

_OWN = threading.local()


def call(
    verb: str, url: str, tls: str, body: Mapping[str, Any] | None = None, *, timeout: float = 20.0
) -> requests.Response:
    """The answer to one request; `tls` is the folder of the certificate. Raises requests.RequestException."""
    sessions: dict[str, requests.Session] = _OWN.__dict__.setdefault("sessions", {})
    if tls not in sessions:
        session = requests.Session()
        # Neither this machine's proxies nor its authorities have a say on loopback.
        session.trust_env = False
        session.cert, session.verify = f"{tls}/{CLIENT}", f"{tls}/{CERTIFICATE}"
        sessions[tls] = session
    return sessions[tls].request(verb, url, json=body, timeout=timeout)
