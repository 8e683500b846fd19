"""Values that remember where they were written.

In: nodes built by the YAML reader and by merging. Out: `Tree`: plain Python
values plus, for every path, spans and provenance. Must not: read text, or
change after it is built (`value` is shared: treat it as read-only).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from rosace.source.scalar import Scalar
from rosace.source.span import Lines, Path, Span

__all__ = ["Fields", "Items", "Leaf", "Node", "Path", "Tree", "Value"]

Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"

# Deeper than any platform; keeps recursion far from the interpreter's limit.
MAX_DEPTH = 100

DEFAULT_LAYER = "default"
_NONE_REMOVED: Mapping[str, Origin] = MappingProxyType({})


@dataclass(frozen=True)
class Origin:
    """Which layer a value comes from, and where there; a default has no span."""

    span: Span | None
    layer: str


class Leaf(NamedTuple):
    """A scalar."""

    value: Scalar
    span: Span
    layer: str
    previous: tuple[Origin, ...] = ()


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    span: Span
    layer: str
    previous: tuple[Origin, ...] = ()


class Field(NamedTuple):
    """One entry of a mapping: where its key is written, and its value."""

    key: Span
    node: Node


class Fields(NamedTuple):
    """A mapping; `removed` tells where a higher layer set a key to null."""

    fields: Mapping[str, Field]
    span: Span
    layer: str
    previous: tuple[Origin, ...] = ()
    removed: Mapping[str, Origin] = _NONE_REMOVED


Node: TypeAlias = Leaf | Items | Fields


def origin_of(node: Node) -> Origin:
    """Return the layer and place `node` was written in."""
    return Origin(node.span, node.layer)


class Tree:
    """A value, with the position and provenance of each of its parts.

    `sources` maps each display path (`platform.yaml`, `--set`) to its text.
    """

    def __init__(self, root: Node, sources: Mapping[str, str]) -> None:
        self.root = root
        self.sources: Mapping[str, str] = MappingProxyType(dict(sources))
        self._lines: dict[str, Lines] = {}

    @cached_property
    def value(self) -> Value:
        """The whole as plain dicts, lists and scalars."""
        return _plain(self.root)

    def has(self, path: Path) -> bool:
        """Whether something (null included) is written at `path`."""
        return self._find(path) is not None

    def keys(self, path: Path) -> list[str]:
        """The keys of the mapping at `path`; none where there is no mapping."""
        node = self._find(path)
        return list(node.fields) if isinstance(node, Fields) else []

    def listed(self, path: Path) -> tuple[Leaf, ...]:
        """The words of a list at `path` that may also be a single word; none where there is neither."""
        node = self._find(path)
        if isinstance(node, Items):
            return tuple(item for item in node.items if isinstance(item, Leaf))
        return (node,) if isinstance(node, Leaf) and isinstance(node.value, str) else ()

    def value_span(self, path: Path) -> Span:
        """Where the value at `path` is written, or its closest existing ancestor's key."""
        node = self._find(path)
        return node.span if node else self.key_span(path)

    def key_span(self, path: Path) -> Span:
        """Where the key at `path` is written, or that of its closest existing ancestor.

        A list item has no key: its own span is returned. The root's is the
        empty span at the start of its content.
        """
        node, found = self.root, self._start()
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            found = node.fields[step].key if isinstance(node, Fields) and isinstance(step, str) else child.span
            node = child
        return found

    def origin(self, path: Path) -> Origin:
        """Where the value at `path` comes from; `default` when nothing is written there."""
        node = self._find(path)
        return origin_of(node) if node else Origin(None, DEFAULT_LAYER)

    def previous(self, path: Path) -> tuple[Origin, ...]:
        """The values in lower layers which the one at `path` overrode, latest first."""
        node = self._find(path)
        return node.previous if node else ()

    def removed(self, path: Path) -> Origin | None:
        """Where a higher layer deleted the key at `path` with a null, if one did."""
        parent = self._find(path[:-1]) if path else None
        if not isinstance(parent, Fields):
            return None
        return parent.removed.get(str(path[-1]))

    def written(self, path: Path) -> str:
        """The value at `path` as it is spelled in its file, or an empty text."""
        node = self._find(path)
        if node is None or node.span.file not in self.sources:
            return ""
        file = node.span.file
        if file not in self._lines:
            self._lines[file] = Lines(file, self.sources[file])
        return self._lines[file].excerpt(node.span)

    def _start(self) -> Span:
        span = self.root.span
        return Span(span.file, span.line, span.column, span.line, span.column)

    def _find(self, path: Path) -> Node | None:
        node: Node | None = self.root
        for step in path:
            if node is None:
                break
            node = _child(node, step)
        return node


def format_path(path: Path) -> str:
    """Spell `path` the way `--set` reads it: `jobs.report.steps[0]`; the root is empty."""
    spelled = ""
    for step in path:
        if isinstance(step, int):
            spelled += f"[{step}]"
        else:
            plain = step.replace(".", "\\.")
            spelled += f".{plain}" if spelled else plain
    return spelled


def _child(node: Node, step: str | int) -> Node | None:
    """The value that one step leads to, None where there is none."""
    if isinstance(node, Fields):
        entry = node.fields.get(step) if isinstance(step, str) else None
        return entry.node if entry else None
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def _plain(node: Node) -> Value:
    match node:
        case Leaf():
            return node.value
        case Items():
            return [_plain(item) for item in node.items]
        case Fields():
            return {key: _plain(entry.node) for key, entry in node.fields.items()}
