"""Installs a program from the Python package index, with all that it requires, apart from this checkout's packages.

The packages lie in a folder beside the program, which puts that folder first and takes no other: so nothing of it is
installed, and what Rosace itself requires is never changed by what a judge of its charts requires. pip's settings
(index, proxy, cache) are this machine's own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clustertools.pins import PypiPin
from rosace.lab.programs.run import Unavailable, run

PACKAGES = "packages"

_PROGRAM = """\
#!{python} -I
import runpy
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore", category=SyntaxWarning)
sys.path.insert(0, str(Path(__file__).resolve().parent / "{packages}"))
sys.exit(runpy.run_module("{module}", run_name="__main__"))
"""


def install(pin: PypiPin, scratch: Path, target: Path) -> str:
    """Puts the pinned package beside the file `target`, which runs it; says what it was. Raises Unavailable."""
    release = f"{pin.package}=={pin.version}"
    python = _python(f"{pin.name} is the Python package {release}")
    scratch.mkdir()
    run([python, "-m", "venv", "venv"], scratch, f"Making a place from which {release} is installed")
    place = target.parent / PACKAGES
    ask = ["--disable-pip-version-check", "--quiet", "--no-compile", "--target", str(place), release]
    run([str(scratch / "venv" / "bin" / "python"), "-m", "pip", "install", *ask], scratch, f"Installing {release}")
    target.write_text(_PROGRAM.format(python=python, packages=PACKAGES, module=pin.module), encoding="utf-8")
    return f"Python package {release}, Python {sys.version_info.major}.{sys.version_info.minor}"


def _python(why: str) -> str:
    """The interpreter below any environment: it is still there when the environment of this test run is gone."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = Path(sys.base_prefix) / "bin" / name
    if not found.is_file():
        raise Unavailable(f"{why}, and there is no {found}.")
    return str(found)
