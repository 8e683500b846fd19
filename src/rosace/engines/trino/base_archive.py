"""Writes the class-data archive of Java's own classes, whole or not at all: `base_archive.py <java> <archive>`.

This runtime comes without one, and the archive of Trino's classes is built on it (JEP 310, JEP 350). Another start may
read the file while this one writes it: it gets its name only when it is complete. A program of its own, without the
package: a set-up command before the first start. Not needed for a start, so trouble is told and nothing more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main(java: str, archive: str) -> int:
    """Always 0: without the archive Trino starts as well, only slower."""
    target = Path(archive)
    part = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Only G1 writes Java's heap objects into an archive; every collector reads them. What changes modules must be
        # as it is at run time, else the archived module graph is thrown away.
        modules = "--enable-native-access=ALL-UNNAMED"
        dump = (java, "-XX:+UseG1GC", "-Xmx128m", modules, "-Xshare:dump", f"-XX:SharedArchiveFile={part}")
        subprocess.run(dump, check=True, stdout=subprocess.DEVNULL)
        part.replace(target)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no archive of Java's classes: {error}", file=sys.stderr)
        part.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
