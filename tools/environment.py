"""Makes `.venv`: the locked packages and this checkout, nothing else.

Comes in: the name of a lock in requirements/ (`run` or `dev`). Goes out: an environment that has what it names, told
step by step. Must not: need root, another tool than Python with pip, or take time when nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LEAST = (3, 11)
"""The oldest Python that pyproject.toml allows."""


class Failed(Exception):
    """The environment cannot be made; the text says why and what to do."""


def say(text: str) -> None:
    """Talks to the person, at once."""
    print(text, file=sys.stderr, flush=True)


def main(name: str) -> int:
    """Makes the environment of the lock `name`; returns an exit code."""
    wanted = state(name)
    stamp = VENV / f"{name}.stamp"
    try:
        # What development needs holds what running needs, in the same versions.
        if _read(stamp) == wanted or _read(VENV / "dev.stamp") == state("dev"):
            return 0
        begun = time.monotonic()
        _ensure_venv()
        say(f"Installing the packages of requirements/{name}.txt (checked by their sha256)")
        _pip("--require-hashes", "-r", str(Path("requirements", f"{name}.txt")))
        say("Installing this checkout")
        _pip("--no-deps", "-e", ".")
        stamp.write_text(wanted, encoding="utf-8")
        say(f"The environment is ready after {time.monotonic() - begun:.0f} s")
        return 0
    except Failed as failure:
        say(f"\n{failure}")
        return 1


def state(name: str) -> str:
    """All that an environment is made from; another text is another environment."""
    parts = [(ROOT / "requirements" / f"{name}.txt").read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    return json.dumps(
        {
            # An environment that was moved is broken: its scripts name the interpreter by its path.
            "place": str(VENV),
            "content": [hashlib.sha256(part).hexdigest() for part in parts],
        }
    )


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="utf-8") if stamp.exists() and PYTHON.exists() else ""


def _ensure_venv() -> None:
    if _works():
        return
    base = _interpreter()
    say(f"Making .venv with {base}")
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([base, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Failed(_no_venv(base, done.stdout + done.stderr))


def _works() -> bool:
    """Whether `.venv` is an environment of this place that has pip and a Python new enough."""
    if not PYTHON.exists():
        return False
    asked = f"import sys, pip; print(sys.prefix); sys.exit(sys.version_info < {LEAST!r})"
    done = subprocess.run([str(PYTHON), "-c", asked], capture_output=True, text=True, check=False)
    return done.returncode == 0 and Path(done.stdout.strip()) == VENV and _scripts_fit()


def _scripts_fit() -> bool:
    script = VENV / "bin" / "pip"
    return script.exists() and str(VENV).encode() in script.read_bytes()


def _interpreter() -> str:
    """A Python that is new enough: the one that runs this, else the newest found on PATH."""
    if sys.version_info >= LEAST:
        return sys.executable
    for minor in range(14, LEAST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    raise Failed(
        f"Python {LEAST[0]}.{LEAST[1]} or newer is needed; {sys.executable} is {sys.version.split()[0]}.\n"
        "Install one (on Debian or Ubuntu: sudo apt-get install python3.11 python3.11-venv),\n"
        "or name one that you have: make up PYTHON=/path/to/python3.11"
    )


def _no_venv(base: str, said: str) -> str:
    told = subprocess.run(
        [base, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    if "ensurepip" not in said:
        return f"{base} could not make a virtual environment in {VENV}:\n{said.strip()}"
    return (
        f"{base} cannot make a virtual environment: its module ensurepip is missing. What adds it:\n"
        f"  Debian, Ubuntu   sudo apt-get install python{told.stdout.strip()}-venv\n"
        "  Fedora           sudo dnf install python3-pip\n"
        "Then say the same command again; or name another Python: make up PYTHON=/path/to/python3"
    )


def _pip(*arguments: str) -> None:
    """Runs `pip install`, telling each file it fetches as it begins; all it said is shown when it fails."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off", *arguments]
    said: list[str] = []
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_NO_INPUT": "1"}
    environment.pop("PIP_USER", None)
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if told := _told(line):
                say(f"  {told}")
    if process.returncode:
        raise Failed("\n".join([*said[-30:], "", f"pip failed ({process.returncode}). {_advice(said)}"]))


def _told(line: str) -> str:
    words = line.split()
    if not words:
        return ""
    if words[0] == "Downloading" and not words[1].endswith(".metadata"):
        # Names of wheels have five parts; the first two are the package and its version.
        parts = words[1].rpartition("/")[2].split("-")
        return f"fetching {parts[0]} {parts[1] if len(parts) > 1 else ''} {' '.join(words[2:4])}"
    if words[:2] == ["Installing", "collected"]:
        return "unpacking"
    if words[:2] == ["Installing", "build"] and words[-1] == "started":
        return "fetching what builds it"
    return ""


def _advice(said: list[str]) -> str:
    text = "\n".join(said).lower()
    if "do not match the hashes" in text:
        return "A file is not the one that was locked: the registry or a proxy gave another. Nothing was installed."
    if "no space left" in text:
        return "The disk is full: about 300 MB are needed."
    if "no matching distribution" in text:
        return "The registry that pip uses has no build of that package for this kind of machine or Python."
    return "pip uses the settings of this user and machine (`pip config list`); the same command goes on from here."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
