"""Readiness of the store, asked in S3, and of what lies behind its gateway."""

from __future__ import annotations

import json
from pathlib import Path

from rosace.engines.seaweedfs.live import client
from rosace.kit.certificate import CERTIFICATE, CLIENT
from rosace.kit.unanswered import unanswered

TIMEOUT = 2.0
"""Seconds for the master, which answers from memory."""


def ready(endpoint: str, region: str, identities: str, master: str, tls: str) -> str | None:
    """None when a signed request is answered and objects can be read and written.

    The gateway answers before the files with the objects are known to the master; until then every read fails (500),
    after a crash for up to five seconds. `identities` is the path of the file with the keys, `tls` the
    folder with the certificate that the master asks for.
    """
    from minio.error import S3Error
    from urllib3.exceptions import HTTPError

    keys = json.loads(Path(identities).read_text())["identities"][0]["credentials"][0]
    try:
        client(endpoint, region, keys["accessKey"], keys["secretKey"]).list_buckets()
        return (
            None if _has_volume_server(master, tls) else "the gateway answers, the volume server is not registered yet"
        )
    except S3Error as error:
        return f"{error.code}: {error.message}"
    except (HTTPError, OSError, ValueError) as error:
        return unanswered(endpoint, error)


def _has_volume_server(master: str, tls: str) -> bool:
    """A volume server registers together with all its files: it is there with all of them, or not at all."""
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.cert, session.verify = f"{tls}/{CLIENT}", f"{tls}/{CERTIFICATE}"
        answer = session.get(f"{master}/dir/status", timeout=TIMEOUT)
    centers = answer.json()["Topology"]["DataCenters"] or []
    return any(rack["DataNodes"] for center in centers for rack in center["Racks"] or [])
