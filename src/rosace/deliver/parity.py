"""How much of what runs here also holds there: each setting the same, mapped, or not representable, and why.

Comes in: `Estate`. Goes out: rows, and the same as a page for people.
"""

from __future__ import annotations

import re
from typing import Any

from rosace.contract.registry import engines
from rosace.deliver.yamltext import HIDDEN
from rosace.plan.clusters.topology import Estate


def rows(estate: Estate) -> list[dict[str, str]]:
    """Every setting that a room knows on both targets, each once, by engine; rooms with one target say so."""
    found: list[dict[str, str]] = []
    for part in estate.parts:
        if estate.homes[part.engine.name][0] != part.site.cluster_name:
            continue
        if "local" not in part.engine.targets:
            found.append(_row(part.engine.name, "engine", "", part.engine.title, "not representable", "clusters only"))
        for one in part.engine.kubernetes.parity(part.site):
            found.append(_row(part.engine.name, one.setting, one.local, one.cluster, one.verdict, one.why))
    left = [room for room in engines().values() if room.name in estate.homes or room.targets != ("local",)]
    known = {room.name for room in left}
    for name in estate.checked.engines:
        if name not in known:
            found.append(_row(name, "engine", engines()[name].title, "", "not representable", "this machine only"))
    return found


def _row(engine: str, setting: str, local: str, cluster: str, verdict: str, why: str) -> dict[str, str]:
    return {"engine": engine, "setting": setting, "local": local, "cluster": cluster, "verdict": verdict, "why": why}


def page(estate: Estate) -> str:
    """The rows as Markdown: a count first, then what differs, then the rest."""
    all_rows = rows(estate)
    counts = {verdict: sum(row["verdict"] == verdict for row in all_rows) for verdict in VERDICTS}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    lines = [
        f"# {estate.platform}: this machine and `{estate.environment}`",
        "",
        f"{len(all_rows)} settings: {told}. *Mapped* means: the same intent, said in the target's own way.",
    ]
    for engine in dict.fromkeys(row["engine"] for row in all_rows):
        lines += ["", f"## {engine}", "", "| Setting | Here | There | | Why |", "|---|---|---|---|---|"]
        lines += [
            f"| {_cell(row['setting'])} | {_cell(row['local'])} | {_cell(row['cluster'])} "
            f"| {row['verdict']} | {_prose(row['why'])} |"
            for row in all_rows
            if row["engine"] == engine
        ]
    return "\n".join(lines) + "\n"


VERDICTS = ("same", "mapped", "not representable")


def _prose(text: str) -> str:
    """Words of ours, with Markdown of their own, in one cell."""
    return text.replace("|", "\\|").replace("\n", " ")


_MEANT = re.compile(r"[\\|<&\[\]`*~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_UNSEEN = re.compile(f"[{HIDDEN}]")


def _cell(text: Any) -> str:
    """A text that Markdown shows as it is: no cell, link, element or hidden character of its own (CommonMark, 2.4)."""
    one_line = re.sub(r"[\t\n]", " ", str(text))
    return _UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", _MEANT.sub(r"\\\g<0>", one_line))
