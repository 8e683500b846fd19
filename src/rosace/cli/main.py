"""The `rosace` command: finds the verb, runs it, and turns every refusal into words and an exit code."""

from __future__ import annotations

import sys

from cyclopts import App

from rosace import __version__

app = App(
    name="rosace",
    help="One typed file describes a whole Big Data platform; Rosace makes it real.",
    version=__version__,
    version_flags=["--version"],
    help_flags=["--help", "-h"],
)

GROUPS = {
    "Write": ("init", "check", "explain", "schema"),
    "Run": ("plan", "up", "down", "restart"),
    "See": ("status", "get", "describe", "logs", "open"),
    "Use": ("query", "verify"),
    "Rosace": ("doctor", "completion", "version"),
}

for _group, _verbs in GROUPS.items():
    for _verb in _verbs:
        app.command(f"rosace.cli.verbs.{_verb}:{_verb}", name=_verb, group=_group)


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code. Never raises, never prints a traceback for bad input."""
    from rosace.cli import failures

    try:
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        return result if isinstance(result, int) else 0
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except BaseException as error:
        return failures.tell(error)
