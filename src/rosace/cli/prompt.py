"""The prompt of `rosace query`: statements typed one after the other, with completion and a memory.

Comes in: what was deployed. Goes out: answers on stdout. Must not: end because of a wrong statement.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from rosace.cli import failures
from rosace.cli.answers import Answers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rosace.model.checked import Checked
    from rosace.observe.deployed import Deployed

MOST_REMEMBERED = 1_000
"""Statements kept from session to session."""

HELP = r"""A statement ends with a semicolon; it may have several lines. Tab completes names and words.
  SHOW TABLES;   what there is        \x   rows on their side, or not
  DESCRIBE x;    the columns of x     \q   ends, as Ctrl-D does"""


def prompt(known: Deployed, limit: int | None) -> int:
    """Asks until there is no more; the exit code, which is 0: a wrong statement was a word too many."""
    answers = Answers(known.deployment, "table", None, limit)
    failures.say(f"{known.checked.platform.platform}: topics bare, tables as lake.x; \\? helps, Ctrl-D ends")
    with _memory(known.home.path / "query.history", words(known.checked)):
        text = ""
        while True:
            try:
                line = input("    -> " if text else "sql> ")
            except EOFError:
                print()
                return 0
            except KeyboardInterrupt:
                print()
                text = ""
                continue
            if (not text and line.strip().startswith("\\")) or line.strip() in ("exit", "quit", "help"):
                if not _command(line.strip(), answers):
                    return 0
                continue
            text += line + "\n"
            if line.rstrip().endswith(";"):
                _answer(known, answers, text)
                text = ""
            elif not text.strip():
                text = ""


def _command(word: str, answers: Answers) -> bool:
    """Does what begins with a backslash; False where it is the end."""
    match word:
        case "\\q" | "exit" | "quit":
            return False
        case "\\x":
            answers.sideways = None if answers.sideways else True
            failures.say("rows on their side: " + ("always" if answers.sideways else "where they are wide"))
        case _:
            failures.say(HELP)
    return True


def _answer(known: Deployed, answers: Answers, text: str) -> None:
    from rosace.observe import ask

    try:
        answers.all(ask.typed(known.checked, text, "sql"))
    except KeyboardInterrupt:
        failures.say("cancelled")
    except Exception as error:
        failures.tell(error)


def words(checked: Checked) -> list[str]:
    """What Tab knows: topics and tables by their names in SQL, their columns, and words of the language."""
    from rosace.model.checked import Ref

    names = [*checked.topics, *(str(Ref("table", name)) for name in checked.tables)]
    held = [column for spec in (*checked.topics.values(), *checked.tables.values()) for column in spec.columns]
    return sorted({*names, *held, *WORDS.split()})


WORDS = """
SELECT FROM WHERE GROUP BY ORDER BY LIMIT HAVING JOIN LEFT JOIN ON USING AS AND OR NOT NULL IN EXISTS BETWEEN LIKE
DISTINCT CASE WHEN THEN ELSE END CAST WITH UNION ALL VALUES SHOW TABLES DESCRIBE EXPLAIN DESC ASC count sum avg min max
date_trunc approx_distinct coalesce current_timestamp
"""


def completing(known: list[str]) -> Callable[[str, int], str | None]:
    """The completion of `readline`: the n-th word that begins as what was typed does, whatever the case."""

    def complete(text: str, number: int) -> str | None:
        found = [word for word in known if word.lower().startswith(text.lower())]
        return found[number] if number < len(found) else None

    return complete


@contextlib.contextmanager
def _memory(file: Path, known: list[str]) -> Generator[None]:
    """Line editing and a history of the user's own, where Python has `readline`."""
    try:
        import readline
    except ImportError:
        yield
        return
    with contextlib.suppress(OSError):
        file.touch(mode=0o600)
        readline.read_history_file(file)
    readline.set_history_length(MOST_REMEMBERED)
    readline.set_completer(completing(known))
    readline.set_completer_delims(" \t\n()=,;<>+-*/")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            readline.write_history_file(file)
