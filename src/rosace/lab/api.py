"""Asks a cluster's API server, as the lab's administrator."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rosace.lab import settings
from rosace.lab.layout import Cluster

FIELD_MANAGER = "rosace-lab"

SILENCE = 300.0
"""Seconds without a word until the API server counts as gone; longer than a list is followed (`watching`)."""


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

    def apply(self, path: str, value: Mapping[str, Any]) -> None:
        """Makes an object be as said (server-side apply); `path` is that of its list."""
        name = value["metadata"]["name"]
        where = f"{path}/{name}?fieldManager={FIELD_MANAGER}&force=true"
        self._ask("PATCH", where, json.dumps(value), "application/apply-patch+yaml")

    def merge(self, path: str, value: Mapping[str, Any]) -> None:
        """Changes what is said of an object and nothing else of it (JSON merge patch)."""
        self._ask("PATCH", path, json.dumps(value), "application/merge-patch+json")

    def delete(self, path: str) -> None:
        """Removes an object; one that is gone is fine."""
        try:
            self._ask("DELETE", path)
        except Refusal as error:
            if error.code != 404:
                raise

    def get(self, path: str) -> Any:
        """What is at a path, as JSON, or as text where it is none. Raises OSError where nobody answers, and Refusal."""
        return self._ask("GET", path)

    def lines(self, path: str) -> Iterator[str]:
        """What a path says, line by line, until it ends."""
        with self._asked("GET", path, None, "") as answer:
            yield from (line.decode() for line in answer)

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> Any:
        with self._asked(method, path, body, kind) as answer:
            text = answer.read().decode(errors="replace")
        return json.loads(text) if text.startswith("{") else text

    @contextmanager
    def _asked(self, method: str, path: str, body: str | None, kind: str) -> Generator[http.client.HTTPResponse]:
        line = http.client.HTTPSConnection(
            self.cluster.address, settings.API_PORT, timeout=SILENCE, context=self._trusted
        )
        try:
            line.request(method, path, body, {"Content-Type": kind} if kind else {})
            answer = line.getresponse()
            if answer.status >= 400:
                text = answer.read().decode(errors="replace").strip()[:300]
                raise Refusal(answer.status, f"{method} {path}: {answer.status} {text}")
            yield answer
        except http.client.HTTPException as error:
            raise OSError(f"the API server of {self.cluster.name} broke off: {error}") from error
        finally:
            line.close()
