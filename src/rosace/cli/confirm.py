"""One question to a person, answered yes or no."""

from __future__ import annotations

import sys

from rosace.cli.failures import say
from rosace.source.diagnostic import refuse


def confirmed(question: str) -> bool:
    """Whether they say yes. Raises Refused where nobody can be asked."""
    if not sys.stdin.isatty():
        raise refuse("not-asked", "nobody can be asked here", hints=("say `--yes` to do it without asking",))
    say(f"{question} [y/N]")
    return input().strip().lower() in ("y", "yes")
