"""The driver of Spark jobs (see `JobDriver`): speaks to the runner inside the Spark process over loopback HTTP.

Comes in: orders made by `jobs.py`, with the control's address and the run's key. Goes out: `JobReport`s. Must not:
keep state: the runner and the checkpoints hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rosace.contract.jobs import JobReport
from rosace.engines.spark.jobs import TOKEN

CONNECT, ANSWER, STOP = 2.0, 10.0, 20.0
"""Seconds to connect, to an answer, and to the end of a job that is stopped."""


class SparkRefused(Exception):
    """The runner did not do what it was asked; the text is its own."""


def start(order: Mapping[str, Any], secrets: Mapping[str, str], *, fresh: bool) -> None:
    """Hands the job over; whether it runs is told by `observe`. Twice the same is once."""
    body = {"order": _durable(order), "run": _run(order), "fresh": fresh}
    _ask("PUT", order, secrets, "", body)


def observe(order: Mapping[str, Any], secrets: Mapping[str, str]) -> JobReport:
    """What the runner says now. A run that ended under another key is not this one: it is absent."""
    found = _ask("GET", order, secrets, "")
    if found is None:
        return JobReport("absent")
    state = found["state"]
    if found["run"] != _run(order) and (state == "finished" or (state == "failed" and not found["streaming"])):
        state = "absent"
    failed = state == "failed"
    return JobReport(
        state=state,
        positions=found["positions"],
        records_in=found["records_in"] if found["streaming"] else None,
        detail=found["detail"],
        error=" ".join(found["detail"].split()) if failed else "",
        trace=found["trace"] if failed else "",
        hopeless=failed and found["hopeless"],
    )


def finish(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """A stream works off what is there and ends; it then is `finished` under this run's key."""
    if _ask("POST", order, secrets, "/finish", {"run": _run(order)}) is None:
        raise SparkRefused(f"job {order['name']} is not there to be finished")


def stop(order: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    """Ends the job; its checkpoint stays."""
    _ask("POST", order, secrets, "/stop", {}, patience=STOP)


def _run(order: Mapping[str, Any]) -> str:
    return str(order.get("run", ""))


def _durable(order: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in order.items() if key not in ("run", "control")}


def _ask(
    method: str,
    order: Mapping[str, Any],
    secrets: Mapping[str, str],
    action: str,
    body: Mapping[str, Any] | None = None,
    *,
    patience: float = ANSWER,
) -> dict[str, Any] | None:
    """The answer, or None where the runner knows no such job. Raises SparkRefused, requests.RequestException."""
    import requests

    url = f"{order['control']}/jobs/{quote(str(order['name']), safe='')}{action}"
    with requests.Session() as session:
        # A proxy of the user's, or their .netrc, has no business on loopback.
        session.trust_env = False
        answer = session.request(
            method,
            url,
            json=None if body is None else dict(body),
            headers={"Authorization": f"Bearer {secrets[TOKEN]}"},
            timeout=(CONNECT, patience),
        )
    if answer.status_code == 404:
        return None
    if not answer.ok:
        raise SparkRefused(_words(answer))
    found = answer.json()
    return found if isinstance(found, dict) else {}


def _words(answer: Any) -> str:
    try:
        said = answer.json().get("error", "")
    except ValueError:
        said = ""
    if answer.status_code == 504:
        return "the job did not stop in time"
    return said or f"the Spark driver answered HTTP {answer.status_code}"
