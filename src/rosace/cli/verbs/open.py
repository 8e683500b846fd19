"""`rosace open`: the engines' own pages."""

from __future__ import annotations

from rosace.cli.options import Output, Where
from rosace.observe.shapes import PageRow


def open(name: str | None = None, /, *, where: Where | None = None, output: Output = "table") -> int:
    """Open an engine's web page in the browser; without a name, list the pages there are.

    Examples:
      rosace open
      rosace open flink
    """
    import webbrowser

    from rosace.cli.failures import say
    from rosace.cli.tables import emit
    from rosace.observe.pages import pages

    found = pages((where or Where()).known(), name)
    if name is not None:
        if not found:
            say(f"error: `{name}` has no page; `rosace open` lists those there are")
            return 2
        first = found[0]
        opened = output == "table" and webbrowser.open(first.address)
        if opened:
            say(f"opened {first.address}")
        if first.store:
            say(f"it asks for a certificate: import {first.store} into the browser")
            say("hint: how, and with which password, is in docs/guides/operations.md under Ports")
        if opened:
            return 0
    rows = [PageRow(process=page.process, state=page.state, page=page.address) for page in found]
    emit(rows, (("process", "PROCESS"), ("state", "STATE"), ("page", "PAGE")), output)
    return 0
