"""What sources' files say, held against the declared types before anything starts: a sample, or every row.

Comes in: a checked platform with its tree. Goes out: an error for each source in which a row that was looked at does
not fit. Must not: look into files that a package brings: they are not here yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.kit.files import describe
from rosace.source.diagnostic import Diagnostic, Label, Severity

if TYPE_CHECKING:
    from rosace.kit.files_sample import Misfit
    from rosace.model.checked import Checked
    from rosace.source.tree import Tree


SAMPLED = 100
"""Of so many sources the files are looked into where only a sample is asked for: each takes some 10 ms."""


def misfits(checked: Checked, tree: Tree, *, whole: bool = False) -> Iterator[Diagnostic]:
    """One for each source, at the place that names its file. `whole`: every row is read, not the first and the last.

    A note says so where there are more sources than a sample is taken of.
    """
    from rosace.kit.files_sample import misfit

    known: dict[str, Misfit | None] = {}
    unseen: list[str] = []
    for name, source in checked.sources.items():
        # Where rows may be set aside, they are when the file is read, and counted then.
        if not source.paths or source.spec.on_bad_record != "stop":
            continue
        described = describe(source, source.paths)
        # Sources that read the same file in the same way find the same in it.
        key = repr({word: value for word, value in described.items() if word != "name"})
        if key not in known:
            if len(known) >= SAMPLED and not whole:
                unseen.append(name)
                continue
            known[key] = misfit(described, whole=whole)
        if found := known[key]:
            yield Diagnostic(
                "source-value",
                found.text,
                labels=(Label(tree.value_span(("sources", name, "file"))),),
                hints=("mend the file, declare the column as what the file holds, or say `on-bad-record: skip`",),
            )
    if unseen:
        yield Diagnostic(
            "sources-unsampled",
            f"the files of {len(unseen):,} of {len(checked.sources):,} sources were not looked into, from here on",
            Severity.NOTE,
            labels=(Label(tree.value_span(("sources", unseen[0], "file"))),),
            hints=("`rosace check --data` reads every row of every file",),
        )
