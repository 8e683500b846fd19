"""Every SQL and Python file that is named is there, is text, and says something."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from rosace.check.draft import Draft
from rosace.check.texts import Text
from rosace.source.diagnostic import Diagnostic, Label
from rosace.source.span import Span, file_start
from rosace.source.tree import Path


def check(draft: Draft) -> Iterator[Diagnostic]:
    told: set[tuple[str, str]] = set()
    looked: set[tuple[str, str]] = set()
    for written, path, language in _named(draft):
        if (written, language) in looked:
            # Jobs may share a file.
            continue
        looked.add((written, language))
        found = draft.texts.read(written, draft.value(*path))
        problem = found if isinstance(found, Diagnostic) else _content(found, draft, path, language)
        if problem is not None and (problem.code, written) not in told:
            told.add((problem.code, written))
            yield problem


def _named(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for name, job in draft.platform.jobs.items():
        if job.sql is not None:
            yield job.sql, ("jobs", name, "sql"), "sql"
        if job.python is not None:
            yield job.python, ("jobs", name, "python"), "python"
    for name, query in draft.platform.queries.items():
        yield query.sql, ("queries", name, "sql"), "sql"
    for target, oracle in draft.platform.verify.items():
        yield oracle.sql, draft.verify_path(target), "sql"


def _content(text: Text, draft: Draft, path: Path, language: str) -> Diagnostic | None:
    if language == "python":
        return _python(text)
    if _says_something(text.text):
        return None
    labels = (Label(file_start(text.lines.file)), Label(draft.value(*path), "named here", primary=False))
    return Diagnostic("empty-file", f"`{text.lines.file}` holds no statement", labels=labels)


def _says_something(sql: str) -> bool:
    """Whether anything but comments, blanks and semicolons is there."""
    at = 0
    while at < len(sql):
        if sql.startswith("--", at):
            at = end if (end := sql.find("\n", at)) >= 0 else len(sql)
        elif sql.startswith("/*", at):
            at = end + 2 if (end := sql.find("*/", at + 2)) >= 0 else len(sql)
        elif sql[at].isspace() or sql[at] == ";":
            at += 1
        else:
            return True
    return False


def _python(text: Text) -> Diagnostic | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text.text)
            # What only the compiler finds: a `return` outside a function, the same parameter twice. Nothing is run.
            compile(text.text, text.lines.file, "exec", dont_inherit=True)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        starts = [0, *(at + 1 for at, letter in enumerate(text.text) if letter == "\n")]
        offset = starts[min(line, len(starts)) - 1] + column - 1
        label = Label(text.span(offset, offset + 1))
        return Diagnostic("python-syntax", f"not Python: {error.msg}", labels=(label,))
    except (ValueError, RecursionError, MemoryError) as error:
        return Diagnostic("python-syntax", f"not Python: {error}", labels=(Label(file_start(text.lines.file)),))
    return _no_run(text, module)


def _no_run(text: Text, module: ast.Module) -> Diagnostic | None:
    runs = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "run"]
    if runs and _takes_one(runs[-1].args):
        return None
    if runs:
        line = runs[-1].lineno
        message = f"`run` in `{text.lines.file}` cannot be called with the session alone"
        label = Label(Span(text.lines.file, line, 1, line, len("def run") + 1), "called as `run(spark)`")
    else:
        message = f"`{text.lines.file}` has no function `run`"
        label = Label(file_start(text.lines.file), "no `def run(spark)` in this file")
    hint = "the job is what `def run(spark)` does; the session is given to it"
    return Diagnostic("python-no-run", message, labels=(label,), hints=(hint,))


def _takes_one(asked: ast.arguments) -> bool:
    """Whether a function can be called with one argument."""
    places = [*asked.posonlyargs, *asked.args]
    least = len(places) - len(asked.defaults)
    return least <= 1 and bool(places or asked.vararg) and None not in asked.kw_defaults
