"""Files of public Go modules, where Kubernetes publishes what it is: through `go mod download`, never copied here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PATIENCE = 300
"""Seconds for one module; the largest used here (k8s.io/kubernetes) is a download of 21 MB."""


def module_folder(module: str, version: str) -> Path | str:
    """The unpacked module, or a sentence that says why it cannot be had. Go checks it against its public sums."""
    if not (go := shutil.which("go")):
        return f"{module} {version} comes as a Go module, and there is no `go` on this machine: install Go"
    own = {key: value for key, value in os.environ.items() if key not in ("GOFLAGS", "GOWORK")}
    with tempfile.TemporaryDirectory() as nowhere:
        try:
            done = subprocess.run(
                [go, "mod", "download", "-json", f"{module}@{version}"],
                cwd=nowhere,
                env={**own, "GOTOOLCHAIN": "local"},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{module} {version} did not come within {PATIENCE} s: is the Go module proxy within reach?"
    try:
        said = json.loads(done.stdout or "{}")
    except ValueError:
        said = {}
    folder = said.get("Dir")
    if done.returncode or not folder or not Path(folder).is_dir():
        lines = str(said.get("Error") or done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
        return f"{module} {version} cannot be downloaded as a Go module: {lines[-1]}"
    return Path(folder)
