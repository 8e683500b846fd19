"""Exports lead from a topic to a store that takes them."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.check.rules.references import unknown
from rosace.contract.registry import engines
from rosace.source.diagnostic import Diagnostic, Label, Severity
from rosace.source.suggest import closest


def check(draft: Draft) -> Iterator[Diagnostic]:
    exports = draft.platform.exports
    known = sorted({word for room in engines().values() for word in room.exports})
    seen: dict[tuple[str, str], str] = {}
    for name, export in exports.items():
        if export.from_ not in draft.platform.topics:
            place = draft.value("exports", name, "from")
            yield unknown(export.from_, place, "no topic", draft.platform.topics)
        if export.to not in known:
            yield _takes_none(draft, name, export.to, known)
            continue
        store = next(room.name for room in engines().values() if export.to in room.exports)
        other = seen.setdefault((store, export.name or export.from_), name)
        if other != name:
            yield _same_target(draft, name, other, export.name or export.from_)
    if exports and draft.platform.target == "local":
        message = "exports happen on clusters only: on this machine nothing is exported"
        yield Diagnostic("exports-not-here", message, Severity.WARNING, (Label(draft.key("exports")),))


def _takes_none(draft: Draft, name: str, word: str, known: list[str]) -> Diagnostic:
    near = closest(word, known)
    hint = f"did you mean `{near}`?" if near else f"these do: {', '.join(f'`{one}`' for one in known)}"
    label = Label(draft.value("exports", name, "to"))
    return Diagnostic("takes-no-exports", f"`{word}` takes no exports", labels=(label,), hints=(hint,))


def _same_target(draft: Draft, name: str, other: str, target: str) -> Diagnostic:
    message = f"exports `{other}` and `{name}` write the same `{target}`"
    labels = (Label(draft.key("exports", name)), Label(draft.key("exports", other), "and here", primary=False))
    return Diagnostic("same-export", message, labels=labels, hints=("give one of them another `name`",))
