"""What the chart `streaming` is told of Kafka."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rosace.contract.values import Passed, Resources, Section, Trial, Values, Volume

Jvm = dict[str, str]
"""Options of a Java machine, as Strimzi's `jvmOptions` takes them: `-Xms` and `-Xmx`, such as `512m`."""


class Listener(Values):
    """Where clients come in: by password, over TLS."""

    name: str
    """Strimzi's name of it."""
    port: int
    """The port of each broker."""


class Disks(Volume):
    """The disks of each broker or controller."""

    type: Literal["jbod"]
    """As Strimzi calls several disks side by side."""
    volumes: int
    """How many there are."""


class Controllers(Values):
    """Those who keep what Kafka knows of itself."""

    nodes: str
    """The numbers that they may have, as Strimzi's `next-node-ids` takes them."""
    replicas: int
    """How many there are; an odd number."""
    resources: Resources
    """What each gets."""
    jvm: Jvm
    """Options of its Java machine."""
    storage: Disks
    """Its disks."""
    pod: Passed
    """Its pod, as Strimzi's `template.pod` takes it."""


class Helper(Values):
    """A pod that Strimzi puts beside the brokers."""

    resources: Resources
    """What each of its containers gets."""
    pod: Passed
    """As Strimzi's `template.pod` takes it."""


class CruiseControl(Helper):
    """What moves partitions between brokers."""

    enabled: bool
    """Whether it is there: with less than three brokers there is nothing to move."""


class Topic(Values):
    """A topic."""

    partitions: int
    """How many it has; they can become more, never fewer."""
    replicas: int
    """How many brokers have each record."""
    config: dict[str, str]
    """What the topic says itself, in Kafka's words."""


Kind = Literal["topic", "group", "transactionalId"]
"""What rights are about."""


class Resource(Values):
    """What a right is about."""

    type: Kind
    """Its kind."""
    name: str
    """Its name, or what the name begins with."""
    patternType: Literal["literal", "prefix"]
    """Which of the two."""


class Acl(Values):
    """A right."""

    resource: Resource
    """On what."""
    operations: list[str]
    """To do what, in Kafka's words, such as `Read`."""


class User(Values):
    """A client of Kafka. Its password is in the secret `kafka-<name>`."""

    acls: list[Acl]
    """Its rights."""


class Workers(Values):
    """Workers of Kafka Connect."""

    name: str
    """Of the resource of which Strimzi makes them."""
    user: str
    """Whose rights they have: one of `users`."""
    replicas: int
    """How many there are."""
    bootstrapServers: str
    """The brokers' addresses here, `host:port`, with commas between."""
    config: dict[str, str]
    """Their configuration, in Kafka's words."""
    resources: Resources
    """What each gets."""
    jvm: Jvm
    """Options of its Java machine."""
    pod: Passed
    """Its pod, as Strimzi's `template.pod` takes it."""


class Connect(Workers):
    """What keeps other stores in step with topics."""

    image: str
    """Kafka with the connectors."""
    secrets: dict[str, str]
    """Folder below `/mnt` to the secret whose keys are files there."""


_Class = TypedDict("_Class", {"class": Annotated[str, Field(description="Its Java class.")]})


class Connector(Values, _Class):
    """A connector of Kafka Connect."""

    tasks: int
    """How many tasks it has at most."""
    config: dict[str, str]
    """In the connector's own words."""


class Exports(Values):
    """What is there where topics are exported."""

    connect: NotRequired[Connect]
    """What exports run on; none where nothing is exported."""
    connectors: NotRequired[dict[str, Connector]]
    """Exports by name."""


class Broker(Values):
    """The service before one broker."""

    broker: int
    """The broker's number."""
    annotations: dict[str, str]
    """Of the service."""


class Outside(Values):
    """Where clients of other clusters come in: a load balancer for all brokers, and one for each."""

    name: str
    """Strimzi's name of the listener."""
    port: int
    """The port of each broker, and of each load balancer."""
    host: str
    """The name that clients begin with."""
    brokerHost: str
    """The name of each broker; Strimzi puts its number for `{nodeId}`."""
    annotations: dict[str, str]
    """Of the service for all brokers."""
    brokers: list[Broker]
    """The service of each broker."""
    addresses: list[str]
    """Who may come, as ranges of addresses: the pods of the other clusters."""


class EntranceBroker(Values):
    """One broker, as those from outside know it."""

    broker: int
    """Its number."""
    advertisedHost: str
    """Its name outside."""
    annotations: dict[str, str]
    """Of its service."""


class Entrance(Values):
    """Where programs outside of the platform come in."""

    name: str
    """Strimzi's name of the listener."""
    port: int
    """The port of each broker, and of each load balancer."""
    type: Literal["loadbalancer", "nodeport"]
    """How they come in."""
    host: NotRequired[str]
    """The name that they begin with; the load balancer's own address where the cluster has no public zone."""
    annotations: dict[str, str]
    """Of the service for all brokers."""
    brokers: NotRequired[list[EntranceBroker]]
    """The names of the brokers, where there are any."""
    addresses: list[str]
    """Who may come, as ranges of addresses."""


class Doors(Values):
    """What is there where other clusters come."""

    outside: NotRequired[Outside]
    """Their listener; none where nobody comes."""
    producers: NotRequired[Entrance]
    """The listener of programs outside of the platform; none where nobody comes."""


class MirrorSource(Values):
    """A cluster from which topics are copied."""

    bootstrapServers: str
    """Its brokers' addresses, `host:port`, as this cluster reaches them."""
    topics: str
    """Which topics, as a regular expression."""
    tasks: int
    """How many tasks copy them at most."""
    config: dict[str, str]
    """Of the connector, in MirrorMaker's words."""


class Mirrors(Workers):
    """MirrorMaker 2, which copies topics of other clusters to this one, with rights here and there."""

    alias: str
    """What this cluster is called in the connectors' names."""
    sources: dict[str, MirrorSource]
    """From where, by the name of the cluster."""


class Copies(Values):
    """What is there where topics of other clusters are read."""

    mirrors: NotRequired[Mirrors]
    """What copies them; none where nothing is copied to here."""


class KafkaValues(Section, Exports, Doors, Copies):
    """Kafka by Strimzi's operator: brokers, topics, users, exports, copies."""

    name: str
    """Of the Kafka resource; services and secrets begin with it."""
    version: str
    """Kafka's, as the image has it and Strimzi knows it."""
    image: str
    """Of brokers and controllers."""
    nodes: str
    """The numbers that brokers may have, as Strimzi's `next-node-ids` takes them."""
    replicas: int
    """How many brokers there are."""
    config: dict[str, str]
    """Of the brokers, in Kafka's words (`server.properties`)."""
    listener: Listener
    """Where clients come in."""
    resources: Resources
    """What each broker gets; memory that is not its heap caches pages."""
    jvm: Jvm
    """Options of each broker's Java machine."""
    storage: Disks
    """Each broker's disks."""
    rack: str
    """The nodes' label that tells zones apart, over which copies are spread; empty for none."""
    pod: Passed
    """Each broker's pod, as Strimzi's `template.pod` takes it."""
    controllers: Controllers
    """The controllers, in pods of their own."""
    entityOperator: Helper
    """What makes topics and users of their resources."""
    exporter: Helper
    """What measures how far groups are behind."""
    cruiseControl: CruiseControl
    """What moves partitions between brokers."""
    topics: dict[str, Topic]
    """Topics by name."""
    users: dict[str, User]
    """Users by name."""
    test: Trial
    """The pod by which `helm test` asks it, as each user."""
