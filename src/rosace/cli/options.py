"""Options that several verbs share, and how a platform is found and read."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.local.build import build
from rosace.local.home import Home
from rosace.source.diagnostic import Diagnostic, Label, Refused, refuse

if TYPE_CHECKING:
    from rosace.model.checked import Checked
    from rosace.source.tree import Tree

Output = Annotated[
    Literal["table", "json", "jsonl"],
    Parameter(name=["--output", "-o"], help="How to print: a table for people, or JSON for programs."),
]

Place = Annotated[
    Path | None, Parameter(help="The platform's folder or file, as `--directory`; where you are when unsaid.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """Which platform: its folder (or file), the overlay of an environment, single values."""

    directory: Annotated[
        Path,
        Parameter(name=["--directory", "-C"], env_var="ROSACE_DIRECTORY", help="The platform's folder or file."),
    ] = Path()
    env: Annotated[tuple[str, ...], Parameter(help="Overlay: `--env prod` reads env/prod.yaml; repeatable.")] = ()
    set: Annotated[
        tuple[str, ...], Parameter(name="--set", help="One value over all files: `--set memory=4Gi`; repeatable.")
    ] = ()

    allow_outside: Annotated[
        tuple[Path, ...],
        Parameter(
            env_var="ROSACE_ALLOW_OUTSIDE",
            help="A folder that the platform's files may lie in besides its own, links followed; repeatable.",
        ),
    ] = ()

    def at(self, path: Path | None) -> Where:
        """The same, with a path given as argument taking the place of `--directory`."""
        return replace(self, directory=path) if path is not None else self

    @property
    def file(self) -> Path:
        """`platform.yaml` itself; refused with a hint where there is none."""
        path = self.directory
        found = path / "platform.yaml" if path.is_dir() else path
        if not found.is_file():
            raise refuse(
                "no-platform",
                f"there is no {found}",
                hints=(
                    "go to the folder of a platform, name it (`rosace -C examples/flights status`), "
                    "or make one with `rosace init`",
                ),
            )
        return found

    def tree(self) -> Tree:
        """The file with its overlays."""
        from rosace.model.names import NAME_PATTERN
        from rosace.source.load import load

        for name in self.env:
            if not re.fullmatch(NAME_PATTERN, name):
                raise refuse(
                    "bad-environment",
                    f"{name!r} is no name of an environment",
                    hints=("its overlay is env/<name>.yaml; names have lower-case letters, digits and dashes",),
                )
        overlays = [self.file.parent / "env" / f"{name}.yaml" for name in self.env]
        return load(self.file, overlays, list(self.set), self.allow_outside)

    def home(self) -> Home:
        """Where this platform lives on this machine, without checking it: only its name is read."""
        from rosace.model.names import NAME_PATTERN
        from rosace.source.load import load

        tree = load(self.file, also=self.allow_outside)
        name = tree.value.get("platform") if isinstance(tree.value, dict) else None
        if not isinstance(name, str) or not re.fullmatch(NAME_PATTERN, name):
            # It becomes a folder's name: no other has ever run, and none may lead elsewhere.
            label = Label(tree.value_span(("platform",)))
            message = "`platform` must be a name: 1 to 48 lower-case letters, digits and dashes"
            raise Refused(Diagnostic("bad-value", message, labels=(label,)), sources=tree.sources)
        return Home.of(name, self.file)


def checked(where: Where) -> Checked:
    """The checked platform; warnings are told on stderr, errors refused."""
    from rosace.check.platform import examine
    from rosace.cli.failures import show
    from rosace.source.diagnostic import Severity

    tree = where.tree()
    result, diagnostics = examine(tree, where.file.parent.resolve(), where.allow_outside)
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    if result is None or errors:
        raise Refused(*diagnostics, sources=tree.sources)
    if diagnostics:
        show(Refused(*diagnostics, sources=tree.sources))
    return result


def inputs_digest(
    where: Where, platform: Checked | None = None, files: list[str] | None = None
) -> tuple[str, list[str]]:
    """A digest of everything a deployment is made from, and the files it read.

    With the files of an earlier answer nothing has to be parsed to see that nothing changed.
    """
    if files is None:
        assert platform is not None
        paths = [where.file, *(where.file.parent / "env" / f"{name}.yaml" for name in where.env)]
        paths += [job.path for job in platform.jobs.values()]
        paths += [source.path for source in platform.sources.values() if source.path]
        files = [str(path.resolve()) for path in paths]
    total = hashlib.sha256(repr((build(), where.env, where.set)).encode())
    for name in files:
        total.update(os.fsencode(name) + _content(Path(name)))
    return total.hexdigest()[:16], files


def _content(path: Path) -> bytes:
    """What a file says, or of a data file, which may be large, its size and time of change."""
    try:
        facts = path.stat()
        return path.read_bytes() if facts.st_size < 2**20 else f"{facts.st_size} {facts.st_mtime_ns}".encode()
    except OSError:
        return b"?"
