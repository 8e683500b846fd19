"""Packages of Python that a platform's jobs ask for, installed by pip into a folder of the cache.

Comes in: a checked platform. Goes out: the folder, named by what was asked for and by the Python that installed it. It
is made elsewhere and renamed, so that what is there is whole. What pip chose for the packages that nobody named is kept
beside the platform's state and chosen again, also by another Python or after the cache was emptied. pip reads its own
settings (`PIP_*`, pip.conf), so that mirrors and proxies hold here as well.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from rosace.contract.artifacts import ArtifactError
from rosace.kit.requirements import together
from rosace.kit.whole import write
from rosace.model.checked import Checked
from rosace.model.requirements import distribution

KEPT = "rosace-requirements.txt"
"""In the folder: all that is installed there, as pip reads it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Packages with their versions, and where they are once they are installed."""

    packages: tuple[str, ...]
    folder: Path

    @property
    def there(self) -> bool:
        """Whether they are installed."""
        return (self.folder / KEPT).is_file()


def wanted(checked: Checked, cache: Path) -> Wanted | None:
    """What the jobs of a platform ask for; None where they ask for nothing."""
    packages = together(one for job in checked.jobs.values() for one in job.spec.requirements)
    if not packages:
        return None
    said = "\n".join([sys.version.split()[0].rpartition(".")[0], sysconfig.get_platform(), *packages])
    return Wanted(packages, cache / "python" / hashlib.sha256(said.encode()).hexdigest()[:16])


def install(asked: Wanted, lock: Path, cancelled: Callable[[], bool]) -> tuple[str, ...]:
    """Installs what is not there yet, and returns all that is then installed, each with its version.

    `lock` is where the choice is kept. Raises ArtifactError with what pip said where it cannot install.
    """
    asked.folder.parent.mkdir(parents=True, exist_ok=True)
    # Two platforms may ask for the same at the same moment.
    with FileLock(asked.folder.with_suffix(".lock")):
        if not asked.there:
            with tempfile.TemporaryDirectory(prefix=".", dir=asked.folder.parent) as scratch:
                made = Path(scratch) / "made"
                _pip(["install", "--target", str(made), *_chosen(asked, lock)], cancelled)
                found = _pip(["freeze", "--all", "--path", str(made)], cancelled)
                (made / KEPT).write_text("".join(f"{line}\n" for line in sorted(found.split())), encoding="utf-8")
                shutil.rmtree(asked.folder, ignore_errors=True)
                made.rename(asked.folder)
        found = (asked.folder / KEPT).read_text(encoding="utf-8")
        write(lock, (_head(asked) + found).encode())
        return tuple(found.split())


def _head(asked: Wanted) -> str:
    return f"# chosen for: {' '.join(asked.packages)}\n"


def _chosen(asked: Wanted, lock: Path) -> tuple[str, ...]:
    """What pip is asked for: all that it chose before for the same packages, else these alone."""
    try:
        head, _, rest = lock.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeError):
        return asked.packages
    named = {distribution(one) for one in asked.packages}
    if head + "\n" != _head(asked):
        return asked.packages
    return (*asked.packages, *(one for one in rest.split() if distribution(one) not in named))


def _pip(words: list[str], cancelled: Callable[[], bool]) -> str:
    """What pip prints. Its prompts and its word on newer versions are for people who called it themselves."""
    own = ("--disable-pip-version-check", "--no-input", "--no-color", "--quiet")
    argv = [sys.executable, "-P", "-m", "pip", words[0], *own, *words[1:]]
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_TARGET")}
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment, text=True
        )
        try:
            while True:
                try:
                    printed, _ = child.communicate(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if cancelled():
                        raise _failed(words, "it was stopped before it was complete") from None
        finally:
            child.kill()
            child.wait()
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    if child.returncode:
        raise _failed(words, _cause(lines) or f"it ended with {child.returncode}")
    return printed


def _cause(lines: list[str]) -> str:
    """The last error among what pip said. Addresses may hold a password, so they are left out."""
    if any("No module named pip" in line for line in lines):
        return f"{sys.executable} has no pip (`{Path(sys.executable).name} -m ensurepip` brings it)"
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    told = (errors or lines or [""])[-1]
    return re.sub(r"\S+://\S+", "an address", told)


def _failed(words: list[str], why: str) -> ArtifactError:
    return ArtifactError(
        "requirements",
        f"The Python packages that jobs ask for cannot be installed by pip ({words[0]}): {why}.",
        "See whether the names and versions in `requirements` exist for this Python, and whether pip reaches its index "
        "(`PIP_INDEX_URL`, pip.conf); then run the same command again.",
    )
