"""The typed shape of a chart's values: what every section has, and the parts that sections share.

A room's `values.py` says the shape of its section as closed typed dictionaries, and a concern of the platform does so
in its own module. `tools/charts.py` makes each chart's `values.schema.json` of them, docstrings as descriptions, so
that Helm refuses a value that is misspelt or of another kind; the type checker holds what rooms decide against them.
They are plain dictionaries when the program runs.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

Passed = dict[str, Any]
"""Handed on to Kubernetes or to an engine as it is: its shape is theirs."""


@with_config(ConfigDict(extra="forbid", use_attribute_docstrings=True))
class Values(TypedDict):
    """A mapping of a chart's values with keys of ours. It takes no others."""


class Frame(Values):
    """What every chart is told of the platform, under `global`."""

    platform: str
    """Its name."""
    environment: str
    """Which of its environments this is."""
    cluster: str
    """Which of its clusters this is."""
    labels: dict[str, str]
    """Labels of all objects."""
    containerSecurity: Passed
    """The `securityContext` of all containers that say none of their own."""


class PullSecret(Values):
    """A secret of a registry."""

    name: str
    """Its name, in the namespace of the pods."""


class Section(Values):
    """What every section of a chart's values has."""

    enabled: bool
    """Whether the chart lays the section out at all."""
    namespace: str
    """Where its objects live; those that say a namespace of their own are elsewhere."""
    labels: dict[str, str]
    """Labels of all its objects, besides those of the platform."""
    imagePullSecrets: NotRequired[list[PullSecret]]
    """Secrets by which images of its pods are pulled, in their namespaces."""
    nodeSelector: NotRequired[dict[str, str]]
    """Labels of the nodes that its pods run on."""
    tolerations: NotRequired[list[Passed]]
    """Taints of nodes that its pods bear, besides those that they bear already."""
    affinity: NotRequired[Passed]
    """Where its pods like to be, or have to; each kind of affinity in place of what they have of it."""
    podAnnotations: NotRequired[dict[str, str]]
    """Annotations of its pods, besides their own."""
    podLabels: NotRequired[dict[str, str]]
    """Labels of its pods, besides their own."""
    extraEnv: NotRequired[list[Passed]]
    """Variables of the containers of its pods; not of those that an operator makes by itself."""
    extraVolumes: NotRequired[list[Passed]]
    """Volumes of its pods; not of those of Kafka and of MinIO."""
    extraVolumeMounts: NotRequired[list[Passed]]
    """Where the containers of its pods find volumes; not those that an operator makes by itself."""


class Off(Values):
    """A section, or a part of one, of which there is nothing; nothing else need be said of it."""

    enabled: Literal[False]
    """Not laid out."""


class Requests(Values):
    """What the scheduler keeps free for a container."""

    cpu: str
    """Cores, such as `500m` or `2`."""
    memory: str
    """Bytes, such as `2Gi`."""


class Limits(Values):
    """What a container may take at most."""

    cpu: NotRequired[str]
    """Cores; none where unsaid, since a limit slows a pod down while cores are idle."""
    memory: str
    """Bytes; the same as asked for."""


class Resources(Values):
    """What a container asks for and may take."""

    requests: Requests
    """Asked for."""
    limits: Limits
    """Allowed."""


_Classed = TypedDict(
    "_Classed",
    {"class": NotRequired[Annotated[str, Field(description="The storage class; the cluster's default where unsaid.")]]},
)


class Volume(Values, _Classed):
    """A volume of each pod."""

    size: str
    """How large, such as `20Gi`."""


class FromSecret(Values):
    """One value of a secret."""

    secret: str
    """The secret's name."""
    key: str
    """Its key."""


class Environment(Values):
    """A container's variables."""

    plain: dict[str, str]
    """Name to value."""
    secrets: dict[str, FromSecret]
    """Name to where its value is kept."""
    fields: NotRequired[dict[str, str]]
    """Name to a field of the pod itself, such as `status.podIP`."""


class Place(Values):
    """A folder of a container that is not of its image."""

    name: str
    """The volume's name within the pod."""
    path: str
    """The folder, from the root."""


class ConfigMapPlace(Place):
    """A folder with the files of a ConfigMap, read only."""

    configMap: str
    """The ConfigMap's name."""


class SecretPlace(Place):
    """A folder with the keys of a secret as files, read only."""

    secret: str
    """The secret's name."""


class EmptyPlace(Place):
    """A folder that is empty when the pod starts, and goes with it."""

    emptyDir: Passed
    """What Kubernetes is told of it, such as `sizeLimit`."""


class ClaimPlace(Place):
    """A folder on a volume that stays."""

    claim: str
    """The claim's name within the pod's own set."""


class VolumePlace(Place):
    """A folder on a volume that stays, by the claim's own name."""

    volume: str
    """The PersistentVolumeClaim."""
    readOnly: bool
    """Whether nothing is written there."""


Mount = ConfigMapPlace | SecretPlace | EmptyPlace | ClaimPlace | VolumePlace
"""A folder of a container, by where its content comes from."""


class Preparation(Values):
    """The container that runs before the others of a pod: it fetches jars and writes down what comes of secrets."""

    script: str
    """What it runs, in Bash."""
    resources: Resources
    """What it asks for and may take."""


class JobSection(Section):
    """What the section of an engine has whose jobs are pods of their own."""

    version: str
    """The engine's version in its operator's words."""
    image: str
    """The image of all its pods."""
    pod: Passed
    """What every pod is told besides, such as `securityContext`."""
    prepare: Preparation
    """What runs before the engine in each pod."""
    rights: list[Passed]
    """What a job's pods may ask of the API server: rules of a Role."""
    accounts: dict[str, list[str]]
    """Namespace to the service accounts that have these rights there."""


class Scale(Values):
    """Between how many pods there are, and by what."""

    min: int
    """The fewest pods."""
    max: int
    """The most pods."""
    cpu: int
    """The load that is aimed at: percent of the cores asked for."""


class Trial(Values):
    """The pod by which `helm test` asks whether a service works."""

    image: str
    """With a client of the service."""
    labels: dict[str, str]
    """What it is known by: policies open for it what it asks."""
    deadlineSeconds: int
    """After so long it is stopped, and has failed."""
    resources: Resources
    """What it gets."""
    securityContext: Passed
    """Who it runs as."""
