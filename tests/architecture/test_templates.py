"""No object is laid out twice: what several charts say alike is in `charts/shared`, and each has a derived copy.

A chart stands alone, without a chart that all depend on: whoever installs one needs nothing beside it.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from codebase import ROOT

CHARTS = ROOT / "charts"
SHARED = CHARTS / "shared" / "_rosace.tpl"
COPY = SHARED.name

LONGEST = 13
"""Lines that two templates may have in common one after the other: about a volume with its mount, or the head of an
object. More is an object, or a part of one, that is laid out twice."""


def test_every_chart_has_the_shared_templates_as_they_are() -> None:
    """`python tools/charts.py` makes them the same again; the first line of a copy says so."""
    copies = sorted(CHARTS.glob(f"*/templates/{COPY}"))
    assert [path.parent.parent for path in copies] == _charts()
    for path in copies:
        head, _, text = path.read_text(encoding="utf-8").partition("\n")
        assert "Derived from charts/shared/_rosace.tpl" in head
        assert text == SHARED.read_text(encoding="utf-8"), path


def test_no_two_templates_say_the_same() -> None:
    texts = {
        path.relative_to(CHARTS).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(CHARTS.glob("*/templates/**/*"))
        if path.is_file() and path.name != COPY
    }
    twice = _twice({**texts, "shared": SHARED.read_text(encoding="utf-8")})
    assert not twice, "put it into charts/shared/_rosace.tpl, or into the chart's helpers:\n" + "\n".join(twice)


@pytest.mark.parametrize(("lines", "found"), [(LONGEST, False), (LONGEST + 1, True)])
def test_a_copy_is_found(lines: int, found: bool) -> None:
    said = [f"key-{number}: value" for number in range(lines)]
    other = "\n\n".join(f"  {line}" for line in ["other: 1", *said, "other: 2"])
    assert bool(_twice({"a.yaml": "\n".join(said), "b.yaml": other})) == found


def _charts() -> list[Path]:
    """The charts with templates of objects: all but the umbrella, which has none."""
    charts = (path.parent for path in CHARTS.glob("*/Chart.yaml"))
    return sorted(chart for chart in charts if len(list(chart.glob("templates/*"))) > 1)


def _twice(texts: dict[str, str]) -> list[str]:
    """Runs of lines that stand in two templates, or twice in one; indentation and blank lines do not count."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, text in texts.items():
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for start in range(len(lines) - LONGEST):
            places["\n".join(lines[start : start + LONGEST + 1])].append(name)
    return sorted({f"{' and '.join(sorted(set(names)))}: {run}" for run, names in places.items() if len(names) > 1})
