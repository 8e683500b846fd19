"""`rosace check`: the platform type-checked across every layer, before anything starts."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.cli.options import Place, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rosace.source.diagnostic import Diagnostic


def check(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    engines: Annotated[
        bool, Parameter(help="Also let each engine's own planner judge every statement (fetched once, nothing starts).")
    ] = False,
    data: Annotated[
        bool, Parameter(negative=(), help="Read every row of every source's file, not only the first and last 1,000.")
    ] = False,
    output: Annotated[
        Literal["terminal", "json", "sarif", "editor"],
        Parameter(name=["--output", "-o"], help="terminal for people, json and sarif for CI, editor: file:line:col."),
    ] = "terminal",
) -> int:
    """Check the file, its overlays, every SQL text it names and a sample of its data; all errors at once.

    Exit code 0: fine. 1: errors were found. 2: it could not be read at all, or an engine could not be asked.

    Examples:
      rosace check
      rosace check --engines
      rosace check --data
      rosace check examples/flights --env prod --output sarif > rosace.sarif
    """
    from rosace.check.platform import examine
    from rosace.cli.failures import say
    from rosace.cli.reading import Reading
    from rosace.source.diagnostic import Refused, Severity

    place = (where or Where()).at(path)
    file = place.file
    unasked: tuple[tuple[str, str], ...] = ()
    try:
        tree = place.tree()
        with Reading() as reading:
            checked, found = examine(tree, file.parent.resolve(), place.allow_outside, told=reading.hear)
            if checked is not None:
                from rosace.check.data import misfits

                found = [*found, *misfits(checked, tree, whole=data)]
        sources = tree.sources
    except Refused as refused:
        checked, found, sources = None, list(refused.diagnostics), refused.sources
    if engines and checked is not None:
        from rosace.cli.judges import ask

        judged = ask(checked)
        found, unasked = [*found, *judged.diagnostics], judged.unasked
    _emit(output, str(file), found, sources)
    for title, why in unasked:
        say(f"{title} could not be asked: {why}")
    return 2 if unasked else int(any(item.severity is Severity.ERROR for item in found))


def _emit(output: str, file: str, found: list[Diagnostic], sources: Mapping[str, str]) -> None:
    """All that was found, as asked for."""
    from rosace.cli.failures import say, show
    from rosace.source.diagnostic import Refused

    if output == "terminal":
        if found:
            show(Refused(*found, sources=sources))
        say(f"{file}: {_counts(found) if found else 'fine'}")
    elif output == "editor":
        from rosace.source.render import to_editor

        print(to_editor(found), end="")
    else:
        from rosace import __version__
        from rosace.source.render import to_json, to_sarif

        print(json.dumps(to_json(found) if output == "json" else to_sarif(found, __version__), indent=2))


def _counts(found: list[Diagnostic]) -> str:
    """How many there are of each weight; notes only where there are some."""
    from rosace.source.diagnostic import Severity

    numbers = Counter(item.severity for item in found)
    told = [kind for kind in Severity if numbers[kind] or kind is not Severity.NOTE]
    return ", ".join(f"{numbers[kind]} {kind}{'' if numbers[kind] == 1 else 's'}" for kind in told)
