"""Flink's section of the chart `processing`: jobs with clusters of their own, and clusters that jobs share.

Names of what the operator is told are its own (nightlies.apache.org/flink/flink-kubernetes-operator-docs-release-1.15,
"Custom Resource").
"""

from __future__ import annotations

from typing import Literal

from rosace.contract.values import Environment, JobSection, Mount, Trial, Values
from rosace.kit.locality import Placed


class Share(Values):
    """What a task manager gets."""

    cpu: float
    """Cores, asked for and allowed."""
    memory: str
    """Memory of the whole process, such as `2048m`."""


class JobManager(Share):
    """What a job manager gets."""

    replicas: int
    """How many there are: one that leads, the others wait."""


class Submission(Values):
    """How the operator hands a job to its cluster."""

    jarURI: str
    """The jar with the program."""
    entryClass: str
    """The program."""
    args: list[str]
    """What it is called with."""
    parallelism: int
    """With how many subtasks it begins."""
    upgradeMode: Literal["savepoint", "last-state", "stateless"]
    """From what it goes on after a change."""
    state: Literal["running", "suspended"]
    """What it should be."""
    allowNonRestoredState: bool
    """Whether it may begin where a part of its state fits nothing any more."""


class Roles(Values):
    """How large the pods of a cluster are."""

    jobManager: JobManager
    """The pod that leads."""
    taskManager: Share
    """Each pod that computes."""


class Pods(Values):
    """What all pods of a cluster find."""

    volumes: list[Mount]
    """Folders."""
    env: Environment
    """Variables of Flink's container."""
    prepare: Environment
    """Variables of the container that runs before it."""


class Cluster(Roles, Pods, Placed):
    """A Flink cluster."""

    serviceAccount: str
    """Whose rights its pods have."""
    files: dict[str, str]
    """What is in the folder of its pods: name to text."""
    config: dict[str, str]
    """Flink's configuration."""


class Application(Cluster):
    """A job with a cluster of its own."""

    namespace: str
    """Where it runs: its project's, or the engine's."""
    job: Submission
    """How it is submitted."""


class SessionJob(Values):
    """A job on a cluster that jobs share."""

    config: dict[str, str]
    """Flink's configuration, for this job."""
    job: Submission
    """How it is submitted."""


class Session(Cluster):
    """A cluster that jobs of one namespace share."""

    jobs: dict[str, SessionJob]
    """Jobs, by name."""


class FlinkValues(JobSection):
    """All that the chart knows of Flink."""

    restartNonce: int
    """One more restarts every job, each from a savepoint."""
    restPort: int
    """Where job managers answer."""
    taskPort: int
    """Where task managers answer."""
    metricsPort: int
    """Where each process shows its metrics."""
    logging: str
    """The text of `log4j-console.properties`."""
    jobs: dict[str, Application]
    """Jobs with clusters of their own, by name."""
    sessions: dict[str, Session]
    """Clusters that jobs share, by namespace."""
    test: Trial
    """The pod by which `helm test` asks it."""
