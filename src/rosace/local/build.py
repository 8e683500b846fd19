"""Which Rosace this is, down to an edit in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import rosace


@cache
def build() -> str:
    """The version, and the newest change of its files: a checkout is edited without a new version."""
    root = Path(rosace.__file__).parent
    newest = max((path.stat().st_mtime_ns for path in root.rglob("*.py")), default=0)
    return f"{rosace.__version__}+{newest}"
