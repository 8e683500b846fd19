"""The `rosace` command: finds the verb, runs it, and turns every refusal into words and an exit code."""

from __future__ import annotations

import gc
import inspect
import os
import sys
from typing import NoReturn

from cyclopts import App, Group, Parameter

from rosace import __version__
from rosace.cli import streams


def _default(value: object) -> str | None:
    """A default worth showing: that nothing is said when nothing is said goes without saying."""
    return None if value is None or value is False or value in ((), "") else str(value)


app = App(
    name="rosace",
    help="One typed file describes a whole Big Data platform; Rosace makes it real.",
    version=__version__,
    version_flags=["--version"],
    help_flags=["--help", "-h"],
    help_format="plaintext",
    help_epilogue="Start with: rosace init my-platform. `rosace VERB --help` teaches one verb, with examples.",
    default_parameter=Parameter(negative=(), show_default=_default),
)

GROUPS = {
    "Write": {
        "init": "Write a platform to start from",
        "check": "Find every error before anything starts",
        "explain": "What a diagnostic means and how to mend it",
        "schema": "The file's grammar, for editors",
    },
    "Run": {
        "plan": "What `up` would do, and why",
        "up": "Make the platform real on this machine",
        "down": "Stop it, keeping its data",
        "restart": "Restart an engine, run a job again",
        "rebuild": "Make a job, topic or table anew, from the beginning",
        "prune": "Remove what is no longer declared",
    },
    "See": {
        "status": "What runs, its memory, how far the data is",
        "get": "List topics, tables, jobs, edges, artifacts, ...",
        "describe": "One resource and what hangs together with it",
        "logs": "What the engines say",
        "open": "The engines' own pages",
    },
    "Deliver": {
        "place": "On which cluster what runs, and why",
        "build": "Charts, values and Argo CD applications for clusters",
        "diff": "What an upgrade would do to the clusters",
        "release": "Helm's workflow on what was built: lint ... rollback",
        "lab": "Real Kubernetes on this machine, without Docker",
    },
    "Use": {
        "query": "SQL over topics and tables",
        "topic": "Topics as they are: readers, lag, records, new ones",
        "connect": "Lines by which other programs reach it",
        "verify": "Prove that results are exact",
    },
    "Rosace": {
        "doctor": "What this machine lacks",
        "completion": "Words that the shell completes",
        "version": "Rosace and the engines it brings",
    },
}
"""The verbs in the order in which `--help` shows them, with a line for each (that needs no import of the verb)."""

for _place, (_title, _verbs) in enumerate(GROUPS.items()):
    _group = Group(_title, sort_key=_place)
    for _number, (_verb, _line) in enumerate(_verbs.items()):
        app.command(f"rosace.cli.verbs.{_verb}:{_verb}", name=_verb, group=_group, help=_line, sort_key=_number)
app["--help"].group = app["--version"].group = Group("Options", sort_key=len(GROUPS))

_FIRST = ("-C", "--directory", "--env", "--set", "--allow-outside")

MOST_WORDS = 1_000
"""Words of a command line: Cyclopts 5.4 takes time in the square of their number, a second for 2,000."""


def main() -> None:
    """Entry point of the console script."""
    if sys.getfilesystemencoding() == "ascii" and os.environ.get("PYTHONUTF8") != "1":
        _start_in_utf8()
    streams.ready()
    code = streams.finished(run(sys.argv[1:]))
    # What the verb made dies with the process: Python would look through all of it for circles, several times, a sixth
    # of the CPU of `check`. What is registered to be done at the end is done all the same. DuckDB's binding (nanobind)
    # alone has to see its objects go: it tells of each one that is left, on thirty lines.
    if "_duckdb" not in sys.modules:
        gc.freeze()
    sys.exit(code)


def _start_in_utf8() -> NoReturn:
    """Starts over: texts are UTF-8 wherever they stand, and in plain ASCII no file with an accent could be named.

    Python does this by itself in a locale without an encoding (PEP 540), unless PYTHONUTF8=0 forbids it.
    """
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code. Never raises, never prints a traceback for bad input."""
    tokens = [""]
    try:
        if len(arguments) > MOST_WORDS:
            raise _too_long(len(arguments))
        tokens = _verb_first(arguments)
        if {"--help", "-h"} & set(tokens):
            _teach(app, tokens)
        result = app(tokens, exit_on_error=False, print_error=False, result_action="return_value")
        return result if isinstance(result, int) else 0
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except BaseException as error:
        from rosace.cli import failures

        return failures.tell(error, *tokens[:1])


def _too_long(words: int) -> Exception:
    from rosace.source.diagnostic import refuse

    message = f"the command line has {words:,} words: more than {MOST_WORDS:,}"
    hint = "values for many keys go into an overlay: `--env prod` reads env/prod.yaml"
    return refuse("too-large", message, hints=(hint,))


def _verb_first(arguments: list[str]) -> list[str]:
    """`rosace -C examples/flights status` is `rosace status -C examples/flights`."""
    at = 0
    while at < len(arguments) and arguments[at].partition("=")[0] in _FIRST:
        at += 1 if "=" in arguments[at] else 2
    return [*arguments[at : at + 1], *arguments[:at], *arguments[at + 1 :]]


def _teach(among: App, tokens: list[str]) -> None:
    """Gives the help of a verb all of its docstring, examples at the end; `--help` itself imports no verb."""
    if not tokens or tokens[0] not in among or tokens[0].startswith("-"):
        return
    told = among[tokens[0]]
    text = inspect.cleandoc((told.default_command and told.default_command.__doc__) or "")
    words, _, examples = text.partition("\nExamples:\n")
    told.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in words.split("\n\n"))
    told.help_epilogue = f"Examples:\n{examples}" if examples else ""
    _teach(told, tokens[1:])
