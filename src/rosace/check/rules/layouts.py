"""How a source's file is written: the words that say so fit the file's format, and the columns that they name."""

from __future__ import annotations

from collections.abc import Iterator
from glob import has_magic

from rosace.check.draft import Draft
from rosace.check.rules.sources import format_of
from rosace.model.kinds import facts
from rosace.model.sources import PackageFile, Source, StoredFiles, UrlFile
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.suggest import closest

_OF_CSV = ("separator", "quote", "header", "decimal", "nulls")
_OF_TEXT = ("encoding",)


def check(draft: Draft) -> Iterator[Diagnostic]:
    for name, source in draft.platform.sources.items():
        yield from _needless(draft, name, source)
        if source.quote != "none" and source.quote == source.separator:
            label = Label(draft.value("sources", name, "separator"))
            yield Diagnostic("source-words", "`separator` and `quote` are the same sign", labels=(label,))
        yield from _columns(draft, name, source)
        if source.follow and (why := _still(draft, source)):
            label = Label(draft.value("sources", name, "follow"))
            hint = "leave `follow` out; a folder may be followed, whatever its files are"
            yield Diagnostic("source-words", f"`follow` is said of {why}", labels=(label,), hints=(hint,))


def _still(draft: Draft, source: Source) -> str:
    """What a source is that can never get more; empty where it may: text, or a folder."""
    if isinstance(source.file, PackageFile | UrlFile):
        what = "in a package" if isinstance(source.file, PackageFile) else "with a checksum"
        return f"a file {what}, which never changes"
    if not isinstance(source.file, str):
        one = isinstance(source.file, StoredFiles) and not (has_magic(source.written) or source.written.endswith("/"))
        return "one object, to which nothing can be appended" if one else ""
    if draft.texts.files(source.file) != (source.file,):
        return ""
    wide = source.encoding.startswith(("utf-16", "utf-32"))
    packed = source.file.endswith((".gz", ".zip"))
    if wide or packed or format_of(source, draft.texts) == "parquet":
        return "one file to which nothing can be appended: it is no plain text of single bytes"
    return ""


def _needless(draft: Draft, name: str, source: Source) -> Iterator[Diagnostic]:
    """A word that the format has no use for is a misunderstanding, whatever it says."""
    format = format_of(source, draft.texts)
    if format is None or format == "csv":
        return
    words = _OF_CSV if format == "jsonl" else (*_OF_CSV, *_OF_TEXT)
    called = {"jsonl": "JSON lines", "parquet": "Parquet"}[format]
    for word in words:
        if draft.tree.has(("sources", name, word)):
            kinds = "text" if word in _OF_TEXT else "CSV"
            message = f"`{word}` is said of {kinds} files, and this one is {called}"
            label = Label(draft.key("sources", name, word))
            yield Diagnostic("source-words", message, labels=(label,), hints=(f"leave `{word}` out",))


def _columns(draft: Draft, name: str, source: Source) -> Iterator[Diagnostic]:
    target = draft.ref(source.to)
    declared = draft.columns(target) if target else {}
    taken: dict[str | int, str] = {}
    for column, told in source.columns.items():
        place = draft.key("sources", name, "columns", column)
        if target and declared and column not in declared:
            near = closest(column, declared)
            hint = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{one}`' for one in declared)}"
            where = Label(draft.columns_place(target), f"columns of `{target}`", primary=False)
            message = f"`{target}` has no column `{column}`"
            yield Diagnostic("unknown-column", message, labels=(Label(place), where), hints=(hint,))
        elif told.format and declared and facts(declared[column].kind).family != "time":
            message = f"`format` is said of dates and timestamps, and `{column}` is a {declared[column]}"
            label = Label(draft.value("sources", name, "columns", column, "format"))
            yield Diagnostic("source-words", message, labels=(label,), hints=("leave `format` out",))
        yield from _numbered(draft, name, source, column)
        if told.from_ is not None and (other := taken.setdefault(told.from_, column)) != column:
            message = f"`{column}` and `{other}` are both read from `{told.from_}`"
            label = Label(draft.value("sources", name, "columns", column, "from"))
            yield Diagnostic("source-words", message, labels=(label,), hints=("a column of the file fills one column",))


def _numbered(draft: Draft, name: str, source: Source, column: str) -> Iterator[Diagnostic]:
    """Fields have names where the file has a line of names, and numbers where it has none."""
    told = source.columns[column].from_
    if told is None or isinstance(told, str) == source.header:
        return
    label = Label(draft.value("sources", name, "columns", column, "from"))
    if source.header and told:
        message = f"`{told}` is a number, and the file's columns have names"
        hint = f'quote it if the file calls a column so (`from: "{told}"`), or write `header: false`'
    else:
        message = f"`{told}` is a name, and a file with `header: false` has none"
        hint = "write the number of its field, from 1"
    yield Diagnostic("source-words", message, labels=(label,), hints=(hint,))
