"""The jar by which a driver judges the records of topics (kit/Fit.java), where a job of the platform needs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rosace.contract.machine import Setup, Site
from rosace.kit import fits

SOURCES = tuple(sorted(Path(__file__).parent.glob("*.java")))


def judge(site: Site, runtime: Path, classpath: Sequence[Path]) -> tuple[Setup, ...]:
    """The step that makes it; `creates` is where it is. Nothing where each unfit record is to end its job."""
    jobs = (job for job in site.checked.jobs.values() if job.spec.engine == "spark")
    topics = (site.checked.topics[ref.name] for job in jobs for ref in job.reads if ref.kind == "topic")
    if all(topic.on_bad_record == "stop" for topic in topics):
        return ()
    jar = fits.jar_of(site.archives, "spark-fit", SOURCES)
    java = str(runtime / "bin" / "java")
    return (fits.setup(site.python, fits.Order(str(jar), java, tuple(map(str, classpath)), tuple(map(str, SOURCES)))),)
