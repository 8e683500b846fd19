"""What a user may say of Flink."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from rosace.kit.owned import free_of
from rosace.model.addresses import Image
from rosace.model.cluster_words import Resources
from rosace.model.platform import Words, as_text
from rosace.model.quantity import Size
from rosace.model.spelled import Spelled

OWNED = {
    "execution.checkpointing.dir": "Rosace decides where a job's state is",
    "execution.state-recovery.path": "a job resumes from its newest state",
    "pipeline.name": "a job is called as the platform calls it",
    "kubernetes.operator": "how the operator changes a job and starts it again follows from what the platform promises",
    "high-availability": "Rosace decides where leaders and jobs are kept",
    "restart-strategy": "a job says it: `retries`",
    "rest": "Rosace chooses addresses and ports",
    "jobmanager": "Rosace runs the job manager",
    "s3": "the object store follows from the platform",
}
"""Settings that Rosace owns, with all below them, and why."""


FRAMEWORK_HEAP = Size(128 * 2**20)
"""Of the task manager's heap what its framework keeps: the default of `taskmanager.memory.framework.heap.size`."""


class FlinkSpec(Words):
    """Settings of Flink."""

    memory: Annotated[Size, Field(gt=FRAMEWORK_HEAP)] = Size(512 * 2**20)
    """Heap of the task manager, where the jobs run; split between the framework (128Mi) and the tasks."""
    slots: Annotated[int, Field(strict=True, ge=1, le=256)] | None = None
    """Task slots; as many as the jobs' parallelism needs where unsaid."""
    settings: Annotated[
        dict[
            Annotated[
                str, Spelled(r"^[a-z][A-Za-z0-9._-]*$", "a setting of Flink, such as `table.exec.mini-batch.enabled`")
            ],
            str,
        ],
        BeforeValidator(as_text),
        AfterValidator(free_of(OWNED)),
    ] = {}
    """Flink's own settings for every job of the platform, as `SET` takes them; those that Rosace owns are refused."""
    task_manager: Resources = Field(default=Resources.model_construct(), alias="task-manager")
    """On clusters: what each task manager gets whose job does not say it."""
    job_manager: Resources = Field(default=Resources.model_construct(), alias="job-manager")
    """On clusters: what each job manager gets."""
    image: Image | None = None
    """On clusters: an image of your own that has the connectors' jars in /opt/flink/lib; where unsaid, pods fetch them
    beside the project's own image."""
