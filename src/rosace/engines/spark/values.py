"""Spark's section of the chart `processing`: jobs, servers of people, a cluster that all share.

Names of what the Spark operator is told are its own (github.com/kubeflow/spark-operator, api/v1beta2, v2.5.1).
"""

from __future__ import annotations

from typing import Literal, NotRequired

from rosace.contract.values import Environment, JobSection, Mount, Off, Passed, Resources, Scale, Trial, Values, Volume
from rosace.kit.locality import Placed


class DynamicAllocation(Values):
    """Executors come and go with the work."""

    enabled: bool
    """Whether they do."""
    initialExecutors: int
    """How many there are at first."""
    minExecutors: int
    """The fewest."""
    maxExecutors: int
    """The most."""
    shuffleTrackingEnabled: bool
    """Whether executors stay whose shuffle files are still needed: pods have no shuffle service."""


class Submission(Values):
    """What becomes of a submission that failed."""

    onSubmissionFailureRetries: int
    """How often after a submission that failed."""
    onSubmissionFailureRetryInterval: int
    """Seconds before the first of them."""


class Restart(Submission):
    """When and how often the operator starts a job again."""

    type: Literal["Always", "OnFailure", "Never"]
    """`OnFailure`: a stream too, since it does not end by itself."""
    onFailureRetries: NotRequired[int]
    """How often after a failure; for ever where unsaid."""
    onFailureRetryInterval: int
    """Seconds before the first of them."""


class Share(Values):
    """The cores and memory of a driver, or of one executor."""

    cores: int
    """Tasks at the same time."""
    coreRequest: str
    """Cores that the pod asks for, such as `500m`."""
    coreLimit: NotRequired[str]
    """The most cores; no limit where unsaid."""
    memory: str
    """The Java heap, such as `1664m`."""
    memoryOverhead: str
    """The pod's memory beside the heap, such as `384m`."""


class Role(Share):
    """The pod of a job's driver."""

    env: Environment
    """Variables of Spark's container."""
    prepare: Environment
    """Variables of the container that runs before it."""


class Executor(Role):
    """The pods of a job's executors."""

    instances: NotRequired[int]
    """How many, where they do not come and go."""


class Common(Values):
    """What all jobs are told alike, said once: a job's own files and properties are added to it."""

    files: dict[str, str]
    """What is in every job's folder: name to text."""
    config: dict[str, str]
    """Spark's properties."""


class Job(Placed):
    """An application of its own."""

    namespace: str
    """Where it runs: its project's, or the engine's."""
    serviceAccount: str
    """Whose rights its driver has."""
    files: dict[str, str]
    """What is in its folder besides what is common: name to text."""
    arguments: list[str]
    """What the runner is called with."""
    config: dict[str, str]
    """Spark's properties, besides the common ones."""
    volumes: list[Mount]
    """Folders of driver and executors."""
    driver: Role
    """Its driver."""
    executor: Executor
    """Its executors."""
    restart: Restart
    """What follows when it ends."""
    dynamicAllocation: NotRequired[DynamicAllocation]
    """Between how many executors; a fixed number where unsaid."""
    schedule: NotRequired[str]
    """When it runs, as cron says it, in UTC; at once where unsaid."""


class ProjectPod(Values):
    """A pod of a project's Connect server."""

    cores: int
    """Tasks at the same time."""
    memory: str
    """The Java heap, such as `1664m`."""
    resources: Resources
    """What its container asks for and may take."""
    env: Environment
    """Variables of Spark's container."""
    prepare: Environment
    """Variables of the container that runs before it."""


class ProjectServer(ProjectPod):
    """The pod that people connect to."""

    ports: dict[str, int]
    """Its ports: name to number. `connect` tells whether it is ready, `metrics` whether it lives."""


class Project(Values):
    """A Connect server for the people of one project, with executors of its own."""

    namespace: str
    """The project's."""
    serviceAccount: str
    """Whose rights the server has: it makes its executors."""
    files: dict[str, str]
    """What is in its folder: name to text."""
    volumes: list[Mount]
    """Folders of server and executors."""
    dynamicAllocation: DynamicAllocation
    """Between how many executors."""
    server: ProjectServer
    """The server itself, which is the driver."""
    executor: ProjectPod
    """Each of its executors."""


class Probe(Values):
    """Ports, by name, whose listening answers a question about a pod."""

    ready: str
    """Whether others may use it."""
    live: str
    """Whether it lives."""


class Surroundings(Values):
    """What all pods of the shared cluster are told alike."""

    env: Environment
    """Variables of Spark's container."""
    prepare: Environment
    """Variables of the container that runs before it."""
    volumes: list[Mount]
    """Folders of both."""
    spread: list[Passed]
    """How its pods keep apart: Kubernetes' topology spread constraints."""
    grace: int
    """Seconds between being told to end and being killed."""


class Node(Surroundings):
    """One kind of pod of the shared cluster."""

    command: list[str]
    """What its container runs."""
    ports: dict[str, int]
    """Its ports: name to number."""
    probe: Probe
    """How it is asked how it is."""
    resources: Resources
    """What its container asks for and may take."""


class Master(Node):
    """The pod that knows the workers."""

    storage: Volume
    """Where it keeps them, for when it comes back."""


class Worker(Node):
    """The pods that compute."""

    preStop: list[str]
    """What a worker does before it ends."""


class WorkerScale(Scale):
    """How many workers there are."""

    behavior: Passed
    """How fast that changes, as Kubernetes' autoscaler says it."""


class SharedCluster(Values):
    """A Spark cluster that people share, whose workers follow the load."""

    enabled: bool
    """Whether there is one."""
    name: str
    """What the names of its objects begin with."""
    files: dict[str, str]
    """What is in the folder of its pods: name to text."""
    autoscaling: WorkerScale
    """Between how many workers."""
    master: Master
    """Its master."""
    worker: Worker
    """Its workers."""
    connect: Node
    """The server that people connect to."""


class SparkValues(JobSection):
    """All that the chart knows of Spark."""

    runner: str
    """The folder in which a driver finds the program that carries out jobs."""
    common: NotRequired[Common]
    """What all jobs have in common; nothing where unsaid. It has no defaults, which would show through."""
    jobs: dict[str, Job]
    """Jobs, by name."""
    interactive: dict[str, Project]
    """Connect servers, by project."""
    shared: SharedCluster | Off
    """The cluster that all share."""
    test: Trial
    """The pod by which `helm test` asks it."""
