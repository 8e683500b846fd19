"""What went wrong, in one message: what, where, why, and what to do. One place decides the exit code."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from rosace.cli.width import columns, wrapped
from rosace.source.diagnostic import Diagnostic, Refused


def tell(error: BaseException, verb: str = "") -> int:
    """Prints what ended `verb` for a person; the exit code: 130 on Ctrl-C, 1 for a no, 2 for could not answer."""
    from cyclopts import CycloptsError

    from rosace.contract.artifacts import ArtifactError
    from rosace.local.control import NotRunning
    from rosace.local.store import Damaged

    if isinstance(error, KeyboardInterrupt):
        notes = getattr(error, "__notes__", ()) or ([_GOES_ON] if verb in _STARTS else [])
        say("\n" + ": ".join(["interrupted", *notes]))
        return 130
    if isinstance(error, Refused):
        show(error)
        return 2
    if isinstance(error, CycloptsError):
        say(f"{_word('error', '31')}: {str(error).strip()}")
        say("hint: `rosace --help` lists the verbs, `rosace VERB --help` teaches one")
        return 2
    if isinstance(error, ArtifactError):
        say(f"{_word('error', '31')}[{error.code}]: {error.message}\n{_word('hint', '36')}: {error.hint}")
        return 2
    if isinstance(error, NotRunning):
        say(f"{_word('error', '31')}: this platform is not running\n{_word('hint', '36')}: `rosace up` starts it")
        return 2
    if isinstance(error, Damaged):
        say(f"{_word('error', '31')}: {error}\n{_word('hint', '36')}: {error.hint}")
        return 2
    if isinstance(error, OSError) and not os.environ.get("ROSACE_DEBUG"):
        say(f"{_word('error', '31')}: {error}")
        return 2
    if not isinstance(error, Exception) or os.environ.get("ROSACE_DEBUG"):
        raise error
    return _bug(error)


_STARTS = ("up", "restart", "rebuild", "prune")
"""Verbs that hand work to the supervisor, which goes on without them."""

_GOES_ON = "what runs goes on: `rosace status` shows it, `rosace down` stops it"


def _bug(error: Exception) -> int:
    import platform
    import traceback

    from rosace import __version__

    last = traceback.extract_tb(error.__traceback__)[-1]
    say(f"{_word('error', '31')}: {type(error).__name__}: {error}")
    say(f"This is a defect of Rosace {__version__} ({platform.platform()}), at {last.name}, line {last.lineno}.")
    say(f"{_word('hint', '36')}: ROSACE_DEBUG=1 shows where it comes from; please report it with that text")
    return 2


def show(refused: Refused) -> None:
    """All diagnostics on stderr, as a compiler would."""
    from rosace.check.explain import explain
    from rosace.source.render import to_terminal

    shown, left = _few(refused.diagnostics)
    text = to_terminal(
        shown,
        color=colored(),
        sources=refused.sources,
        width=columns(sys.stderr),
        ascii=not _unicode(),
        # Refusals of the commands themselves say all there is to say: they have no page to point to.
        explained=lambda code: explain(code) is not None,
    )
    say(text)
    for code, count in left.items():
        say(f"... and {count:,} more `{code}`: `rosace check --output json` lists all")


def _few(diagnostics: Sequence[Diagnostic]) -> tuple[tuple[Diagnostic, ...], dict[str, int]]:
    """What a person reads: at most `EACH` of a kind; and how many of each kind were left out."""
    seen: Counter[str] = Counter()
    shown: list[Diagnostic] = []
    for diagnostic in diagnostics:
        seen[diagnostic.code] += 1
        if seen[diagnostic.code] <= EACH:
            shown.append(diagnostic)
    return tuple(shown), {code: count - EACH for code, count in seen.items() if count > EACH}


EACH = 20
"""How many diagnostics with the same code are shown: the twenty-first says nothing new."""


def say(text: str) -> None:
    """A line of talk on stderr; characters that the terminal cannot hold are replaced, never fatal."""
    encoding = sys.stderr.encoding or "ascii"
    text = wrapped(text, 2, sys.stderr)
    print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


def colored(stream: TextIO | None = None) -> bool:
    """Colour only for a terminal that wants it (no-color.org); what goes to `stream` is meant, talk where unsaid."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream or sys.stderr).isatty()


def _word(text: str, code: str) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if colored() else text


def _unicode() -> bool:
    return "utf" in (sys.stderr.encoding or "").lower()
