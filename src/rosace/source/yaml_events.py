"""The one place that knows the YAML parser.

In: a text. Out: typed events with offsets, or `SyntaxProblem`. Must not: give
a value any meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an event begins, ends or holds; other events are left out."""

    DOCUMENT = "DocumentStartEvent"
    MAPPING = "MappingStartEvent"
    MAPPING_END = "MappingEndEvent"
    LIST = "SequenceStartEvent"
    LIST_END = "SequenceEndEvent"
    SCALAR = "ScalarEvent"
    ALIAS = "AliasEvent"


@dataclass(frozen=True, slots=True)
class Event:
    """One event over `text[start:end]`; `anchor` is an alias's target too."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    quoted: bool = False
    tagged: bool = False
    flow: bool = False
    anchor: str | None = None
    foreign_version: bool = False


class SyntaxProblem(Exception):
    """The text is not YAML: the parser's words, where, and what was open then."""

    def __init__(self, problem: str, at: int | None, opened: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.opened = opened


def read_events(text: str) -> Iterator[Event]:
    """Yield the events of `text`; raises `SyntaxProblem` where it stops being YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader: Any = YAML(typ="safe", pure=True)
    kinds = {str(kind): kind for kind in Kind}
    try:
        for event in reader.parse(text):
            if kind := kinds.get(type(event).__name__):
                yield _event(kind, event)
    except MarkedYAMLError as error:
        raise _problem(error) from None
    except (YAMLError, ValueError, OverflowError, IndexError) as error:
        # Some malformed escapes get past ruamel's own checks.
        raise SyntaxProblem(str(error), None, None) from None


def _event(kind: Kind, event: Any) -> Event:
    start, end = int(event.start_mark.index), int(event.end_mark.index)
    match kind:
        case Kind.DOCUMENT:
            foreign = event.version not in (None, (1, 2))
            return Event(kind, start, end, foreign_version=foreign)
        case Kind.MAPPING_END | Kind.LIST_END:
            return Event(kind, start, end)
        case Kind.ALIAS:
            return Event(kind, start, end, anchor=str(event.anchor))
        case Kind.SCALAR:
            text, quoted, flow = str(event.value), bool(event.style), False
        case Kind.MAPPING | Kind.LIST:
            text, quoted, flow = "", False, bool(event.flow_style)
    anchor = str(event.anchor) if event.anchor else None
    return Event(kind, start, end, text, quoted, event.ctag is not None, flow, anchor)


def _problem(error: Any) -> SyntaxProblem:
    problem = str(error.problem or error.context or "this is not YAML")
    return SyntaxProblem(problem, _index(error.problem_mark), _index(error.context_mark))


def _index(mark: Any) -> int | None:
    return None if mark is None else int(mark.index)
