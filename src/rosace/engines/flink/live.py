"""Drives jobs of a running Flink: statements through the SQL gateway, the rest through the job manager's REST API.

The functions are those of `contract.JobDriver`. State of a job is what its checkpoints on S3 are: a job manager that
was killed knows no job, and the job is submitted again from the newest checkpoint or savepoint.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rosace.contract.jobs import Hopeless, JobReport
from rosace.engines.flink import faults, rest, sql
from rosace.kit.backoff import Backoff
from rosace.source.quoted import counted

ALIVE = ("INITIALIZING", "CREATED", "RUNNING", "RESTARTING", "RECONCILING", "SUSPENDED")
CALL = 20.0
"""Seconds for one request."""
STATEMENT = 55.0
"""Seconds for one statement: the first one of a cold gateway loads and compiles the planner."""
LOOKS = Backoff((0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2))
"""Pauses between looks at a statement that has not ended."""

Order = Mapping[str, Any]
Secrets = Mapping[str, str]


class FlinkError(Exception):
    """What Flink answered, reduced to the line that says why."""


def start(order: Order, secrets: Secrets, *, fresh: bool) -> None:
    """Submits the job, from its newest durable state unless `fresh`. Does nothing where it already runs."""
    if _current(order, ALIVE):
        return
    for name in order.get("before", ()):
        stop({**order, "name": name}, secrets)
    if fresh:
        _forget(order, secrets)
    restore = None if fresh else newest_state(order, secrets)
    if order["closes"] and restore and f"/{OPEN}/" in restore and _was_drained(order, secrets):
        raise Hopeless(order["closes"])
    named = {"properties": {"pipeline.name": order["name"]}}
    session = _post(order, f"{order['gateway']}/v1/sessions", named)["sessionHandle"]
    try:
        values = dict(order["settings"])
        if restore:
            values["execution.state-recovery.path"] = restore
        for name, value in values.items():
            _statement(order, session, sql.setting(name, value))
        for text in order["declare"]:
            # Only what Rosace declares names secrets: what a user's view says is a text.
            ours = text.startswith(sql.CATALOG)
            _statement(order, session, _reveal(text, secrets) if ours else text)
        body = "\n".join(f"{insert};" for insert in order["inserts"])
        _statement(order, session, f"EXECUTE STATEMENT SET BEGIN\n{body}\nEND")
    finally:
        rest.call("DELETE", f"{order['gateway']}/v1/sessions/{session}", order["tls"])


def observe(order: Order, secrets: Secrets) -> JobReport:
    """The newest run of this job as the job manager knows it."""
    job = _current(order, ())
    if job is None or job["state"] == "CANCELED":
        return JobReport("absent")
    if job["state"] == "FINISHED":
        return JobReport("finished", detail="drained")
    restarts = _restarts(order, job["jid"])
    failure = _failure(order, job["jid"]) if restarts or job["state"] in TROUBLED else NO_FAILURE
    if job["state"] in ("FAILED", "FAILING"):
        return JobReport("failed", detail=failure.error, restarts=restarts, **failure.told())
    counts = _get(order, f"{order['rest']}/jobs/{job['jid']}/checkpoints").get("counts", {})
    completed = int(counts.get("completed", 0))
    # A reader of a table ends when it has read it; the job goes on.
    tasks = job["tasks"]
    running = job["state"] == "RUNNING" and tasks["running"] + tasks.get("finished", 0) == tasks["total"]
    detail = counted(completed, "checkpoint")
    if job["state"] == "RESTARTING":
        detail = failure.error
    offsets, records, late, unfit = _read(order, job["jid"])
    detail += f", {unfit:,} records that do not fit" if unfit else ""
    # Offsets of an earlier life say nothing of this one: they count once it has completed a checkpoint of its own.
    whole = running and completed and _has_tables(order, job["jid"])
    positions = _positions(order, offsets) if whole else {}
    state = "running" if running else "starting"
    return JobReport(state, positions, records, None, detail, restarts=restarts, late=late, **failure.told())


def finish(order: Order, secrets: Secrets) -> None:
    """Stops with a savepoint and drains: watermarks reach the end of time, every window fires, every sink commits.

    What was drained cannot go on: to windows that were closed all that comes later is late, and the end of time is kept
    in their state (Flink 2.1.3, WindowAggOperator: `watermark`). So a savepoint is taken before, from which the job
    goes on if its sources get more.
    """
    job = _current(order, ALIVE)
    if job is None:
        return
    where = f"s3://{order['bucket']}/{order['savepoints']}"
    _saved(order, job["jid"], "savepoints", {"target-directory": f"{where}/{OPEN}", "cancel-job": False})
    _saved(order, job["jid"], "stop", {"drain": True, "targetDirectory": f"{where}/{_drained(order)}"})


OPEN = "open"
"""The folder of savepoints that were taken before a job was drained."""


def _drained(order: Order) -> str:
    """The folder of the savepoint with which this run of the job was drained."""
    return f"drained-{order.get('run', '')}"


def _was_drained(order: Order, secrets: Secrets) -> bool:
    """Whether an earlier run of the job was drained."""
    prefix = f"{order['savepoints']}/drained-"
    return any(True for _ in _s3(order, secrets).list_objects(order["bucket"], prefix=prefix))


def _saved(order: Order, job: str, how: str, body: Mapping[str, Any]) -> None:
    """Asks for a savepoint, and returns when it is complete."""
    request = _post(order, f"{order['rest']}/jobs/{job}/{how}", body)["request-id"]
    deadline = time.monotonic() + 45
    while time.monotonic() < deadline:
        answer = _get(order, f"{order['rest']}/jobs/{job}/savepoints/{request}")
        if answer["status"]["id"] == "COMPLETED":
            if cause := answer.get("operation", {}).get("failure-cause"):
                raise FlinkError(faults.reason(str(cause.get("stack-trace", cause))))
            return
        time.sleep(0.2)
    raise FlinkError("draining took longer than 45 s; it is tried again")


def stop(order: Order, secrets: Secrets) -> None:
    """Cancels the job; its checkpoints stay."""
    if job := _current(order, ALIVE):
        rest.call("PATCH", f"{order['rest']}/jobs/{job['jid']}", order["tls"])
        deadline = time.monotonic() + 10
        while _current(order, ALIVE) and time.monotonic() < deadline:
            time.sleep(0.1)


def newest_state(order: Order, secrets: Secrets) -> str | None:
    """The S3 address of the newest complete checkpoint or savepoint, of whichever run wrote it.

    That of a run that was drained is for the same run alone, which has nothing left to do.
    """
    client = _s3(order, secrets)
    found = [
        item
        for prefix in (order["state"], order["savepoints"])
        for item in client.list_objects(order["bucket"], prefix=f"{prefix}/", recursive=True)
        if item.object_name.endswith("/_metadata")
    ]
    if not found:
        return None
    drained = f"{order['savepoints']}/drained-"
    own = [item for item in found if item.object_name.startswith(f"{order['savepoints']}/{_drained(order)}/")]
    left = [item for item in found if not item.object_name.startswith(drained)]
    newest = max(own or left or found, key=lambda item: item.last_modified)
    return f"s3://{order['bucket']}/{newest.object_name.removesuffix('/_metadata')}"


def _forget(order: Order, secrets: Secrets) -> None:
    """Removes all durable state, so that a crash right after a fresh start does not bring the old one back."""
    client = _s3(order, secrets)
    for prefix in (order["state"], order["savepoints"]):
        for item in client.list_objects(order["bucket"], prefix=f"{prefix}/", recursive=True):
            client.remove_object(order["bucket"], item.object_name)
    if order["servers"]:
        with _admin(order["servers"]) as admin:
            future = admin.delete_consumer_groups([order["group"]])[order["group"]]
            if future.exception(CALL) and "GROUP_ID_NOT_FOUND" not in str(future.exception()):
                raise FlinkError(str(future.exception()))


def _s3(order: Order, secrets: Secrets) -> Any:
    from minio import Minio

    where = order["s3"]
    return Minio(
        where["endpoint"],
        access_key=secrets[where["access"]],
        secret_key=secrets[where["secret"]],
        region=where["region"],
        secure=where["secure"],
    )


def _admin(servers: str) -> Any:
    """To be used once, and closed: one that has lived through a crash of the broker was answered no more, for three
    minutes and longer (librdkafka 2.16, its issues 5456 and 5511); a new one was, within 2 ms."""
    from confluent_kafka.admin import AdminClient

    return AdminClient({"bootstrap.servers": servers, "socket.timeout.ms": 5000, "log_level": 0})


Offset = tuple[str, str, int]
"""Topic, partition, offset of the last record read."""


def _positions(order: Order, offsets: Iterable[Offset]) -> dict[str, dict[str, int]]:
    """Topic -> partition -> next offset to read: what the group committed with a checkpoint, or what the readers say.

    Neither alone is enough (Flink 2.1.3): a topic that falls silent is committed up to ten seconds late, and after a
    restore with nothing left to read the readers have no offset.
    """
    found = _committed(order)
    for topic, partition, offset in offsets:
        parts = found.setdefault(topic, {})
        parts[partition] = max(parts.get(partition, 0), offset + 1)
    return found


def _committed(order: Order) -> dict[str, dict[str, int]]:
    from confluent_kafka import ConsumerGroupTopicPartitions

    if not order["servers"]:
        return {}
    request = [ConsumerGroupTopicPartitions(order["group"])]
    with _admin(order["servers"]) as admin:
        answer = admin.list_consumer_group_offsets(request)[order["group"]].result(CALL)
    found: dict[str, dict[str, int]] = {}
    for part in answer.topic_partitions:
        if part.offset >= 0:
            found.setdefault(part.topic, {})[str(part.partition)] = part.offset
    return found


_OFFSET = re.compile(r"\.topic\.(?P<topic>.+)\.partition\.(?P<partition>\d+)\.currentOffset$")
_LATE = re.compile(r"\.numLateRecordsDropped$")
_UNFIT = re.compile(r"\.rosaceUnfit$")
_RECORDS = re.compile(r"^Source__.+\.numRecordsIn$")
"""What a source has read. Its vertex's `write-records` count what leaves the chain: less, behind a local aggregate."""


def _read(order: Order, job: str) -> tuple[list[Offset], int | None, int | None, int]:
    """Where the job's readers are and how many records they have read, and how many came too late for its windows, as
    far as they tell. Where a job makes windows several times, a record counts in each that it is too late for. At last
    how many did not fit their topic's columns."""
    offsets: list[Offset] = []
    records: int | None = None
    late: int | None = None
    unfit = 0
    for vertex in _get(order, f"{order['rest']}/jobs/{job}").get("vertices", []):
        if "Source" not in vertex["name"] and not order["timed"]:
            continue
        base = f"{order['rest']}/jobs/{job}/vertices/{vertex['id']}/subtasks/metrics"
        told = (_OFFSET.search, _RECORDS.match, _LATE.search, _UNFIT.search)
        names = [item["id"] for item in _get(order, base) if any(one(item["id"]) for one in told)]
        # More than about eighty names in one address are answered by an error.
        for at in range(0, len(names), 40):
            for item in _get(order, f"{base}?get={quote(','.join(names[at : at + 40]))}&agg=max,sum"):
                if match := _OFFSET.search(item["id"]):
                    offsets += [(match["topic"], match["partition"], int(item["max"]))] if item["max"] >= 0 else []
                elif _LATE.search(item["id"]):
                    late = (late or 0) + int(item["sum"])
                elif _UNFIT.search(item["id"]):
                    unfit += int(item["sum"])
                else:
                    records = (records or 0) + int(item["sum"])
    return offsets, records, late, unfit


def _has_tables(order: Order, job: str) -> bool:
    """Whether the job has read all of the tables that it reads once: their readers end, those of topics never do. One
    that is drained before would leave the rest out."""
    vertices = _get(order, f"{order['rest']}/jobs/{job}").get("vertices", []) if order["tables"] else []
    return sum("Source" in one["name"] and one["status"] == "FINISHED" for one in vertices) >= order["tables"]


def _current(order: Order, states: tuple[str, ...]) -> dict[str, Any] | None:
    """The newest run of the job, in one of `states` (any when empty)."""
    jobs = [
        job
        for job in _get(order, f"{order['rest']}/jobs/overview")["jobs"]
        if job["name"] == order["name"] and (not states or job["state"] in states)
    ]
    return max(jobs, key=lambda job: job["start-time"]) if jobs else None


@dataclass(frozen=True, slots=True)
class Failure:
    """The newest failure of a run: its reason on one line, Flink's own words, and whether it can change."""

    error: str = ""
    trace: str = ""
    hopeless: bool = False

    def told(self) -> dict[str, Any]:
        """As a report has it."""
        return {"error": self.error, "trace": self.trace, "hopeless": self.hopeless}


NO_FAILURE = Failure()
TROUBLED = ("FAILED", "FAILING", "RESTARTING")
TRACE = 2**14
"""Characters of a stack trace that are kept."""


def _failure(order: Order, job: str) -> Failure:
    """The newest entry of the job's history of exceptions, with the task that it happened in."""
    url = f"{order['rest']}/jobs/{job}/exceptions?maxExceptions=1"
    history = _get(order, url).get("exceptionHistory", {}).get("entries", [])
    if not history:
        return NO_FAILURE
    trace, task = str(history[0].get("stacktrace", "")), str(history[0].get("taskName") or "")
    where = f" (in {task[:80]})" if task else ""
    return Failure(faults.reason(trace) + where, f"{task}\n{trace}"[:TRACE].strip(), faults.hopeless(trace))


def _restarts(order: Order, job: str) -> int:
    """How often Flink has started the run again, by its own metric."""
    found = _get(order, f"{order['rest']}/jobs/{job}/metrics?get=numRestarts")
    return int(float(found[0]["value"])) if found and "value" in found[0] else 0


def _statement(order: Order, session: str, text: str) -> None:
    base = f"{order['gateway']}/v1/sessions/{session}"
    handle = _post(order, f"{base}/statements", {"statement": text})["operationHandle"]
    deadline = time.monotonic() + STATEMENT
    looks = 0
    while (status := _get(order, f"{base}/operations/{handle}/status").get("status")) not in (
        "FINISHED",
        "ERROR",
        "CANCELED",
    ):
        if time.monotonic() > deadline:
            raise FlinkError(f"a statement took longer than {STATEMENT:g} s: {text[:60]}")
        looks += 1
        time.sleep(LOOKS.pause(looks))
    answer = rest.call("GET", f"{base}/operations/{handle}/result/0", order["tls"]).json()
    if status != "FINISHED" or "errors" in answer:
        said = "\n".join(map(str, answer.get("errors", [status])))
        raise (Hopeless if faults.hopeless(said) else FlinkError)(faults.reason(said))


def _reveal(text: str, secrets: Secrets) -> str:
    return re.sub(r"\$\{secret:([^}]+)\}", lambda match: secrets[match[1]].replace("'", "''"), text)


def _get(order: Order, url: str) -> Any:
    answer = rest.call("GET", url, order["tls"])
    if answer.status_code >= 400:
        raise FlinkError(faults.reason(answer.text))
    return answer.json()


def _post(order: Order, url: str, body: Mapping[str, Any]) -> Any:
    answer = rest.call("POST", url, order["tls"], body)
    if answer.status_code >= 400:
        raise FlinkError(faults.reason(answer.text))
    return answer.json()
