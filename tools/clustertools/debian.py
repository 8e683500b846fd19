"""Takes a program out of a Debian package, without root and without installing it, so no service starts.

The package is the one that this machine's apt offers: an archive drops a version when it has a newer one, so an exact
version could not be had for long. One that is older than the oldest that was tried is refused.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from clustertools.pins import DebianPin
from clustertools.run import Unavailable, need, run


def take(pin: DebianPin, scratch: Path, target: Path) -> str:
    """Puts the pinned program into the file `target`; says which package it is from. Raises Unavailable."""
    why = f"{pin.name} is taken from the Debian package {pin.package}"
    apt, dpkg, deb = (need(program, why) for program in ("apt-get", "dpkg", "dpkg-deb"))
    scratch.mkdir()
    # Root's apt-get would drop its rights, and then could not write here.
    ask = [apt, "-qq", "-o", "APT::Sandbox::User=root", "download", pin.package]
    run(ask, scratch, f"Getting the Debian package {pin.package} (`apt-get update` fetches the lists)")
    archive = next(scratch.glob("*.deb"), None)
    if archive is None:
        raise Unavailable(f"{why}, and apt-get gave no file for it.")
    version = run([deb, "-f", str(archive), "Version"], scratch, f"Reading {archive.name}").strip()
    try:
        run([dpkg, "--compare-versions", version, "ge", pin.version], scratch, "Comparing versions")
    except Unavailable:
        raise Unavailable(f"{why}, {pin.version} or newer; apt offers {version} here.") from None
    run([deb, "-x", str(archive), "tree"], scratch, f"Unpacking {archive.name}")
    file = scratch / "tree" / pin.file
    if not file.is_file():
        raise Unavailable(f"{why}, and its version {version} has no file {pin.file}.")
    shutil.move(file, target)
    return f"Debian package {pin.package} {version}"
