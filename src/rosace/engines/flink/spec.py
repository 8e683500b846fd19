"""What a user may say of Flink."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from rosace.model.platform import Words
from rosace.model.quantity import Size

OWNED = ("execution.checkpointing.dir", "execution.state-recovery.path", "pipeline.name", "rest.", "jobmanager.", "s3.")
"""Settings that Rosace decides: where a job's state is, what it is called, addresses and credentials."""


class FlinkSpec(Words):
    """Settings of Flink."""

    memory: Size = Size(512 * 2**20)
    """Heap of the task manager, where the jobs run; split between the framework (128Mi) and the tasks."""
    slots: Annotated[int, Field(ge=1, le=256)] | None = None
    """Task slots; as many as the jobs' parallelism needs where unsaid."""
    settings: dict[str, str] = {}
    """Flink's own settings for every job of the platform, as `SET` takes them."""

    @field_validator("settings")
    @classmethod
    def _not_ours(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if name.startswith(OWNED):
                raise ValueError(f"`{name}` is decided by Rosace; take it out")
        return value
