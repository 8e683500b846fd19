"""`python tools/clustertools [NAME ...]`: makes all tools, or those named, and says where each is and what it cost."""

from __future__ import annotations

import sys
import time
from pathlib import Path

# Started as a folder, Python puts the folder itself on its path and knows of no package.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from clustertools import Unavailable, ensure  # noqa: E402
from clustertools.pins import names, pin  # noqa: E402


def main(wanted: list[str]) -> int:
    """Makes what is wanted; 1 when one of them cannot be had, 2 when there is no such tool."""
    failed = False
    try:
        chosen = [pin(name) for name in wanted or names()]
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    for each in chosen:
        begun = time.monotonic()
        try:
            made = ensure(each)
        except Unavailable as error:
            failed = True
            print(f"{each.name} {each.version} cannot be had. {error}", file=sys.stderr, flush=True)
            continue
        cost = f"{time.monotonic() - begun:.1f} s now; made in {made.wall_seconds} s, {made.cpu_seconds} CPU-seconds"
        print(f"{each.name} {each.version} {made.path} ({cost}; {made.origin})", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
