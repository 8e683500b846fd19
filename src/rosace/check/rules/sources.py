"""A source's file is there, its format is known, and it holds the columns that its target declares."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from rosace.check.draft import Draft
from rosace.check.rules.references import unknown
from rosace.check.texts import Texts, unreadable
from rosace.kit.files_layout import Layout
from rosace.kit.folders import MOST_FILES
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType
from rosace.model.kinds import facts
from rosace.model.names import is_column_name
from rosace.model.sources import Elsewhere, PackageFile, Source, StoredFiles
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.quoted import quoted
from rosace.source.reach import NotRegular, Outside, regular
from rosace.source.span import Span
from rosace.source.suggest import closest

Format = Literal["csv", "parquet", "jsonl"]
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
_FOREIGN = frozenset(
    (
        ".arrow",
        ".avro",
        ".db",
        ".feather",
        ".ods",
        ".orc",
        ".rds",
        ".sas7bdat",
        ".sqlite",
        ".xls",
        ".xlsm",
        ".xlsx",
        ".xml",
    )
)
"""What people keep tables in that nothing here reads: called CSV it would be refused a second time."""
_SAVE = "nothing here reads such a file: save its table as CSV, Parquet or JSON lines, and name that file"
_DECLARE = "declare the type that the file has, or write the file anew with the one that is declared"
_WRAPPINGS = (".gz", ".zip")

LOOKED_INTO = 20
"""Of several files so many are looked into; what others lack is told when they are read."""


@dataclass(frozen=True)
class _Files:
    """What files hold, each looked into once however many sources name it."""

    texts: Texts
    _opened: dict[str, Exception | None] = field(default_factory=dict[str, "Exception | None"])
    _headers: dict[tuple[str | bool | None, ...], dict[str, str] | Exception] = field(
        default_factory=dict[tuple[str | bool | None, ...], "dict[str, str] | Exception"]
    )
    _short: dict[tuple[str, str], bool] = field(default_factory=dict[tuple[str, str], bool])

    def unopened(self, file: str) -> Exception | None:
        """Why a file cannot be opened; None where it can."""
        if file not in self._opened:
            self._opened[file] = None
            try:
                regular(self.texts.reach.real(self.texts.path(file))).close()
            except (Outside, NotRegular, OSError, ValueError) as error:
                self._opened[file] = error
        return self._opened[file]

    def header(self, file: str, format: Format, layout: Layout) -> dict[str, str] | Exception:
        """The columns of a file with the types that it says of them (text says none), or why they cannot be read."""
        from rosace.kit.files import header, parquet_types

        key = file, format, layout.encoding, layout.separator, layout.quote, layout.header
        if key not in self._headers:
            try:
                path = self.texts.path(file)
                types = parquet_types(path) if format == "parquet" else dict.fromkeys(header(path, format, layout), "")
                self._headers[key] = types
            except Exception as error:
                # Whatever a reader says of a broken file (zlib, csv, DuckDB, UTF-8...) is what is wrong with it.
                self._headers[key] = error
        return self._headers[key]

    def seen_whole(self, file: str, encoding: str) -> bool:
        """Whether a look at the first lines of a JSON file was a look at all of it."""
        from rosace.kit.files_json import look

        if (file, encoding) not in self._short:
            self._short[file, encoding] = look(self.texts.path(file), encoding)[1]
        return self._short[file, encoding]


def check(draft: Draft) -> Iterator[Diagnostic]:
    files = _Files(draft.texts)
    for name, source in draft.platform.sources.items():
        format = format_of(source, draft.texts)
        inner = draft.tree.has(("sources", name, "file", "path"))
        place = draft.value("sources", name, "file", "path") if inner else draft.value("sources", name, "file")
        if format is None:
            yield _unknown_format(source, draft.texts, place)
        elif isinstance(source.file, str):
            yield from _local(draft, files, name, source, format, place)
        if not isinstance(source.file, str | PackageFile):
            yield from _elsewhere(draft, name, source.file)
    yield from _unpulled(draft)


def _elsewhere(draft: Draft, name: str, file: Elsewhere) -> Iterator[Diagnostic]:
    """Files that only clusters reach; where they lie in the platform's own store, their bucket is declared."""
    place = Label(draft.value("sources", name, "file"))
    if draft.platform.target == "local":
        message = f"`{file.named.rpartition('/')[2]}` is fetched on clusters only: this machine does not reach it"
        hint = "name a file of this machine here, and say the other in the overlay that names clusters"
        yield Diagnostic("source-elsewhere", message, labels=(place,), hints=(hint,))
    if isinstance(file, StoredFiles) and file.endpoint is None:
        storage = draft.platform.storage
        known = [*storage.buckets, *(bucket for tenant in storage.tenants.values() for bucket in tenant.buckets)]
        if file.bucket not in known:
            yield unknown(file.bucket, draft.value("sources", name, "file", "s3"), "no bucket of `storage`", known)
    if isinstance(file, StoredFiles) and file.secret and file.endpoint is None:
        message = "`secret` is for another store: the platform's own gives its users their keys"
        label = Label(draft.key("sources", name, "file", "secret"), "take it out, or name the `endpoint`")
        yield Diagnostic("source-words", message, labels=(label,))


def _unpulled(draft: Draft) -> Iterator[Diagnostic]:
    """Nobody publishes the image that sends files on clusters."""
    sent = [name for name, source in draft.platform.sources.items() if not isinstance(source.file, str)]
    if sent and draft.platform.target == "kubernetes" and draft.platform.delivery.registry is None:
        message = f"source `{sent[0]}` runs in an image that nobody publishes, and no registry is named"
        hint = "name the platform's own: `delivery: {registry: registry.example.com}`"
        label = Label(draft.key("sources", sent[0]))
        yield Diagnostic("source-no-registry", message, Severity.WARNING, (label,), (hint,))


def _unknown_format(source: Source, texts: Texts, place: Span) -> Diagnostic:
    written = source.written
    files = texts.files(written) if isinstance(source.file, str) else (written,)
    if not files:
        return _none_or_too_many(texts, written, 0, place)
    first = next((file for file in files if _by_suffix(file)), files[0])
    if other := next((file for file in files if _by_suffix(file) != _by_suffix(first)), None):
        message = f"the files of `{written}` are not all of one kind: `{other}` is not what `{first}` is"
        pattern = PurePosixPath(first).with_name("*" + "".join(PurePosixPath(first).suffixes))
        hint = f"name those that are meant by a pattern, such as `{pattern}`"
        return Diagnostic("unknown-format", message, labels=(Label(place),), hints=(hint,))
    message = f"`{written}` does not say by its suffix what it holds"
    hint = _SAVE if _foreign(written) else "write `format: csv`, `parquet` or `jsonl`"
    return Diagnostic("unknown-format", message, labels=(Label(place),), hints=(hint,))


def _foreign(file: str) -> bool:
    return PurePosixPath(file.lower()).suffix in _FOREIGN


def format_of(source: Source, texts: Texts) -> Format | None:
    """What a source's file holds: as written, or by its suffix below that of its wrapping. Several are of one kind."""
    if source.format is not None:
        return source.format
    if not isinstance(source.file, str):
        return _by_suffix(source.written.removesuffix("/"))
    found: set[Format | None] = {_by_suffix(file) for file in texts.files(source.file) or (source.file,)}
    return found.pop() if len(found) == 1 else None


def _by_suffix(file: str) -> Format | None:
    path = PurePosixPath(file.lower())
    if path.suffix in _WRAPPINGS:
        path = path.with_suffix("")
    return _SUFFIXES.get(path.suffix)


def _local(draft: Draft, files: _Files, name: str, source: Source, format: Format, place: Span) -> Iterator[Diagnostic]:
    """A file of one's own can be looked into before anything starts."""
    assert isinstance(source.file, str)
    several = draft.texts.files(source.file)
    if len(several) > MOST_FILES or not several:
        yield _none_or_too_many(draft.texts, source.file, len(several), place)
        return
    for file in several:
        if error := files.unopened(file):
            told = unreadable(error, draft.texts.path(file), file, Label(place, "named here"))
            hint = _instead(file, error)
            yield replace(told, hints=(hint,)) if hint else told
            return
    for file in several[:LOOKED_INTO]:
        found = [*_columns(draft, files, name, source, (file, format), place)]
        yield from found
        if found:
            # The next would most likely lack the same.
            return


def _none_or_too_many(texts: Texts, written: str, count: int, place: Span) -> Diagnostic:
    if count:
        message = f"`{written}` means more than {MOST_FILES:,} files"
        hint = "put files together (`cat`, Parquet), or write several sources into the same topic or table"
        return Diagnostic("source-files", message, labels=(Label(place),), hints=(hint,))
    hint = "a star stands for any letters but `/`; names are relative to the folder of `platform.yaml`"
    why = "the folder is empty" if texts.path(written).is_dir() else "nothing is there"
    message = f"`{written}` means no file: {why}"
    return Diagnostic("source-files", message, labels=(Label(place),), hints=(hint,))


def _instead(file: str, error: Exception) -> str:
    """What to do about a source that is no file, but something else that other tools take."""
    if isinstance(error, FileNotFoundError) and "://" in file:
        return "a source is a file beside `platform.yaml`, not an address: fetch it first"
    return ""


def _columns(
    draft: Draft, files: _Files, name: str, source: Source, held: tuple[str, Format], place: Span
) -> Iterator[Diagnostic]:
    file, format = held
    target = draft.ref(source.to)
    declared = draft.columns(target) if target else {}
    layout = Layout.of(source, declared)
    found = files.header(file, format, layout)
    if isinstance(found, Exception):
        # A reader begins with the file's whole path.
        why = str(found).removeprefix(str(draft.texts.path(file))).lstrip(":, ")
        hints = (_SAVE,) if _foreign(file) else ()
        yield Diagnostic("file-unreadable", f"`{file}` cannot be read: {why}", labels=(Label(place),), hints=hints)
        return
    if format == "csv" and (nested := [c for c, kind in declared.items() if facts(kind.kind).family == "nested"]):
        assert target is not None
        yield _nested(draft, target, file, nested[0], place)
    if not source.header and format == "csv":
        yield from _unnumbered(draft, name, layout, declared, len(found))
        return
    absent = {column: layout.named(column) for column in declared if layout.named(column) not in found}
    yield from _misnamed(draft, name, file, absent, [*found])
    missing = [column for column, named in absent.items() if column == named]
    if target and missing:
        severity, where = Severity.ERROR, f"`{file}` has no column"
        if format == "jsonl":
            seen = files.seen_whole(file, source.encoding)
            severity, where = _json(seen, file, sorted({*found} - {*declared}), missing)
        yield _missing(draft, target, (severity, where), missing, [*found], place)
    if target and format == "parquet":
        yield from _types(draft, target, file, found, layout, place)


def _nested(draft: Draft, target: Ref, file: str, column: str, place: Span) -> Diagnostic:
    message = f"`{file}` is CSV, whose fields are texts, but `{column}` of `{target}` is nested"
    other = Label(draft.columns_place(target, column), f"{draft.columns(target)[column]}", primary=False)
    hint = "give the file as JSON lines or Parquet, or declare the column `string`"
    return Diagnostic("nested-in-csv", message, labels=(Label(place), other), hints=(hint,))


def _types(
    draft: Draft, target: Ref, file: str, types: Mapping[str, str], layout: Layout, place: Span
) -> Iterator[Diagnostic]:
    """The types that a Parquet file says of itself, beside those that are declared."""
    from rosace.kit.files import fits, spelled
    from rosace.kit.files_sql import read_as_text

    for name, column in draft.columns(target).items():
        held = types.get(layout.named(name))
        if held is None or spelled(layout, name, held):
            continue
        labels = (Label(place), Label(draft.columns_place(target, name), f"column of `{target}`", primary=False))
        if not fits(held, column):
            wanted = f"{column.kind.value}{column.arguments}"
            message = f"column `{name}` of `{file}` holds {quoted(held)}, which is no {wanted}"
            yield Diagnostic("source-columns", message, labels=labels, hints=(_DECLARE,))
        elif read_as_text(held, column):
            message = (
                f"column `{name}` of `{file}` holds text: whatever in it cannot be read as "
                f"{column.kind.value}{column.arguments} ends the replay"
            )
            yield Diagnostic("source-columns", message, Severity.WARNING, labels, (_DECLARE,))


def _misnamed(draft: Draft, name: str, file: str, absent: dict[str, str], found: list[str]) -> Iterator[Diagnostic]:
    """Columns whose `from` says what the file does not have."""
    for column, named in absent.items():
        if column == named:
            continue
        near = closest(named, found)
        hint = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{one}`' for one in found[:12])}"
        label = Label(draft.value("sources", name, "columns", column, "from"))
        message = f"`{file}` has no column `{named}`, from which `{column}` is to be read"
        yield Diagnostic("source-columns", message, labels=(label,), hints=(hint,))


def _unnumbered(
    draft: Draft, name: str, layout: Layout, declared: Mapping[str, ColumnType], fields: int
) -> Iterator[Diagnostic]:
    """A file without a line of names, whose first line has too few fields; or other ones than were declared."""
    beyond = [named for column in declared if (named := layout.named(column)).isdecimal() and int(named) > fields]
    numbered = draft.tree.has(("sources", name, "columns"))
    if beyond or (fields != len(declared) and not numbered):
        label = Label(draft.value("sources", name, "header"), "its fields are the declared columns in order")
        message = f"the first line of the file has {fields} fields, and {len(declared)} columns are declared"
        first = next(iter(declared), "id")
        hint = f"say which field is which, such as `columns: {{{first}: {{from: 1}}}}`, or another `separator`"
        yield Diagnostic("source-columns", message, labels=(label,), hints=(hint,))


def _missing(
    draft: Draft, target: Ref, what: tuple[Severity, str], missing: list[str], found: list[str], place: Span
) -> Diagnostic:
    listed = ", ".join(f"`{column}`" for column in missing[:6])
    free = [name for name in found if name not in draft.columns(target)]
    near = closest(missing[0], free)
    alike = [one for one in dict.fromkeys(closest(column, free) for column in missing[:6]) if one]
    hints = (
        [f"the file has {', '.join(f'`{one}`' for one in alike)}"]
        if near
        else [f"it has {', '.join(f'`{one}`' for one in found[:12])}"]
    )
    if near and not is_column_name(near):
        words = f"columns: {{{missing[0]}: {{from: {json.dumps(near, ensure_ascii=False)}}}}}"
        hints = [f"the file calls it `{near}`: say so in the source, `{words}`"]
    labels = (Label(place), Label(draft.columns_place(target, missing[0]), f"column of `{target}`", primary=False))
    severity, where = what
    return Diagnostic("source-columns", f"{where} {listed}, which `{target}` declares", severity, labels, tuple(hints))


def _json(seen_whole: bool, file: str, free: list[str], missing: list[str]) -> tuple[Severity, str]:
    """A line may leave out what is null, but what no line has is spelled otherwise there, or was never there."""
    from rosace.kit.files_json import LOOK

    if seen_whole:
        return Severity.ERROR, f"no line of `{file}` has"
    near = any(closest(column, free) for column in missing)
    return Severity.ERROR if near else Severity.WARNING, f"none of the first {LOOK:,} lines of `{file}` has"
