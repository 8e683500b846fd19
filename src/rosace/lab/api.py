"""Asks a cluster's API server, as the lab's administrator."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rosace.lab import settings
from rosace.lab.layout import Cluster

FIELD_MANAGER = "rosace-lab"


class Refusal(Exception):
    """The API server said no: its status, and its own text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code

    @property
    def passing(self) -> bool:
        """Whether the same may be taken in a moment: a list that is not served yet, rights that are not made yet, an
        object that is changed or that another one needs first, a server that is busy."""
        return self.code in (403, 404, 409, 429) or self.code >= 500


@dataclass(slots=True)
class Api:
    """One cluster's API server."""

    cluster: Cluster
    _trusted: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        pki = self.cluster.pki
        self._trusted = ssl.create_default_context(cafile=pki / "ca.crt")
        self._trusted.load_cert_chain(pki / "admin.crt", pki / "admin.key")

    def get(self, path: str) -> Any:
        """What is at a path, as JSON, or as text where it is none. Raises OSError where nobody answers, and Refusal."""
        return self._ask("GET", path, None, {})

    def apply(self, path: str, value: Mapping[str, Any]) -> None:
        """Makes an object be as said (server-side apply); `path` is that of its list."""
        name = value["metadata"]["name"]
        kind = {"Content-Type": "application/apply-patch+yaml"}
        self._ask("PATCH", f"{path}/{name}?fieldManager={FIELD_MANAGER}&force=true", json.dumps(value), kind)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Any:
        line = http.client.HTTPSConnection(self.cluster.address, settings.API_PORT, timeout=10, context=self._trusted)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        except http.client.HTTPException as error:
            raise OSError(f"the API server of {self.cluster.name} broke off: {error}") from error
        finally:
            line.close()
        if answer.status >= 400:
            raise Refusal(answer.status, f"{method} {path}: {answer.status} {text.strip()[:300]}")
        return json.loads(text) if text.startswith("{") else text
