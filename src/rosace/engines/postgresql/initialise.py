"""Makes a database cluster, whole or not at all. Run as a program before the server's first start.

Comes in: initdb, the folder to make, the superuser's name, a file with its password. Goes out: the folder.
Must not: import anything but the standard library (it may run as another user, without site packages).

initdb alone would leave a folder that looks complete when it is killed half-way, so it works beside the folder's
final place and the result is renamed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def initialise(initdb: str, folder: Path, user: str, password_file: str) -> int:
    """Gives initdb's exit code.

    The locale is PostgreSQL's own C.UTF-8 (`builtin`, since 17): the same order and case of letters on every
    machine, whatever LANG is and whichever locales are installed. Checksums on data pages are on by default since 18.
    """
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    done = subprocess.run(
        (
            initdb,
            f"--pgdata={fresh}",
            f"--username={user}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--text-search-config=simple",
            "--no-instructions",
        ),
        check=False,
    )
    if done.returncode == 0:
        fresh.rename(folder)
        parent = os.open(folder.parent, os.O_RDONLY)
        os.fsync(parent)
        os.close(parent)
    return done.returncode


if __name__ == "__main__":
    sys.exit(initialise(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
