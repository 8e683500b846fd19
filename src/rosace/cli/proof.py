"""A proof told to a person."""

from __future__ import annotations

from collections.abc import Iterator

from rosace.cli.tables import seen
from rosace.observe.verify.report import Flow, Report
from rosace.source.quoted import counted

HEAD = ("FLOW", "INTO", "IN", "OUT", "LOST", "DOUBLED", "ALTERED", "DIGEST", "RESULT")
SPARE = ("DIGEST", "FLOW", "IN")
"""What is left out, in this order, on a terminal that is too narrow for all."""


def lines(report: Report, color: bool, room: int | None = None) -> Iterator[str]:
    """The verified summary: a line per flow, what differs, and the verdict. `room` is how wide the terminal is."""
    rows = [HEAD, *(_row(flow) for flow in report.flows)]
    widths = {name: max(len(row[i]) for row in rows) for i, name in enumerate(HEAD)}
    for name in SPARE:
        if room is not None and sum(widths.values()) + 2 * (len(widths) - 1) > room:
            del widths[name]
    for row in rows:
        cells = [
            cell.rjust(widths[name]) if 2 <= i <= 6 else cell.ljust(widths[name])
            for i, (cell, name) in enumerate(zip(row, HEAD, strict=True))
            if name in widths
        ]
        text = "  ".join(cells).rstrip()
        yield f"\x1b[{'32' if row[-1] == 'exact' else '31'}m{text}\x1b[0m" if color and row[-1] in MARKED else text
    for flow in report.flows:
        for example in flow.examples[:5]:
            yield f"    {flow.target}: {seen(str(example))}"
        if flow.result == "not compared":
            yield f"    {flow.target}: {seen(flow.reason)}"
    compared = [flow for flow in report.flows if flow.result != "not compared"]
    totals = tuple(sum(getattr(flow, name) for flow in compared) for name in ("lost", "duplicated", "altered"))
    verdict = "EXACT" if report.exact else "NOT EXACT"
    yield (
        f"{verdict}: {counted(len(compared), 'flow')} compared, {totals[0]} lost, {totals[1]} duplicated, "
        f"{totals[2]} altered ({report.seconds:.1f} s)"
    )


MARKED = ("exact", "wrong")


def _row(flow: Flow) -> tuple[str, ...]:
    def number(value: int | None) -> str:
        return f"{value:,}" if value is not None else "-"

    return (
        flow.name,
        flow.target,
        number(flow.records_in),
        number(flow.records_out),
        number(flow.lost),
        number(flow.duplicated),
        number(flow.altered + flow.unexpected),
        f"{flow.digest_in[:8]} {'=' if flow.digest_in == flow.digest_out else '!'} {flow.digest_out[:8]}",
        flow.result,
    )
