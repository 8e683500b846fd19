"""YAML events to nodes, with every problem of meaning collected on the way.

In: the events of a text, and that text. Out: the root `Node` and the
diagnostics (duplicate keys, tags, aliases...). Must not: stop at the first
problem, or decide what is a syntax error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.scalar import NAMED, SURROGATE, NumberTooLarge, Scalar, resolve
from rosace.source.span import Lines, Span
from rosace.source.tree import MAX_DEPTH, Field, Fields, Items, Leaf, Node
from rosace.source.yaml_events import LIST_END, MAPPING, MAPPING_END, SCALAR, Event, Kind

MOST_VALUES = 50_000
"""Fifteen hundred topics with thirty columns have as many; those of a platform of 10,000 objects of Kubernetes are
21,000 (bench/compile.py). A megabyte holds a hundred thousand, which take three seconds to read and judge.

Aliases can repeat aliases: a few lines may stand for billions of values.
"""
MOST_PROBLEMS = 1_000
"""Nobody reads more; each takes time and memory."""
_LONGEST_CUT = 400
"""Characters of a value with commas in parentheses or angle brackets: `row<city string, zip int>` and longer."""
_WORD = re.compile(r"\S*")
_PARENTHESIS = re.compile("[()>]|[a-z]<")
_OPENS, _CLOSES = re.compile(r"\(|(?:array|map|row)<"), re.compile("[)>]")
"""Of angle brackets those of a type count: any other is text."""
_COLON = re.compile(r"\s*:")
_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_./:!+-]*(?: [A-Za-z0-9_./:!+-]+)*")
"""What is neither a number nor anything that commas or brackets are in: nearly every unquoted text."""
_new = tuple.__new__
"""Makes a named tuple of a tuple, in a third of the time: a large file has a hundred thousand."""


class _Key(NamedTuple):
    name: str
    span: Span
    end: int
    merges: bool = False


class _Whole(NamedTuple):
    """A finished value, with what repeating it by an alias would cost."""

    node: Node
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    mapping: bool
    start: int
    flow: bool
    anchor: str | None
    is_key: bool
    end: int
    size: int = 1
    height: int = 1
    begun: bool = False
    cut: int | None = None
    depth: int = 0
    key: _Key | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    merged: list[tuple[Node, Span]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


class NodeBuilder:
    """Receives events one by one; `root` and `problems` are the result."""

    def __init__(self, lines: Lines, layer: str) -> None:
        self._lines = lines
        self._layer = layer
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Whole] = {}
        self._total = 0
        self.root: Node | None = None
        self.problems: list[Diagnostic] = []

    def read(self, events: Iterable[Event]) -> None:
        """Take all events, or those up to one after which nothing more should be read."""
        for event in events:
            if not self.take(event):
                return

    def take(self, event: Event) -> bool:
        """Take the next event; False says nothing more should be read."""
        kind = event[0]
        if kind is SCALAR:
            self._scalar(event)
        elif kind is MAPPING_END or kind is LIST_END:
            self._close(event)
        elif kind is Kind.ALIAS:
            if not self._alias(event):
                return False
        else:
            return self._document(event) if kind is Kind.DOCUMENT else self._open(event)
        return (self._total <= MOST_VALUES and len(self.problems) < MOST_PROBLEMS) or self._too_large(event)

    def _document(self, event: Event) -> bool:
        if self.root is not None:
            message = "a second document starts here; one file describes one thing"
            hint = "remove the `---`, or move what follows to an overlay"
            self._problem("several-documents", message, event.start, event.end, hint)
            return False
        if event.foreign_version:
            message = "this is YAML 1.2; another `%YAML` version would change what words mean"
            self._problem("yaml-version", message, 0, 0)
        return True

    def _open(self, event: Event) -> bool:
        start, end = event.start, event.end
        if event.tagged:
            self._refuse_tag(start)
        if len(self._stack) >= MAX_DEPTH:
            self._problem("too-deep", f"more than {MAX_DEPTH} levels", start, end)
            return False
        is_key = self._expects_key()
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        self._stack.append(_Open(event.kind is MAPPING, start, event.flow, event.anchor, is_key, end))
        return True

    def _close(self, event: Event) -> None:
        done = self._stack.pop()
        # A block collection "ends" at the next token, after blank lines and comments.
        end = event.end if done.flow else done.end
        if done.mapping:
            self._merge_into(done)
            span = self._lines.span(done.start, end)
            node: Node = Fields(done.fields, span, self._layer)
        else:
            node = Items(tuple(done.items), self._lines.span(done.start, end), self._layer)
        if done.is_key:
            message = "a key must be text, not a list or a mapping"
            self._problem("key-not-text", message, done.start, end)
            self._stack[-1].key = _Key("?", node.span, end)
            return
        self._place(node, done.size, done.height, end, done.anchor, 1)

    def _scalar(self, event: Event) -> None:
        _, start, end, text, quoted, tagged, _, anchor, _ = event
        if tagged:
            self._refuse_tag(start)
        value = text if quoted and text.isascii() else self._scalar_value(event)
        opened = self._stack[-1] if self._stack else None
        is_key = opened is not None and opened.mapping and opened.key is None
        # Only in flow can a comma cut a value off, and only out of what is not quoted.
        may_be_cut = opened is not None and opened.flow and not quoted and _PARENTHESIS.search(text)
        cut = may_be_cut and opened is not None and self._cut(opened, event, is_key)
        if is_key and opened:
            if cut:
                # What was never meant as a key is not told a second time as a wrong or a doubled one.
                opened.key = _Key(f"{text} {start}", self._lines.span(start, end), end)
            else:
                self._take_key(opened, event, value)
            return
        if start == end:
            start = end = self._empty_place(start)
        leaf = _new(Leaf, (value, self._lines.span(start, end), self._layer, ()))
        # Only a block text ends in what is no part of it.
        if end > start and self._lines.text[end - 1].isspace():
            end = start + len(self._lines.text[start:end].rstrip())
        self._place(leaf, 1, 0, end, anchor, 1)

    def ordinary(self, start: int, end: int, text: str) -> bool:
        """Take an unquoted scalar as nearly all are, in a quarter of the time; False where it needs a second look:
        nothing is done.

        Such a one has no tag and no anchor, is not empty, one of many lines or like a number, and is no doubled key.
        """
        if not _WORDS.fullmatch(text) or self._total >= MOST_VALUES:
            return False
        value = NAMED.get(text, text)
        opened = self._stack[-1] if self._stack else None
        if opened is None:
            return False
        key = opened.key
        if opened.mapping and key is None:
            if value is not text or text in opened.fields:
                return False
            if not opened.begun:
                opened.begun = True
                opened.start = opened.start if opened.flow else start
            opened.key = _new(_Key, (text, self._lines.span(start, end), end, False))
            return True
        leaf = _new(Leaf, (value, self._lines.span(start, end), self._layer, ()))
        if key is None:
            opened.items.append(leaf)
        elif key.merges:
            return False
        else:
            opened.fields[key[0]] = _new(Field, (key[1], leaf))
            opened.key = None
        self._total += 1
        opened.size += 1
        opened.end = end
        return True

    def _cut(self, opened: _Open, event: Event, is_key: bool) -> bool:
        """Whether a comma cut this off from a value: in `{amount: decimal(10,2)}` what follows it becomes a key."""
        more = len(_OPENS.findall(event.text)) - len(_CLOSES.findall(event.text))
        if more > 0 and not is_key:
            opened.cut, opened.depth = event.start, more
            return False
        opened.depth += more
        if more >= 0 or opened.cut is None or opened.depth > 0:
            return False
        start, opened.cut = opened.cut, None
        if event.end - start > _LONGEST_CUT:
            return False
        whole = self._lines.text[start : event.end]
        message = f"the comma ends the value in `{whole}`: between brackets it separates"
        self._problem("unquoted-comma", message, start, event.end, f'quote it: `"{whole}"`')
        return True

    def _alias(self, event: Event) -> bool:
        start, end = event.start, event.end
        name = event.anchor or ""
        if any(opened.anchor == name for opened in self._stack):
            self._problem("recursive-alias", f"`*{name}` contains itself", start, end)
            return False
        if name not in self._anchors:
            hint = f"write `&{name}` before the value to repeat, or quote the text"
            message = f"nothing before this is named `&{name}`"
            self._problem("undefined-alias", message, start, end, hint)
            whole = _Whole(Leaf(None, self._lines.span(start, end), self._layer))
        else:
            whole = self._anchors[name]
        if self._expects_key():
            message = "an alias cannot be a key"
            self._problem("key-not-text", message, start, end)
            self._stack[-1].key = _Key("*" + name, self._lines.span(start, end), end)
            return True
        self._place(*whole, end, None, whole.size)
        if len(self._stack) + whole.height > MAX_DEPTH:
            self._problem("too-deep", f"more than {MAX_DEPTH} levels", start, end)
            return False
        return True

    def _too_large(self, event: Event) -> bool:
        if self._total > MOST_VALUES:
            what = "aliases expand to" if event.kind is Kind.ALIAS else "there are"
            self._problem("too-large", f"{what} more than {MOST_VALUES:,} values", event.start, event.end)
        else:
            message = f"{len(self.problems):,} problems: what follows was not read"
            self._problem("too-large", message, event.start, event.end, "mend some of these first")
        return False

    def _expects_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].mapping and self._stack[-1].key is None

    def _scalar_value(self, event: Event) -> Scalar:
        _, start, end, text, *_ = event
        if event.quoted and SURROGATE.search(text):
            message = "half a character: `\\ud800`-`\\udfff` escapes are no text"
            self._problem("bad-character", message, start, end)
            return ""
        if event.quoted:
            return text
        try:
            return resolve(text)
        except NumberTooLarge:
            message = "this number is too large"
            self._problem("number-too-large", message, start, end, "quote it to make it text")
            return 0

    def _take_key(self, opened: _Open, event: Event, value: Scalar) -> None:
        _, start, end, name, quoted, *_ = event
        span = self._lines.span(start, end)
        if not isinstance(value, str):
            spelled = name if start < end else ""
            message = f"a key must be text, not `{spelled}`" if spelled else "this key is empty"
            hints = (f'quote it: `"{spelled}":`',) if spelled else ()
            self._problem("key-not-text", message, start, end, *hints)
        merges = name == "<<" and not quoted
        if name in opened.fields and not merges:
            labels = (Label(span, "written again here"), Label(opened.fields[name].key, "first here", False))
            message = f"key `{name}` is written twice in the same mapping"
            self.problems.append(Diagnostic("duplicate-key", message, labels=labels))
        if event.anchor:
            self._anchors[event.anchor] = _Whole(Leaf(value, span, self._layer))
        if not opened.begun and not opened.flow:
            # Leaves out an anchor, which may stand on the line above.
            opened.start = start
        opened.begun = True
        opened.key = _new(_Key, (name, span, end, merges))

    def _place(self, node: Node, size: int, height: int, end: int, anchor: str | None, added: int) -> None:
        self._total += added
        if anchor:
            self._anchors[anchor] = _Whole(node, size, height)
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        parent.size += size
        if height >= parent.height:
            parent.height = height + 1
        parent.end = max(parent.end, end)
        key = parent.key
        if not parent.mapping:
            parent.items.append(node)
        elif key:
            if key.merges:
                parent.merged.append((node, key.span))
            else:
                parent.fields[key.name] = _new(Field, (key.span, node))
            parent.key = None

    def _merge_into(self, done: _Open) -> None:
        """Add what `<<` brings; the mapping's own keys and earlier sources win."""
        for node, key in done.merged:
            sources = node.items if isinstance(node, Items) else (node,)
            for source in sources:
                if not isinstance(source, Fields):
                    message = "`<<` takes a mapping, or a list of mappings"
                    label = Label(key, "merged here")
                    self.problems.append(Diagnostic("bad-merge-key", message, labels=(label,)))
                    break
                for name, entry in source.fields.items():
                    done.fields.setdefault(name, entry)

    def _refuse_tag(self, start: int) -> None:
        written = _WORD.match(self._lines.text, start)
        end = written.end() if written else start
        message = "tags (`!...`) are not accepted: a value's type follows from its key"
        hint = "quote the value to make it text, or remove the tag"
        self._problem("yaml-tag", message, start, end, hint)

    def _empty_place(self, start: int) -> int:
        """A missing value is marked at the next token: put it after its colon instead."""
        text = self._lines.text
        key = self._stack[-1].key if self._stack else None
        if key:
            colon = _COLON.match(text, key.end)
            return colon.end() if colon else key.end
        while start and text[start - 1].isspace():
            start -= 1
        return start

    def _problem(self, code: str, message: str, start: int, end: int, *hints: str) -> None:
        label = Label(self._lines.span(start, end))
        self.problems.append(Diagnostic(code, message, labels=(label,), hints=hints))
