"""`rosace topic`: topics as they are now. Each word after it has a file here."""

from __future__ import annotations

from cyclopts import App

from rosace.cli.options import Output, Where

topic = App(name="topic")
WORDS = {
    "list": "Topics with their readers, and how far behind each is",
    "peek": "Records from an offset on",
    "tail": "The last records, and those that come",
    "unfit": "Records that do not fit the columns, and those that are set aside",
    "replay": "Put back what was set aside, mended or as it is",
    "produce": "Send records from stdin, checked against the columns",
}
for _number, (_word, _line) in enumerate(WORDS.items()):
    topic.command(f"rosace.cli.verbs.topic.{_word}:{_word}", name=_word, help=_line, sort_key=_number)


@topic.default
def listed(*, where: Where | None = None, output: Output = "table") -> int:
    """Topics of what runs: their records and their readers; `rosace topic WORD` looks closer.

    Examples:
      rosace topic
      rosace topic tail departures -f
      rosace topic peek departures --partition 2 --offset 1000
      rosace topic produce departures < more.jsonl
    """
    from rosace.cli.verbs.topic.list import list as shown

    return shown(where=where, output=output)
