"""The platform as it was deployed: what verbs read while its files are being edited, even where they do not check.

Comes in: a platform's home. Goes out: `Deployed`: the deployment with its addresses, and the `Checked` it was made
from. Must not: plan anything, or look at `platform.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosace.local.control import NotRunning
from rosace.local.deployed import deployed, read_deployed
from rosace.local.home import Home
from rosace.model.capabilities import Capability, KafkaBootstrap, SqlEndpoint
from rosace.model.checked import Checked
from rosace.plan.machine.deployment import Deployment
from rosace.source.diagnostic import Diagnostic, Refused, refuse

PROOF = (KafkaBootstrap, SqlEndpoint)
"""What a proof reads through."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What was last handed over. `fresh` are the files of queries and oracles that say something else since, which
    `checked` has as they are now; `problems` are what is wrong in them, by file.
    """

    home: Home
    deployment: Deployment
    checked: Checked
    fresh: tuple[Path, ...]
    problems: Mapping[Path, tuple[Diagnostic, ...]]

    def refuse_broken(self, *files: Path) -> None:
        """Raises Refused where one of these files has errors now."""
        if found := [problem for file in files for problem in self.problems.get(file, ())]:
            raise Refused(*found)


def offered_to_proofs(deployment: Deployment) -> dict[type[Capability], Capability]:
    """The addresses that a proof reads through, as they were given to what was started."""
    found = ((kind, deployment.offered(kind)) for kind in PROOF)
    return {kind: offer[1] for kind, offer in found if offer is not None}


def packages(deployment: Deployment) -> dict[str, Path]:
    """The folders of sources that a package brings, by the source's name."""
    return {name: Path(path) for name, path in deployment.packages.items()}


def read(home: Home) -> Deployed:
    """Raises NotRunning where nothing was handed over, Damaged for a file that is not ours, Refused where another
    version of Rosace kept something else than this one reads.
    """
    deployment = deployed(home)
    if deployment is None:
        raise NotRunning("nothing was ever handed over")
    kept = read_deployed(home).get("source")
    if not kept:
        raise refuse(
            "deployed-by-another",
            "another version of Rosace deployed this platform, and kept no copy of what it was made from",
            hints=("`rosace up` keeps one; it changes nothing of what runs unless your files say so",),
        )
    return _restored(home, deployment, kept)


def _restored(home: Home, deployment: Deployment, kept: Mapping[str, Any]) -> Deployed:
    from rosace.check.platform import restore
    from rosace.check.texts import Texts
    from rosace.source.load import reload

    tree = reload([(Path(path), text) for path, text in kept["layers"]], kept["set"])
    root = Path(kept["root"])
    texts = {Path(path): text for path, text in kept["texts"].items()}
    fresh = {path: now for path in _asked(tree.value, root) if (now := _now(path, root, texts)) is not None}
    restored = restore(tree, Texts.kept(root, texts | fresh))
    return Deployed(home, deployment, restored.checked, tuple(fresh), restored.problems)


def _asked(value: object, root: Path) -> list[Path]:
    """The files of queries and oracles: nothing runs them by itself, so they are read when they are asked for."""
    said: list[object] = []
    for section in ("queries", "verify"):
        items = value.get(section) if isinstance(value, dict) else None
        said += items.values() if isinstance(items, dict) else ()
    named = (one.get("sql") if isinstance(one, dict) else one for one in said)
    return [root / name for name in named if isinstance(name, str)]


def _now(path: Path, root: Path, kept: Mapping[Path, str]) -> str | None:
    """What a file says now where that is not what was kept; None where it is the same, or cannot be read."""
    from rosace.check.texts import MOST_BYTES
    from rosace.source.reach import NotRegular, Outside, Reach, TooLarge

    try:
        text = Reach(root).read(path, MOST_BYTES).decode("utf-8-sig")
    except (Outside, NotRegular, TooLarge, OSError, ValueError):
        return None
    return None if text == kept.get(path) else text
