"""What engines offer and need. Engines meet only here: an offer meeting a need is an edge of the graph.

Values are addresses as a peer inside the platform uses them; an engine writes one as text only where its own
configuration wants text. Secrets are not in them: `Secret` names one, and the executor puts it where it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Capability:
    """Something one engine offers to others."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of a generated secret, such as `s3.secret-key`; never its value."""

    name: str


USUAL_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
"""Scheme to the port that is meant where an address says none (RFC 9110, 4.2.1 and 4.2.2)."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of Kubernetes, within its cluster."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where something answers. `str` is how an engine's configuration has it: `http://127.0.0.1:8333`, `host:9092`
    without a scheme, and no port where it is the scheme's usual one."""

    host: str
    port: int
    scheme: str = ""
    service: Service | None = None
    """On clusters: what `host` is the full name of; None where no service stands behind it."""

    @property
    def authority(self) -> str:
        """Without the scheme."""
        return self.host if USUAL_PORTS.get(self.scheme) == self.port else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}" if self.scheme else self.authority


@dataclass(frozen=True, slots=True)
class KafkaBootstrap(Capability):
    """A Kafka cluster. `brokers` are those that a client asks first; times in milliseconds as the broker enforces
    them."""

    brokers: tuple[Address, ...]
    transaction_max_timeout_ms: int = 900_000
    secured: KafkaSecurity | None = None
    """How clients prove who they are; None where the broker asks for nothing (loopback)."""

    @property
    def servers(self) -> str:
        """As clients take them in `bootstrap.servers`."""
        return ",".join(map(str, self.brokers))


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """SCRAM-SHA-512 over TLS. Each client has a user of its own: secret `<prefix><user>` (key `password`) lies in the
    client's namespace, beside the secret `ca` with the authority's certificate in key `ca.crt`."""

    ca: str
    prefix: str

    def secret(self, user: str) -> str:
        """The name of a user's secret."""
        return f"{self.prefix}{user}"


@dataclass(frozen=True, slots=True)
class S3Endpoint(Capability):
    """An S3 store spoken to with path-style addresses."""

    address: Address
    region: str
    access_key: Secret
    secret_key: Secret
    secret: str = ""
    """On clusters: the secret with keys `access-key` and `secret-key`, present in each client's namespace."""
    elsewhere: Mapping[str, Address] = field(default_factory=dict[str, Address], hash=False)
    """On clusters: buckets of tenants that lie at addresses of their own, and which; the same credentials hold there.
    Hadoop's S3A takes it as `fs.s3a.bucket.<bucket>.endpoint`."""

    def of(self, bucket: str) -> Address:
        """Where a bucket is asked for."""
        return self.elsewhere.get(bucket, self.address)


@dataclass(frozen=True, slots=True)
class PostgresDatabase(Capability):
    """A PostgreSQL server with one database for the platform."""

    address: Address
    database: str
    user: str
    password: Secret
    secret: str = ""
    """On clusters: the secret with keys `username` and `password`, present in each client's namespace."""

    @property
    def jdbc(self) -> str:
        """The address as JDBC takes it, without credentials."""
        return f"jdbc:postgresql://{self.address}/{self.database}"


@dataclass(frozen=True, slots=True)
class IcebergCatalog(Capability):
    """An Iceberg JDBC catalog. `name` is a key column of the catalog: all engines must use the same one."""

    name: str
    namespace: str
    warehouse: str
    database: PostgresDatabase


@dataclass(frozen=True, slots=True)
class SqlEndpoint(Capability):
    """Interactive SQL over everything. `address` is where the Trino protocol is spoken, over HTTP."""

    address: Address
    user: str


@dataclass(frozen=True, slots=True)
class StreamSql(Capability):
    """Streaming SQL jobs: a gateway that takes statements and a REST API that tells of jobs. None: there is none."""

    gateway: Address | None
    rest: Address | None


@dataclass(frozen=True, slots=True)
class BatchSession(Capability):
    """A session that runs Spark jobs, driven over a loopback HTTP control.

    On clusters `control` is a Spark Connect server (`sc://host:port`) for everybody, None where there is none;
    `projects` are pairs of a project and the server of its own. Nobody is asked for `token` there.
    """

    control: Address | None
    ui: Address | None
    token: Secret
    projects: tuple[tuple[str, Address], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchEndpoint(Capability):
    """A search engine that speaks OpenSearch's REST API. Each client's namespace has `secret` with its user."""

    address: Address
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Metrics(Capability):
    """A Prometheus: where PromQL is asked. Each cluster has one, which sees that cluster."""

    address: Address
    account: str = ""
    """On clusters: the ServiceAccount, in the namespace of whoever offers this, as which it finds pods."""


@dataclass(frozen=True, slots=True)
class MetricStores(Capability):
    """What Prometheus keeps, as Thanos asks for it. `store` is this one, `stores` those of all clusters."""

    store: Address
    stores: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class LongTermMetrics(Capability):
    """Where PromQL is asked about all clusters, and about times that no Prometheus remembers."""

    address: Address


@dataclass(frozen=True, slots=True)
class Alerts(Capability):
    """An Alertmanager: who tells people."""

    address: Address
    each: tuple[Address, ...] = ()
    """All of them by themselves, where there are several: they tell each other what is silenced, not what is loud."""


@dataclass(frozen=True, slots=True)
class Dashboards(Capability):
    """Where people look. On clusters a dashboard is a ConfigMap `<holder><engine>` beside whoever offers this."""

    address: Address
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Notebooks(Capability):
    """Notebook servers for people."""

    address: Address
