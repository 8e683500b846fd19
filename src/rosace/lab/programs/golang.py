"""Builds a program from its Go module, as a module of its own that requires it.

`go install PACKAGE@VERSION` refuses modules whose go.mod has replacements, and Kubernetes, etcd and others have them.
So a folder is made that requires the module, with upstream's own Go version, debug settings, replacements, exclusions
and checksums. Go's settings (module proxy, checksum database, caches) are this machine's own.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from rosace.lab.programs.pins import GoPin
from rosace.lab.programs.run import Unavailable, need, run

SOURCES = Path(__file__).resolve().parent.parent / "go"
"""Mains of our own, a folder each."""

_ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off"}


def build(pin: GoPin, scratch: Path, target: Path) -> str:
    """Builds the pinned program into the file `target`; says what it was built from. Raises Unavailable."""
    go = need("go", f"{pin.name} {pin.version} is built from {pin.module or 'a source of Rosace'}, which takes Go")
    scratch.mkdir()
    release = _required(go, pin, scratch) if pin.module else f"{pin.name} {pin.version} of Rosace"
    flags = ["-s", "-w", *(f"-X {variable}={value}" for variable, value in pin.stamp.items())]
    how = ["-trimpath", "-buildvcs=false", f"-ldflags={' '.join(flags)}"]
    package = _own(go, pin, scratch) if pin.source else pin.package
    command = [go, "build", *how, "-o", str(target), package]
    run(command, scratch, f"Building {pin.name} {pin.version}", _ENVIRONMENT)
    if not target.is_file():
        raise Unavailable(f"Building {pin.name} {pin.version} made no file: the package is not a program.")
    return f"{release} with {run([go, 'env', 'GOVERSION'], scratch, 'Asking Go for its version').strip()}"


def _required(go: str, pin: GoPin, scratch: Path) -> str:
    """A module that requires the pinned one as upstream builds it; its release is given back."""
    release = f"{pin.module}@v{pin.version}"
    run([go, "mod", "download", release], scratch, f"Getting {release}", _ENVIRONMENT)
    upstream = Path(run([go, "list", "-m", "-f", "{{.Dir}}", release], scratch, f"Finding {release}").strip())
    told = json.loads(run([go, "mod", "edit", "-json", str(upstream / "go.mod")], scratch, "Reading go.mod"))
    (scratch / "go.mod").write_text(go_mod(pin, told), encoding="utf-8")
    (scratch / "go.sum").write_text(go_sum(pin, upstream), encoding="utf-8")
    if not pin.source:
        run([go, "get", f"{pin.package}@v{pin.version}"], scratch, f"Getting what {release} requires", _ENVIRONMENT)
    return release


def _own(go: str, pin: GoPin, scratch: Path) -> str:
    """The main of ours in the module, with what it imports."""
    if not pin.module:
        run([go, "mod", "init", f"build/{pin.name}"], scratch, "Beginning a module", _ENVIRONMENT)
    for file in sorted((SOURCES / pin.source).glob("*.go")):
        shutil.copyfile(file, scratch / file.name)
    if pin.module:
        run([go, "get", "."], scratch, f"Getting what {pin.name} requires", _ENVIRONMENT)
    return "."


def go_mod(pin: GoPin, told: dict[str, Any]) -> str:
    """The go.mod that requires the pinned module the way upstream builds it; `told` is upstream's as JSON."""
    lines = [f"module build/{pin.name}", f"go {told['Go']}", f"require {pin.module} v{pin.version}"]
    # Written out, so that the program behaves as upstream's and not as the default of this machine's Go.
    lines += [f"godebug {each['Key']}={each['Value']}" for each in told.get("Godebug") or ()]
    for each in told.get("Replace") or ():
        old, new = each["Old"], each["New"]
        if version := new.get("Version"):
            lines.append(f"replace {_place(old)} => {new['Path']} {version}")
        elif pin.staging is not None:
            lines.append(f"replace {old['Path']} => {old['Path']} v{pin.staging}")
    lines += [f"exclude {_place(each)}" for each in told.get("Exclude") or ()]
    return "\n".join(lines) + "\n"


def go_sum(pin: GoPin, upstream: Path) -> str:
    """Upstream's checksums and the pinned one of the module itself: Go refuses other bytes, also without a database."""
    file = upstream / "go.sum"
    theirs = file.read_text(encoding="utf-8") if file.is_file() else ""
    return f"{theirs.rstrip()}\n{pin.module} v{pin.version} {pin.sum}\n".lstrip()


def _place(module: dict[str, Any]) -> str:
    return " ".join(part for part in (module["Path"], module.get("Version")) if part)
