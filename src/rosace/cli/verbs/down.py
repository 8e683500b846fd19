"""`rosace down`: stops the platform; with `--erase` nothing of it is left."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from rosace.cli.failures import say
from rosace.cli.options import Place, Where
from rosace.source.quoted import counted


def down(
    path: Place = None,
    /,
    *,
    where: Where | None = None,
    erase: Annotated[
        bool, Parameter(help="Also remove all data, logs and settings of the platform; asks first.")
    ] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative=(), help="Do not ask.")] = False,
) -> int:
    """Stop every process of the platform, keeping its data: the next `up` goes on where this one stopped.

    Examples:
      rosace down
      rosace down examples/flights --erase --yes
    """
    from rosace.local.teardown import take_down

    place = (where or Where()).at(path)
    # Only what the file itself names is erased; what was deployed from it under another name is stopped.
    home = place.home() if erase else place.known()
    if erase and not yes and home.path.exists():
        if not sys.stdin.isatty():
            say("error: --erase removes all data; say --yes where nobody can be asked")
            return 2
        say(f"This removes all data of the platform in {home.path}. Type its folder's name to go on:")
        if input().strip() != home.path.name:
            say("nothing was removed")
            return 1
    ended = take_down(home, erase=erase, tell=say)
    say(f"stopped {counted(ended, 'process')}" if ended else "nothing was running")
    if erase:
        say("all data removed")
    return 0
