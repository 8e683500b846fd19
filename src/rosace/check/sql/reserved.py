"""Names that stand without quotes and are words of the engine's own.

Comes in: a query's tree and who read it. Goes out: problems by offset. Must not: know which words an engine reserves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from rosace.check.sql.extent import extent
from rosace.check.sql.reader import Reader
from rosace.check.sql.relation import Problem
from rosace.check.sql.words import VALUES


def reserved(tree: exp.Expr, reader: Reader) -> Iterator[Problem]:
    """Every name in `tree` that the engine would refuse, or read as something else, because it is not quoted.

    Names of topics and tables are none of them: a job has those that its engine gives them, in quotes.
    """
    language = reader.language
    for name in tree.find_all(exp.Identifier):
        place = extent(name)
        if name.quoted or name.name.upper() not in language.reserved or place is None:
            continue
        if any(one.start <= place[0] < one.end for one in (*reader.found.uses, *reader.found.problems)):
            continue
        if _is_bare(name) and name.name.upper() in VALUES and not _is_column(name.name, reader):
            continue
        message = f"`{name.name}` is a word of {language.title}'s SQL, and a name only in quotes"
        quoted = language.quoted(name.name)
        marks = "backticks" if quoted.startswith("`") else "double quotes"
        yield Problem("reserved-word", message, *place, hints=(f"write it in {marks}: {quoted}",))


def _is_column(name: str, reader: Reader) -> bool:
    """Whether a column of anything that is read is called so: a bare `user` is meant to be that column."""
    refs = {use.ref for use in reader.found.uses}
    tables = [relation for relation in reader.names.relations.values() if relation.ref in refs]
    exact = reader.language.habits.case_sensitive
    return any(one.find(name, exact=exact) for one in (*tables, *reader.views.values()))


def _is_bare(name: exp.Identifier) -> bool:
    return isinstance(name.parent, exp.Column) and not name.parent.table
