"""pydantic's validation errors as diagnostics in the user's file.

In: a `ValidationError` and the tree that was validated. Out: one diagnostic
per mistake, in the order of the file. Must not: show pydantic's words, or tell
the same mistake once per member of a union.

A validator's `ValueError` may carry an attribute `hints` (texts) of its own; a
`PydanticCustomError` keeps its type as the code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from rosace.source import pydantic_words as words
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.pydantic_places import Place, locate
from rosace.source.suggest import closest
from rosace.source.tree import Path, Tree, format_path

if TYPE_CHECKING:
    import pydantic
    from pydantic_core import ErrorDetails

KeysAt = Callable[[Path], Iterable[str]]

_CHOICE = frozenset({"literal_error", "enum"})
_MOST_KEYS_LISTED = 12
_MOST_SIBLINGS = 200
"""Keys among which one is looked for that a higher layer meant: beyond, a thousand mistakes would take seconds."""
MOST_TOLD = 1_000
"""Mistakes of one validation that are told; how many more there are is said. Nobody reads more, and each takes time."""
_LIKE_TRUTH = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}


@dataclass(frozen=True, slots=True)
class _Mistake:
    """One pydantic error, placed; `name` is the missing key, if that is the error."""

    kind: str
    place: Place
    name: str | int | None
    given: object
    context: Mapping[str, object]
    message: str


def diagnose(
    error: pydantic.ValidationError,
    tree: Tree,
    *,
    at: Path = (),
    keys: KeysAt | None = None,
) -> list[Diagnostic]:
    """Return a diagnostic for each mistake `error` tells about `tree`.

    `at` is the path of the part that was validated. `keys` returns the keys
    accepted by the mapping at a path (counted from the root), for "did you mean".
    """
    details = error.errors(include_url=False)
    untold = len(details) - MOST_TOLD
    del details[MOST_TOLD:]
    mistakes = _best_members([_placed(detail, tree, at) for detail in details])
    teller = _Teller(tree, keys)
    told: dict[Diagnostic, None] = {}
    # Only what shares a place can compete: a file of ten thousand mistakes is not compared each with each.
    here: defaultdict[tuple[Path, bool], list[_Mistake]] = defaultdict(list)
    for mistake in mistakes:
        here[mistake.place.path, mistake.place.on_key].append(mistake)
    for mistake in mistakes:
        same = [other for other in here[mistake.place.path, mistake.place.on_key] if _competes(mistake, other)]
        told[teller.tell_choice(same) if len(same) > 1 else teller.tell(mistake)] = None
    # Stable: what shares a place keeps pydantic's order.
    found = sorted(told, key=_position)
    if untold > 0:
        message = f"{untold:,} more problems are not told: mend some of these first"
        found.append(Diagnostic("too-large", message, labels=found[-1].labels[:1]))
    return found


def _placed(detail: ErrorDetails, tree: Tree, at: Path) -> _Mistake:
    loc, kind, given = detail["loc"], detail["type"], detail["input"]
    name = loc[-1] if kind == "missing" and loc else None
    place = locate(loc if name is None else loc[:-1], given, tree.value, at)
    return _Mistake(kind, place, name, given, detail.get("ctx", {}), detail["msg"])


def _best_members(mistakes: list[_Mistake]) -> list[_Mistake]:
    """Where a union was tried, keep the members the user most likely meant.

    A member that rejects the whole value yields to one that entered it; a
    member whose fixed word (`type: a`) is not the written one yields too.
    """
    tried: defaultdict[Path, defaultdict[str, list[_Mistake]]]
    tried = defaultdict(lambda: defaultdict(list))
    for mistake in mistakes:
        for path, member in mistake.place.members:
            tried[path][member].append(mistake)
    dropped: set[int] = set()
    for path, members in tried.items():
        for unlikely in _unlikely(path, members):
            dropped.update(id(mistake) for mistake in unlikely)
    return [mistake for mistake in mistakes if id(mistake) not in dropped]


def _unlikely(path: Path, members: Mapping[str, list[_Mistake]]) -> list[list[_Mistake]]:
    def reach(mistakes: list[_Mistake]) -> int:
        if all(one.place.path == path and one.name is None for one in mistakes):
            return 0
        wrong_word = any(one.kind in _CHOICE for one in mistakes)
        return 1 if wrong_word else 2

    best = max(map(reach, members.values()))
    return [mistakes for mistakes in members.values() if reach(mistakes) < best]


def _competes(one: _Mistake, other: _Mistake) -> bool:
    """Whether two members of a union each wanted another kind of value in one place."""
    return one is other or (
        one.place.path == other.place.path
        and one.place.on_key == other.place.on_key
        and all(_is_kind(mistake) and mistake.place.members for mistake in (one, other))
    )


def _is_kind(mistake: _Mistake) -> bool:
    return mistake.kind in _CHOICE or words.expected(mistake.kind) is not None


def _position(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.span
    return (span.file, span.line, span.column) if span else ("", 0, 0)


class _Teller:
    """Finds the words and the places for one tree's mistakes."""

    def __init__(self, tree: Tree, keys: KeysAt | None) -> None:
        self._tree = tree
        self._keys = keys

    def tell(self, mistake: _Mistake) -> Diagnostic:
        """Return the diagnostic for one mistake."""
        match mistake.kind:
            case "extra_forbidden" | "unexpected_keyword_argument":
                return self._unknown_key(mistake)
            case "missing" | "missing_argument" | "missing_keyword_only_argument":
                return self._missing(mistake.place.path, mistake.name)
            case "union_tag_invalid":
                return self._wrong_member(mistake)
            case "union_tag_not_found":
                return self._missing(mistake.place.path, _discriminator(mistake))
            case "value_error" | "assertion_error":
                return self._our_own(mistake)
            case _ if _is_kind(mistake):
                return self.tell_choice([mistake])
            case _:
                return self._other(mistake)

    def tell_choice(self, mistakes: list[_Mistake]) -> Diagnostic:
        """Return one diagnostic for all the kinds of value wanted in one place."""
        first = mistakes[0]
        accepted: list[str] = []
        kinds: list[str] = []
        for mistake in mistakes:
            if mistake.kind in _CHOICE:
                accepted += words.choices(str(mistake.context.get("expected", "")))
            elif kind := words.expected(mistake.kind):
                kinds.append(kind)
        wanted = words.either([*words.code_words(accepted), *kinds])
        message = f"{self._name(first)} must be {wanted}, not {words.given(first.given)}"
        code = "wrong-type" if kinds else "unknown-value"
        hints = self._hints(first, accepted, kinds)
        return Diagnostic(code, message, labels=self._labels(first.place), hints=hints)

    def _unknown_key(self, mistake: _Mistake) -> Diagnostic:
        path = mistake.place.path
        parent, key = path[:-1], str(path[-1]) if path else ""
        message = f"unknown key `{key}`{_inside(parent)}"
        known = [*self._keys(parent)] if self._keys else []
        free = [name for name in known if not self._tree.has((*parent, name))]
        hints: tuple[str, ...] = ()
        before, colon, behind = key.partition(":")
        if colon and before in free:
            hints = (f"a space is needed after the colon: `{before}: {behind}`",)
        elif meant := closest(key, free):
            hints = (f"did you mean `{meant}`?",)
        elif 0 < len(known) <= _MOST_KEYS_LISTED:
            hints = (f"known keys: {', '.join(words.code_words(known))}",)
        label = Label(self._tree.key_span(path))
        return Diagnostic("unknown-key", message, labels=(label,), hints=hints)

    def _missing(self, parent: Path, name: str | int | None) -> Diagnostic:
        labels = [Label(self._tree.key_span(parent))]
        if isinstance(name, int):
            message = f"`{format_path(parent)}` needs at least {name + 1} items"
            return Diagnostic("bad-value", message, labels=self._labels(Place(parent)))
        removed = self._tree.removed((*parent, str(name)))
        if removed and removed.span:
            labels.append(Label(removed.span, "this null removed it", primary=False))
        message = f"missing key `{name}`{_inside(parent)}"
        return Diagnostic("missing-key", message, labels=tuple(labels), hints=self._meant(parent))

    def _meant(self, path: Path) -> tuple[str, ...]:
        """What a higher layer meant that made something new, where it can only have meant to change a part of it."""
        if not path or self._tree.origin(path).layer == self._tree.origin(path[:-1]).layer:
            return ()
        siblings = [name for name in self._tree.keys(path[:-1]) if name != path[-1]]
        meant = closest(str(path[-1]), siblings) if len(siblings) <= _MOST_SIBLINGS else None
        return (f"nothing below is called `{path[-1]}`: did you mean `{meant}`?",) if meant else ()

    def _wrong_member(self, mistake: _Mistake) -> Diagnostic:
        key = _discriminator(mistake)
        inner = (*mistake.place.path, key)
        place = Place(inner) if self._tree.has(inner) else mistake.place
        tag = str(mistake.context.get("tag", ""))
        accepted = words.choices(str(mistake.context.get("expected_tags", "")))
        name = f"`{format_path(place.path)}`"
        message = f"{name} must be {words.either(words.code_words(accepted))}, not `{tag}`"
        hints = _did_you_mean(tag, accepted)
        return Diagnostic("unknown-value", message, labels=self._labels(place), hints=hints)

    def _our_own(self, mistake: _Mistake) -> Diagnostic:
        raised = mistake.context.get("error")
        message = str(raised) or mistake.message
        hints = tuple(str(hint) for hint in getattr(raised, "hints", ()))
        labels = self._labels(mistake.place)
        return Diagnostic("bad-value", message.rstrip("."), labels=labels, hints=hints)

    def _other(self, mistake: _Mistake) -> Diagnostic:
        labels = self._labels(mistake.place)
        if rule := words.rule(mistake.kind, mistake.context):
            is_text = f", but is {words.given(mistake.given)}"
            return Diagnostic("bad-value", f"{self._name(mistake)} {rule}{is_text}", labels=labels)
        if not _is_pydantics(mistake.kind):
            code = mistake.kind.replace("_", "-")
            return Diagnostic(code, mistake.message.rstrip("."), labels=labels)
        said = mistake.message.removeprefix("Input ")
        message = f"{self._name(mistake)} {said[:1].lower()}{said[1:]}"
        return Diagnostic("bad-value", message, labels=labels)

    def _name(self, mistake: _Mistake) -> str:
        if mistake.place.on_key:
            return f"key `{mistake.place.path[-1]}`{_inside(mistake.place.path[:-1])}"
        path = mistake.place.path
        return f"`{format_path(path)}`" if path else "the whole file"

    def _labels(self, place: Place) -> tuple[Label, ...]:
        if place.on_key or not place.path:
            return (Label(self._tree.key_span(place.path)),)
        replaced = (origin.span for origin in self._tree.previous(place.path)[:1])
        return (
            Label(self._tree.value_span(place.path)),
            *(Label(span, "it replaces this value", primary=False) for span in replaced if span),
        )

    def _hints(self, mistake: _Mistake, accepted: list[str], kinds: list[str]) -> tuple[str, ...]:
        value = mistake.given
        if isinstance(value, str):
            truth = _LIKE_TRUTH.get(value.lower())
            if truth and "true or false" in kinds:
                return (f"in YAML 1.2 `{value}` is text: write `{truth}`",)
            return _did_you_mean(value, accepted)
        written = self._tree.written(mistake.place.path)
        if "text" in kinds and isinstance(value, (bool, int, float)) and written:
            return (f'quote it: `"{written}"`',)
        if kinds == ["a list"] and isinstance(value, (bool, int, float)) and written:
            return (f"for a list of one, write `[{written}]`",)
        return ()


def _did_you_mean(word: str, accepted: Iterable[str]) -> tuple[str, ...]:
    meant = closest(word, accepted)
    return (f"did you mean `{meant}`?",) if meant else ()


def _inside(parent: Path) -> str:
    return f" in `{format_path(parent)}`" if parent else ""


def _discriminator(mistake: _Mistake) -> str:
    return str(mistake.context.get("discriminator", "")).strip("'")


def _is_pydantics(kind: str) -> bool:
    from pydantic_core.core_schema import ErrorType

    return kind in get_args(ErrorType)
