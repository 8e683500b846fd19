"""The example's Spark stream by Rosace and by hand, in the same driver.

The engine's time is from Spark's start of the first batch (offset log of the checkpoint) to Iceberg's commit of the
last one. Both clocks are read by a script in the driver, after the run. A driver of its own for the work by hand would
be a colder JVM: Rosace would win for that alone.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import requests
from rig import Rig, Unmeasured
from turn import Meter, Turn, until

from rosace.engines.spark.jobs import TOKEN
from rosace.local.control import ask

JOB = "land-departures"
TABLE, HAND = "lake.flights.departures", "lake.flights.hand_departures"
HERE = Path(__file__).parent
WHAT = "Spark's start of the first batch to Iceberg's commit of the last"


class Place:
    """The example's Spark driver, spoken to as Rosace's own room does it."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        status = rig.status()
        order = next(job for job in rig.deployment()["jobs"] if job["name"] == JOB)["order"]
        self.records = int(status["jobs"][JOB]["records_in"])
        self.common = {name: order[name] for name in ("control", "catalog", "namespace")}
        self.checkpoint = f"{order['checkpoint']}/lake.departures"
        self.servers = f"127.0.0.1:{status['processes']['kafka']['ports']['kafka']}"
        self.token = rig.secrets()[TOKEN]
        self.count = 0

    def by_hand(self) -> Turn:
        """Hands the script over, waits until all is read, ends it."""
        self.count += 1
        self._clear(HAND)
        meter = Meter(self.rig.status(), "spark")
        begun, checkpoint = time.time(), f"s3a://checkpoints/hand/land-{self.count}"
        name = self._script("hand_land", {"servers": self.servers, "table": HAND, "checkpoint": checkpoint}, lasts=True)
        until("the stream by hand has read all", lambda: self._report(name)["records_in"] >= self.records)
        self._ask("POST", f"/jobs/{name}/finish", {"run": name}).raise_for_status()
        until("the stream by hand has ended", lambda: self._report(name)["state"] == "finished")
        return self._turn(HAND, checkpoint, begun, meter)

    def by_rosace(self) -> Turn:
        """`rosace restart land-departures --fresh`: the supervisor submits, watches and drains."""
        self._clear(TABLE)
        meter = Meter(self.rig.status(), "spark")
        begun = time.time()
        answer = ask(self.rig.home, {"do": "restart", "names": [JOB], "fresh": True})
        if not answer["ok"]:
            raise Unmeasured(f"{JOB} cannot be restarted: {answer}")
        until("the stream has begun", lambda: self._report(JOB)["began"] >= begun)
        until("the stream has ended", lambda: self._report(JOB)["state"] == "finished")
        return self._turn(TABLE, self.checkpoint, begun, meter)

    def _turn(self, table: str, checkpoint: str, begun: float, meter: Meter) -> Turn:
        cpu, own = meter.read()
        found = self._facts(table, checkpoint)
        mine = [(at / 1000, rows) for at, rows in found["snapshots"] if at / 1000 >= begun and rows]
        last = max(at for at, _ in mine)
        return Turn(WHAT, last - found["begun"] / 1000, last - begun, sum(rows for _, rows in mine), cpu, own)

    def _facts(self, table: str, checkpoint: str) -> dict[str, Any]:
        return json.loads(self._answer("hand_facts", table, checkpoint))

    def _clear(self, table: str) -> None:
        self._answer("hand_clear", table, "")

    def _answer(self, script: str, table: str, checkpoint: str) -> str:
        """Runs a script that ends, and gives what it wrote."""
        answer = self.rig.place / "answer"
        answer.unlink(missing_ok=True)
        name = self._script(script, {"table": table, "checkpoint": checkpoint, "answer": str(answer)}, lasts=False)
        until(f"{script} has ended", lambda: self._report(name)["state"] == "finished" and answer.exists())
        return answer.read_text(encoding="utf-8")

    def _script(self, script: str, told: dict[str, str], *, lasts: bool) -> str:
        """Has the driver run a Python file of this folder; returns the name of that job."""
        name = f"{script.replace('_', '-')}-{time.time_ns()}"
        folder = self.rig.place / name
        folder.mkdir()
        shutil.copy(HERE / f"{script}.py", folder)
        (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
        order = {
            **self.common,
            "name": name,
            "kind": "python",
            "streaming": lasts,
            "topics": [],
            "reads": [],
            "tables": [],
            "file": str(folder / f"{script}.py"),
            "checkpoint": told["checkpoint"],
        }
        self._ask("PUT", f"/jobs/{name}", {"order": order, "run": name, "fresh": False}).raise_for_status()
        return name

    def _report(self, name: str) -> dict[str, Any]:
        answer = self._ask("GET", f"/jobs/{name}")
        # Taken away to be started again, the driver does not know it for a moment.
        if answer.status_code == 404:
            return {"state": "absent", "began": 0.0, "records_in": 0}
        found = answer.json()
        if found["state"] == "failed":
            raise Unmeasured(f"{name} failed: {found['detail']}")
        return found

    def _ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, self.common["control"] + path, json=body, headers=headers, timeout=30)
