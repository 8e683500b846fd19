"""The one place that knows the YAML parser.

In: a text. Out: typed events with offsets, or `SyntaxProblem`. Must not: give
a value any meaning.

libyaml (by PyYAML) reads YAML 1.1, ten times faster than a parser in Python.
What it would read otherwise than YAML 1.2 is settled here, before and after it:
characters that only 1.1 takes for line breaks. What an unquoted word means is
not its business at all: only its events are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from yaml.error import Mark


class Kind(StrEnum):
    """What an event begins, ends or holds; other events are left out."""

    DOCUMENT = "DocumentStartEvent"
    MAPPING = "MappingStartEvent"
    MAPPING_END = "MappingEndEvent"
    LIST = "SequenceStartEvent"
    LIST_END = "SequenceEndEvent"
    SCALAR = "ScalarEvent"
    ALIAS = "AliasEvent"


class Event(NamedTuple):
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

    def __init__(self, problem: str, at: int | None, opened: int | None, within: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.opened = opened
        self.within = within


SCALAR, MAPPING, MAPPING_END, LIST, LIST_END = Kind.SCALAR, Kind.MAPPING, Kind.MAPPING_END, Kind.LIST, Kind.LIST_END
"""The kinds of nearly all events under names of their own: Python 3.11 takes 0.2 µs to find a member of an enum."""

_BREAKS_OF_1_1 = "\x85\u2028\u2029\ufeff"
"""Line breaks of YAML 1.1 (5.4 in both standards), and the mark that it lets begin any line: letters in YAML 1.2."""

_PRIVATE_USE = range(0xE000, 0xF8FF)


Plain = Callable[[int, int, str], bool]
"""Takes a scalar over `text[start:end]` with neither quotes nor tag nor anchor; False where it wants it as an event."""


def read_events(text: str, plain: Plain) -> Iterator[Event]:
    """Yield the events of `text` but for scalars that `plain` takes, which nearly all are: a large file has fifty
    thousand, and an event of each would take a sixth of the time. Raises `SyntaxProblem` where it stops being YAML.

    The parser reads on as events are asked for: who has seen enough stops.
    """
    import yaml

    hidden = _hidden(text)
    shown = str.maketrans({new: old for old, new in hidden.items()}) if hidden else None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    kinds = {getattr(yaml, kind): kind for kind in Kind}
    try:
        # What `yaml.parse` does, without a question before each event.
        reader = loader(text.translate(str.maketrans(hidden)) if hidden else text)
        while event := reader.get_event():
            if kind := kinds.get(type(event)):
                bare = kind is SCALAR and shown is None and not event.style and event.tag is None
                if bare and event.anchor is None and plain(event.start_mark.index, event.end_mark.index, event.value):
                    continue
                found = _scalar(event) if kind is SCALAR else _event(kind, event)
                yield found if shown is None else _as_written(found, shown)
    except yaml.MarkedYAMLError as error:
        problem = str(error.problem or error.context or "this is not YAML")
        within = str(error.context or "")
        raise SyntaxProblem(problem, _index(error.problem_mark), _index(error.context_mark), within) from None
    except (yaml.YAMLError, ValueError) as error:
        raise SyntaxProblem(str(error), None, None) from None


def _hidden(text: str) -> dict[str, str]:
    """For each character that libyaml would break a line at, one that it reads like a letter and the text has not.

    One for one: offsets stay what they are.
    """
    found = [character for character in _BREAKS_OF_1_1 if character in text]
    if not found:
        return {}
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    return dict(zip(found, free, strict=False))


def _as_written(event: Event, shown: dict[int, str]) -> Event:
    return event if event.text.isascii() else event._replace(text=event.text.translate(shown))


_new = tuple.__new__
"""Makes a named tuple of a tuple, in half the time: a large file has a hundred thousand events."""


def _scalar(event: Any) -> Event:
    start, end, tagged = event.start_mark.index, event.end_mark.index, event.tag is not None
    return _new(Event, (SCALAR, start, end, event.value, bool(event.style), tagged, False, event.anchor, False))


def _event(kind: Kind, event: Any) -> Event:
    start, end = event.start_mark.index, event.end_mark.index
    if kind is MAPPING_END or kind is LIST_END:
        return _new(Event, (kind, start, end, "", False, False, False, None, False))
    if kind is MAPPING or kind is LIST:
        tagged, flow = event.tag is not None, bool(event.flow_style)
        return _new(Event, (kind, start, end, "", False, tagged, flow, event.anchor, False))
    if kind is Kind.ALIAS:
        return Event(kind, start, end, anchor=event.anchor)
    if kind is Kind.DOCUMENT:
        return Event(kind, start, end, foreign_version=event.version not in (None, (1, 2)))
    return Event(kind, start, end)


def _index(mark: Mark | None) -> int | None:
    return None if mark is None else int(mark.index)
