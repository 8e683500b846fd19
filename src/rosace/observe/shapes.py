"""What verbs print with `--output json`: the shape of each row, whose keys programs rely on.

What is more than a row (`status`, a proof) is a dataclass where it is made. `schema` publishes all of them. Must not:
import anything that is slow to load.
"""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict


class TopicRow(TypedDict):
    """A topic as declared. `kept` is `compacted` or for how long."""

    topic: str
    partitions: int
    key: str
    kept: str
    columns: str


class TopicNowRow(TypedDict):
    """A topic as it is now, and one reader of it. `offsets` counts records with the marks of transactions between them.

    `reader` is a job, or a consumer group of somebody else's; empty where nobody reads. `lag` is how many offsets it
    has before it, 0 where no record is left to read, null where nobody knows. `declared` is false for a topic that the
    platform does not know.
    """

    topic: str
    declared: bool
    partitions: int
    offsets: int
    reader: str
    state: str
    lag: int | None


class RecordRow(TypedDict):
    """A record of a topic. `time` is when it was written, in UTC; `key` and `value` are the JSON that they hold, texts
    where they hold none, null where there is nothing (a value that deletes its key)."""

    partition: int
    offset: int
    time: str | None
    key: Any
    value: Any


class UnfitRow(TypedDict):
    """A record that does not fit its topic's columns, why, and what it holds as text. `aside`: it is set aside in the
    topic beside."""

    partition: int
    offset: int
    time: str | None
    reason: str
    value: str
    aside: bool


class ProducedRow(TypedDict):
    """What was sent to a topic."""

    topic: str
    records: int


class WayRow(TypedDict):
    """A way by which another program reaches an engine. `lines` are for a shell; `files` hold the secrets they need."""

    to: str
    address: str
    client: str
    lines: str
    files: list[str]


class TableRow(TypedDict):
    """A table of the lake as declared."""

    table: str
    key: str
    partition: str
    columns: str


class JobRow(TypedDict):
    """A job as declared. `when` is `always`, a schedule, or `after` and what it follows."""

    job: str
    engine: str
    delivery: str
    reads: str
    writes: str
    when: str


class SourceRow(TypedDict):
    """A source as declared."""

    source: str
    file: str
    to: str
    order: str
    rate: str


class QueryRow(TypedDict):
    """A query as declared; `file` is the name of the file that holds its text."""

    query: str
    file: str
    reads: str


class EngineRow(TypedDict):
    """An engine in use, with the capabilities that it offers and needs."""

    engine: str
    what: str
    offers: str
    needs: str


EdgeRow = TypedDict("EdgeRow", {"from": str, "to": str, "protocol": str, "data": str, "frequency": str, "impact": str})
"""Who talks to whom."""


class ArtifactRow(TypedDict):
    """Something that is fetched, with its size in bytes (0: not said before) and the engines that need it."""

    artifact: str
    coordinate: str
    bytes: int
    cached: bool
    sha256: str
    engines: str


ResourceRow = TypedDict(
    "ResourceRow",
    {
        "resource": str,
        "declared": str,
        "key": str,
        "columns": list[str],
        "now": list[str],
        "reads from": list[str],
        "feeds": list[str],
        "depends on": list[str],
        "stops with it": list[str],
    },
)
"""One resource with its neighbours. `declared` is its place (`file:line:column`), or `implied`; `key` may be empty.
`columns` are those of a topic or table with their types, `now` what it is at this moment, where it runs."""


class PlaceRow(TypedDict):
    """On which cluster a job runs or a topic lives, and what spoke against the others."""

    what: Literal["job", "topic"]
    name: str
    cluster: str
    why: str
    others: str


class PageRow(TypedDict):
    """An engine's own page, and the state of the process that serves it."""

    process: str
    state: str
    page: str


class PlatformRow(TypedDict):
    """A platform of this user, in `status --all`. `processes` are those that live."""

    platform: str
    state: Literal["running", "stopping", "stopped", "unknown", "absent"]
    health: Literal["well", "starting", "ill", "stopped", "unknown"]
    processes: int
    root: str
    home: str


class FetchRow(TypedDict):
    """Something that `up` would fetch first."""

    change: Literal["fetch"]
    subject: str
    bytes: int


class PruneRow(TypedDict):
    """A topic or table that is no longer declared, and that `prune` removes."""

    what: Literal["topic", "table"]
    name: str


class UpSummary(TypedDict):
    """The last line of `up`. `stages` maps each that was gone through to its seconds; `cause` is empty, or why it did
    not come to what it is for."""

    message: str
    outcome: Literal["unchanged", "handed over", "ready", "not ready", "not settled", "verified", "not exact"]
    seconds: float
    cause: str
    stages: dict[str, float]
    home: str


class FactRow(TypedDict):
    """A fact of this machine; `hint` says what to do where it is not fine."""

    fact: str
    value: str
    fine: bool
    hint: str


class VersionRow(TypedDict):
    """Rosace or an engine; `end_of_life` is a day (`2027-01-31`), null where none is published, and `source` the page
    that names it or the version. `support` says whether that day has passed."""

    what: str
    version: str | None
    end_of_life: str | None
    support: Literal["ended", "until then"] | None
    source: str | None


class BuildSummary(TypedDict):
    """What `build` wrote."""

    folder: str
    files: int
    clusters: list[str]
    charts: list[str]
    applications: int


Row = dict[str, Any]
"""A row of a query: its columns as the query names them, JSON's types where it has them, else texts."""


class LabelRow(TypedDict):
    """A place in a file and what is said there; lines and columns count from 1."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    primary: bool


class DiagnosticRow(TypedDict):
    """One problem that `check` found. `docs` is the command that explains its code."""

    code: str
    severity: Literal["error", "warning", "note"]
    message: str
    labels: list[LabelRow]
    hints: list[str]
    docs: str
