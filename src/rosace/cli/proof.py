"""A proof told to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rosace.cli.tables import seen
from rosace.observe.verify.report import Flow, Report
from rosace.source.quoted import counted

HEAD = ("FLOW", "INTO", "IN", "OUT", "LOST", "DOUBLED", "ALTERED", "DIGEST", "RESULT")
SPARE = ("DIGEST", "FLOW", "IN")
"""What is left out, in this order, on a terminal that is too narrow for all."""


def lines(report: Report, color: bool, room: int | None = None) -> Iterator[str]:
    """The verified summary: a line per flow, what differs, and the verdict. `room` is how wide the terminal is."""
    rows = [HEAD, *(_row(flow) for flow in report.flows)]
    widths = _widths(rows)
    if _too_wide(widths, room):
        # Two digests that are the same say no more than one.
        rows = [HEAD, *(_row(flow, short=True) for flow in report.flows)]
        widths = _widths(rows)
    for name in SPARE:
        if _too_wide(widths, room):
            del widths[name]
    for row in rows:
        cells = [
            cell.rjust(widths[name]) if 2 <= i <= 6 else cell.ljust(widths[name])
            for i, (cell, name) in enumerate(zip(row, HEAD, strict=True))
            if name in widths
        ]
        text, result = "  ".join(cells).rstrip(), row[-1].partition(",")[0]
        yield f"\x1b[{'32' if result == 'exact' else '31'}m{text}\x1b[0m" if color and result in MARKED else text
    for flow in report.flows:
        for example in flow.examples[:5]:
            yield f"    {flow.target}: {seen(str(example))}"
        if flow.reason and flow.result != "exact" and flow.reason not in flow.examples:
            yield f"    {flow.target}: {seen(flow.reason)}"
    yield _verdict(report)


def _widths(rows: Sequence[tuple[str, ...]]) -> dict[str, int]:
    return {name: max(len(row[i]) for row in rows) for i, name in enumerate(HEAD)}


def _too_wide(widths: Mapping[str, int], room: int | None) -> bool:
    return room is not None and sum(widths.values()) + 2 * (len(widths) - 1) > room


def _verdict(report: Report) -> str:
    """The last line: what the table above comes to, and not more. EXACT is said only where all of it was compared."""
    compared, whole = report.compared, len(report.flows)
    lost, doubled = sum(flow.lost for flow in compared), sum(flow.duplicated for flow in compared)
    altered = sum(flow.altered + flow.unexpected for flow in compared)
    totals = f"{lost:,} lost, {doubled:,} duplicated, {altered:,} altered ({report.seconds:.1f} s)"
    exact = sum(flow.result == "exact" for flow in compared)
    left = f", {whole - len(compared)} not compared" if whole > len(compared) else ""
    if not report.exact:
        return f"NOT EXACT: {exact} of {counted(whole, 'flow')} exact{left}: {totals}"
    if left:
        return f"{exact} of {counted(whole, 'flow')} exact{left}: {totals}"
    return f"EXACT: {counted(whole, 'flow')} compared, {totals}"


def _digests(flow: Flow, *, short: bool) -> str:
    same = flow.digest_in == flow.digest_out
    if same and short:
        return flow.digest_out[:8]
    return f"{flow.digest_in[:8]} {'=' if same else '!'} {flow.digest_out[:8]}"


MARKED = ("exact", "wrong")


def _row(flow: Flow, *, short: bool = False) -> tuple[str, ...]:
    compared = flow.result != "not compared"

    def number(value: int | None) -> str:
        return f"{value:,}" if value is not None else "-"

    def found(value: int) -> str:
        """Of a flow that was compared with nothing, nobody knows whether something is missing."""
        return f"{value:,}" if compared else "-"

    return (
        flow.name,
        flow.target,
        number(flow.records_in),
        number(flow.records_out),
        found(flow.lost),
        found(flow.duplicated),
        found(flow.altered + flow.unexpected),
        _digests(flow, short=short) if compared else "-",
        f"{flow.result}, {flow.aside:,} set aside" if flow.aside else flow.result,
    )
