"""Writes the golden trees: what the examples become on clusters, to be read in a change's difference.

Comes in: the examples. Goes out: `tests/golden/<example>/`, all that `rosace build` writes but the charts, which lie in
`charts/`. `--check` writes nothing, and exits 1 where a file is not what it would be.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rosace.check.platform import check
from rosace.deliver.build import build
from rosace.source.load import load

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = {"flights": "prod", "vision360": "prod", "clouds": "prod"}


def files(example: str) -> dict[str, str]:
    """The golden files of an example: relative path -> text."""
    folder, environment = ROOT / "examples" / example, EXAMPLES[example]
    tree = load(folder / "platform.yaml", [folder / "env" / f"{environment}.yaml"], [])
    built = build(check(tree, folder), environment)
    return {name: text for name, text in built.files.items() if not name.startswith("charts/")}


def stored(example: str) -> dict[str, str]:
    """What lies there now."""
    folder = GOLDEN / example
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def main(options: list[str]) -> int:
    """Writes the trees, or compares them. Returns an exit code."""
    stale = 0
    for example in EXAMPLES:
        new, old = files(example), stored(example)
        changed = sorted(name for name in {*new, *old} if new.get(name) != old.get(name))
        stale += len(changed)
        print("".join(f"{example}/{name}\n" for name in changed), end="")
        if "--check" not in options and changed:
            shutil.rmtree(GOLDEN / example, ignore_errors=True)
            for name, text in new.items():
                path = GOLDEN / example / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    return 1 if stale and "--check" in options else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
