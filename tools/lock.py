"""Resolves the dependencies of pyproject.toml into requirements/run.txt and requirements/dev.txt.

Comes in: pyproject.toml and the registry that pip is set up for. Goes out: every version pinned, with the sha256 of
every file of that version, so one lock holds for Linux and macOS on x86-64 and arm64. Must not: write an address.
Without options, versions that are already locked stay where they still fit; `--upgrade` takes the newest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("requirements")
RESOLVER = "uv==0.13.9"
FLAGS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)
HEAD = """\
# Made by `make lock` from pyproject.toml; do not edit. {what}
# The command: uv pip compile pyproject.toml {more}{flags}
"""


def main(options: list[str]) -> int:
    """Writes both locks; `options` go to the resolver. Returns an exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        resolver = Path(scratch) / "bin"
        subprocess.run(
            [str(resolver / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q", RESOLVER],
            check=True,
        )
        compile_into("run", "What running needs.", (), resolver / "uv", options)
        with_run = ("--group", "dev", "-c", "requirements/run.txt")
        compile_into("dev", "The same, and what development needs.", with_run, resolver / "uv", options)
    return 0


def compile_into(name: str, what: str, more: tuple[str, ...], uv: Path, options: list[str]) -> None:
    """Resolves one lock and puts its head on it."""
    path = ROOT / FOLDER / f"{name}.txt"
    command = [str(uv), "pip", "compile", "pyproject.toml", *more, *FLAGS, *options, "-o", str(FOLDER / path.name)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "UV_NO_PROGRESS": "1"}, check=True, stdout=subprocess.DEVNULL)
    body = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    head = HEAD.format(what=what, more=" ".join([*more, ""]), flags=" ".join(FLAGS))
    path.write_text(head + "\n".join(body) + "\n", encoding="utf-8")
    print(f"{FOLDER / path.name}: {sum('==' in line for line in body)} packages", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
