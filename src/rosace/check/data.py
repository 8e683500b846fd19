"""What sources' files say, held against the declared types before anything starts: a sample, or every row.

Comes in: a checked platform with its tree. Goes out: an error for each source in which a row that was looked at does
not fit. Must not: look into files that a package brings: they are not here yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rosace.kit.files import describe
from rosace.source.diagnostic import Diagnostic, Label

if TYPE_CHECKING:
    from rosace.model.checked import Checked
    from rosace.source.tree import Tree


def misfits(checked: Checked, tree: Tree, *, whole: bool = False) -> Iterator[Diagnostic]:
    """One for each source, at the place that names its file. `whole`: every row is read, not the first and the last."""
    from rosace.kit.files_sample import misfit

    for name, source in checked.sources.items():
        # Where rows may be set aside, they are when the file is read, and counted then.
        asked = source.paths and source.spec.on_bad_record == "stop"
        if asked and (found := misfit(describe(source, source.paths), whole=whole)):
            yield Diagnostic(
                "source-value",
                found.text,
                labels=(Label(tree.value_span(("sources", name, "file"))),),
                hints=("mend the file, declare the column as what the file holds, or say `on-bad-record: skip`",),
            )
