"""The toy on this machine: a server, and another process that needs it."""

from __future__ import annotations

import sys

from pydantic import BaseModel

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, MemoryAsk, Probe, ProcessSpec, Site
from rosace.engines.toy.settings import page
from rosace.engines.toy.spec import ToySpec
from rosace.model.capabilities import Capability
from rosace.model.checked import Checked, CheckedJob
from rosace.model.quantity import Size


class _Local:
    def memory(self, checked: Checked, spec: BaseModel) -> tuple[MemoryAsk, ...]:
        assert isinstance(spec, ToySpec)
        return (MemoryAsk("toy", spec.memory, Size(16 * 2**20), Size(20 * 2**20)),)

    def ports(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("http",)

    def secrets(self, checked: Checked, spec: BaseModel) -> tuple[str, ...]:
        return ("toy.password",)

    def offers(self, site: Site) -> tuple[Capability, ...]:
        return ()

    def processes(self, site: Site) -> tuple[ProcessSpec, ...]:
        assert isinstance(site.spec, ToySpec)
        port = site.ports["http"]
        server = ProcessSpec(
            name="toy",
            engine="toy",
            argv=(sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", "conf"),
            files=(File("conf/index.html", page(site.spec)), File("conf/secret", site.secrets["toy.password"])),
            ready=Probe("rosace.engines.toy.health:ready", {"port": port}),
            ports={"http": port},
            heap=site.heap["toy"],
            memory=site.memory["toy"],
            interface=f"http://127.0.0.1:{port}/",
        )
        follower = ProcessSpec(
            name="toy-follower",
            engine="toy",
            argv=(sys.executable, "-c", "import time\nwhile True: time.sleep(0.1)"),
            after=("toy", "toy:mark"),
        )
        return server, follower

    def actions(self, site: Site) -> tuple[Action, ...]:
        return (Action("toy:mark", "rosace.engines.toy.live:mark", {"path": str(site.home / "mark")}, after=("toy",)),)

    def jobs(self, site: Site, jobs: tuple[CheckedJob, ...]) -> tuple[JobOrder, ...]:
        return ()


LOCAL = _Local()
