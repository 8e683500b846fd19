"""Options that several verbs share, and how a platform is found and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from rosace.local.declared import Declared
from rosace.local.home import Home
from rosace.source.diagnostic import refuse

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
        if path == Path() and not found.is_file():
            found = _above() or found
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

    @property
    def declared(self) -> Declared:
        """The same for everybody below the command line; refused where there is no `platform.yaml`."""
        return Declared(self.file, self.env, self.set, self.allow_outside)

    def tree(self) -> Tree:
        """The file with its overlays."""
        return self.declared.tree()

    def home(self) -> Home:
        """Where this platform lives on this machine, without checking it: only its name is read."""
        return self.declared.home()

    def known(self) -> Home:
        """The same for verbs that only look, also while the file cannot be read."""
        return self.declared.known()


def _above() -> Path | None:
    """The `platform.yaml` of the nearest folder above the one where the person is: a platform's `jobs/`, say."""
    here = Path.cwd()
    for number, folder in enumerate(here.parents, 1):
        if (folder / "platform.yaml").is_file():
            return Path(*[".."] * number, "platform.yaml")
    return None


def checked(where: Where) -> Checked:
    """The checked platform; warnings are told on stderr, errors refused."""
    from rosace.cli.failures import show
    from rosace.source.diagnostic import Refused

    examined = where.declared.examined()
    result = examined.proven()
    if examined.diagnostics:
        show(Refused(*examined.diagnostics, sources=examined.tree.sources))
    return result
