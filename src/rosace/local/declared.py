"""A platform as its files say it: found, read, checked, and kept beside what was deployed of it.

Comes in: which files, overlays and single values. Goes out: its `Tree`, its `Checked`, its `Home`. Must not: print.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosace.local.build import build
from rosace.local.home import Home
from rosace.source.diagnostic import Diagnostic, Label, Refused, Severity, refuse

if TYPE_CHECKING:
    from rosace.model.checked import Checked
    from rosace.source.tree import Tree


@dataclass(frozen=True, slots=True)
class Declared:
    """Which platform: `platform.yaml`, the names of its overlays, single values, folders that it may read besides."""

    file: Path
    env: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    allow_outside: tuple[Path, ...] = ()

    @property
    def root(self) -> Path:
        """The folder at which all relative names start."""
        return self.file.parent.resolve()

    @property
    def layers(self) -> tuple[Path, ...]:
        """`platform.yaml` and its overlays, the lowest first. Raises Refused for what is no name of an environment."""
        from rosace.model.names import NAME_PATTERN

        for name in self.env:
            if not re.fullmatch(NAME_PATTERN, name):
                raise refuse(
                    "bad-environment",
                    f"{name!r} is no name of an environment",
                    hints=("its overlay is env/<name>.yaml; names have lower-case letters, digits and dashes",),
                )
        return (self.file, *(self.file.parent / "env" / f"{name}.yaml" for name in self.env))

    def tree(self) -> Tree:
        """The file with its overlays and values. Raises Refused."""
        from rosace.source.load import load

        file, *overlays = self.layers
        return load(file, overlays, list(self.set), self.allow_outside)

    def home(self) -> Home:
        """Where this platform lives on this machine, without checking it: only its name is read. Raises Refused."""
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

    def known(self) -> Home:
        """The same for what only looks or stops: a file that cannot be read, or that has just been given another name,
        is still the one from which a platform was deployed. Raises Refused where nothing was.
        """
        try:
            home = self.home()
        except Refused:
            if found := _deployed(self.file):
                return found
            raise
        return home if home.path.exists() else _deployed(self.file) or home

    def examined(self) -> Examined:
        """All that checking says. Raises Refused only where the files cannot be read as YAML."""
        from rosace.check.platform import examine
        from rosace.check.texts import Texts

        tree = self.tree()
        texts = Texts(self.root, self.allow_outside)
        checked, found = examine(tree, self.root, self.allow_outside, texts)
        return Examined(self, tree, checked, tuple(found), texts.held())

    def digest(self, files: Iterable[str]) -> str:
        """A digest of all that a deployment is made from: these files, the overlays and values, and Rosace itself.

        With the files of an earlier deployment nothing has to be parsed to see that nothing changed.
        """
        total = hashlib.sha256(repr((build(), self.env, self.set)).encode())
        for name in files:
            total.update(os.fsencode(name) + _content(Path(name)))
        return total.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Examined:
    """A platform that was looked at. `checked` is None where there are errors; `texts` are the files that were read."""

    declared: Declared
    tree: Tree
    checked: Checked | None
    diagnostics: tuple[Diagnostic, ...]
    texts: dict[Path, str]

    def proven(self) -> Checked:
        """The checked platform. Raises Refused with every error and warning."""
        if self.checked is None or any(found.severity is Severity.ERROR for found in self.diagnostics):
            raise Refused(*self.diagnostics, sources=self.tree.sources)
        return self.checked

    def files(self) -> list[str]:
        """All files that a deployment of it is made from, and those that are asked about it."""
        checked = self.proven()
        paths = [*self.declared.layers, *(job.path for job in checked.jobs.values())]
        data = [path for source in checked.sources.values() for path in source.paths]
        # A file that comes into a folder, or goes, changes the folder.
        paths += [*data, *dict.fromkeys(path.parent for path in data)]
        paths += [query.path for query in checked.queries.values()] + [oracle.path for oracle in checked.verify]
        return [str(path.resolve()) for path in paths]

    def kept(self) -> dict[str, Any]:
        """What it is made of, as plain data from which `restored` makes the same again."""
        from rosace.source.yaml import display_path

        layers = [[str(path.resolve()), self.tree.sources[display_path(path)]] for path in self.declared.layers]
        texts = {str(path): text for path, text in self.texts.items()}
        return {"root": str(self.declared.root), "layers": layers, "set": list(self.declared.set), "texts": texts}


def _deployed(file: Path) -> Home | None:
    """The one platform that was deployed from a file, under whatever name; the one that is to run, of several."""
    found = Home.of_file(file)
    wanted = [home for home in found if not home.halted.exists()]
    only: Sequence[Home] = found if len(found) == 1 else wanted
    return only[0] if len(only) == 1 else None


def _content(path: Path) -> bytes:
    """What a file says, or of a data file, which may be large, or a folder its size and time of change."""
    try:
        facts = path.stat()
        small = facts.st_size < 2**20 and not path.is_dir()
        return path.read_bytes() if small else f"{facts.st_size} {facts.st_mtime_ns}".encode()
    except OSError:
        return b"?"
