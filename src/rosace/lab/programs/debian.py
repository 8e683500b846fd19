"""Takes a program out of a Debian package, without root and without installing it, so no service starts.

The package is the one that this machine's apt offers: an archive drops a version when it has a newer one, so an exact
version could not be had for long. One that is older than the oldest that was tried is refused.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rosace.lab.programs.pins import DebianPin
from rosace.lab.programs.run import Unavailable, need, run

LIBRARIES = "libraries"
"""The folder beside a program in which its shared libraries are."""

_STARTER = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/{libraries}" exec "$here/{program}" "$@"
"""


def take(pin: DebianPin, scratch: Path, target: Path) -> str:
    """Puts the pinned program into the file `target`; says which package it is from. Raises Unavailable."""
    why = f"{pin.name} is taken from the Debian package {pin.package}"
    for program in ("apt-get", "dpkg", "dpkg-deb"):
        need(program, why)
    scratch.mkdir()
    version, tree = _unpacked(pin.package, scratch, why)
    try:
        # Debian marks a source that it stripped by a tilde, which sorts before the version itself.
        run(["dpkg", "--compare-versions", version, "ge", f"{pin.version}~"], scratch, "Comparing versions")
    except Unavailable:
        raise Unavailable(f"{why}, {pin.version} or newer; apt offers {version} here.") from None
    for name in (pin.file, *pin.more):
        if not (tree / name).is_file():
            raise Unavailable(f"{why}, and its version {version} has no file {name}.")
    for name in pin.more:
        shutil.move(tree / name, target.parent / Path(name).name)
    if not pin.libraries:
        shutil.move(tree / pin.file, target)
    else:
        _with_libraries(pin, tree, scratch, target)
    return f"Debian package {pin.package} {version}"


def _unpacked(package: str, scratch: Path, why: str) -> tuple[str, Path]:
    """A package's version and the folder into which it was unpacked."""
    at = scratch / package
    at.mkdir()
    # Root's apt-get would drop its rights, and then could not write here.
    ask = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package]
    run(ask, at, f"Getting the Debian package {package} (`apt-get update` fetches the lists)")
    archive = next(at.glob("*.deb"), None)
    if archive is None:
        raise Unavailable(f"{why}, and apt-get gave no file for {package}.")
    version = run(["dpkg-deb", "-f", str(archive), "Version"], at, f"Reading {archive.name}").strip()
    run(["dpkg-deb", "-x", str(archive), "tree"], at, f"Unpacking {archive.name}")
    return version, at / "tree"


def _with_libraries(pin: DebianPin, tree: Path, scratch: Path, target: Path) -> None:
    """The program under another name, the libraries of other packages, and what starts it with them."""
    real = f"{pin.name}.program"
    shutil.move(tree / pin.file, target.parent / real)
    folder = target.parent / LIBRARIES
    folder.mkdir()
    for package in pin.libraries:
        _, unpacked = _unpacked(package, scratch, f"{pin.name} needs {package}")
        for library in unpacked.rglob("*.so*"):
            # The name under which a program asks for one is mostly a link to its file.
            if library.is_file():
                shutil.copyfile(library, folder / library.name)
    target.write_text(_STARTER.format(libraries=LIBRARIES, program=real), encoding="utf-8")
