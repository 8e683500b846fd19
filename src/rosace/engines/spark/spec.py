"""The words a user may write under `engines: {spark: ...}`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rosace.kit.owned import free_of
from rosace.model.addresses import Image
from rosace.model.checked import Ref
from rosace.model.cluster_words import Autoscale, Resources
from rosace.model.platform import Platform, Words, as_text
from rosace.model.quantity import Size
from rosace.model.spelled import Spelled
from rosace.model.words import Switch

HEAP_FLOOR = Size.mebibytes(512)
"""The smallest heap in which the driver lands the flights example (measured). Spark itself refuses less than 472 MiB:
1.5 times its reserved 300 MiB, with the part that the JVM hides (UnifiedMemoryManager.getMaxMemory, Spark 4.1.1)."""

OWNED = {
    "spark.master": "Rosace runs the driver and chooses its cores by `cores`",
    "spark.driver.memory": "use `memory`",
    "spark.driver.host": "Rosace chooses addresses and ports",
    "spark.driver.port": "Rosace chooses addresses and ports",
    "spark.driver.bindAddress": "Rosace chooses addresses and ports",
    "spark.driver.blockManager.port": "Rosace chooses addresses and ports",
    "spark.ui.port": "Rosace chooses addresses and ports",
    "spark.authenticate": "Rosace lets no other program of this machine speak to the driver",
    "spark.jars": "Rosace decides the class path, with a checksum for each jar",
    "spark.driver.extraClassPath": "Rosace decides the class path, with a checksum for each jar",
    "spark.sql.catalog.lake": "the lake follows from the platform",
    "spark.sql.session.timeZone": "all times of a platform are UTC",
    "spark.sql.timestampType": "timestamps of a platform are without time zone in every engine",
    "spark.sql.streaming.checkpoint": "exactly-once rests on checkpoints: Rosace decides where and how they are kept",
    "spark.hadoop.fs.s3a.": "the object store follows from the platform",
    "spark.redaction.": "secrets must stay hidden",
    "spark.ui.killEnabled": "jobs are stopped with `rosace down`",
}
"""Settings that Rosace owns, with all below them, and why."""


class Shared(Words):
    """On clusters: a Spark cluster that people share for interactive work. Its workers follow the load."""

    enabled: Switch | None = None
    """Whether there is one; where unsaid there is one for platforms with notebooks or queries."""
    min: Annotated[int, Field(strict=True, ge=1, le=1000)] = 2
    """The fewest workers."""
    max: Annotated[int, Field(strict=True, ge=1, le=1000)] = 10
    """The most workers."""
    cpu: Annotated[int, Field(strict=True, ge=10, le=95)] = 70
    """The share of the CPU that they ask for, in percent, above which there are more of them."""
    resources: Resources = Resources.model_construct()
    """What each worker gets."""

    @model_validator(mode="after")
    def _some(self) -> Shared:
        if self.min > self.max:
            raise ValueError("`min` is more than `max`")
        return self


class SparkSpec(Words):
    """Settings of the driver that all Spark jobs of the platform share."""

    memory: Annotated[Size, Field(ge=HEAP_FLOOR)] = Field(default_factory=lambda: Size.mebibytes(768))
    """The driver's Java heap. Jobs run inside it: there are no further executors on one machine."""
    cores: Annotated[int, Field(strict=True, ge=1, le=1024)] | None = None
    """How many tasks run at the same time; as many as the machine has cores where unsaid."""
    settings: Annotated[
        dict[
            Annotated[
                str, Spelled(r"^spark\.[A-Za-z0-9._-]+$", "a property of Spark, such as `spark.sql.shuffle.partitions`")
            ],
            str,
        ],
        BeforeValidator(as_text),
        AfterValidator(free_of(OWNED)),
    ] = {}
    """Further Spark properties, such as `spark.sql.shuffle.partitions: 8`; those that Rosace owns are refused."""
    driver: Resources = Resources.model_construct()
    """On clusters: what the driver of each job gets."""
    executor: Resources = Resources.model_construct()
    """On clusters: what each executor gets whose job does not say it."""
    shared: Shared = Shared.model_construct()
    """On clusters: a Spark cluster for interactive work."""
    interactive: Autoscale = Autoscale(min=1, max=4)
    """On clusters: between how many and how many executors serve the notebooks of one project."""
    image: Image | None = None
    """On clusters: an image of your own that has the connectors' jars in /opt/spark/jars; where unsaid, pods fetch them
    into the project's own image."""


def wanted(platform: Platform) -> bool:
    """True where a job names Spark, or a source is loaded into a table (which Spark does)."""
    loads = any(Ref.read(source.to).kind == "table" for source in platform.sources.values())
    return loads or any(job.engine == "spark" for job in platform.jobs.values())
