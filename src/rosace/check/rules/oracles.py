"""An oracle gives every column of what it verifies."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.source.diagnostic import Diagnostic, Label


def check(draft: Draft) -> Iterator[Diagnostic]:
    for target, reading in draft.verify.items():
        ref = draft.ref(target)
        columns = draft.columns(ref) if ref else {}
        given = reading.output.columns
        if ref is None or given is None or not columns or any(column.name is None for column in given):
            continue
        names = {(column.name or "").casefold() for column in given}
        missing = [name for name in columns if name.casefold() not in names]
        if missing:
            listed = ", ".join(f"`{name}`" for name in missing)
            message = f"the oracle of `{ref}` gives no {listed}"
            labels = (
                Label(draft.value(*draft.verify_path(target))),
                Label(draft.columns_place(ref, missing[0]), "declared here", primary=False),
            )
            hint = "name its columns as the target's: `AS ...`"
            yield Diagnostic("oracle-columns", message, labels=labels, hints=(hint,))
