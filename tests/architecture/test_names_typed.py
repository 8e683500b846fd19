"""A name that Rosace made of parts is never taken apart again: a topic or table is a `Ref`, which alone knows `lake.`.

Looked for in every module: a text that begins with `lake.` and goes on with what it is put together of, and any
question after that beginning. Whole sentences and examples of SQL are none. `LEFT` says what is something else, each
with its reason; what is no longer there fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from codebase import HOUSE, ROOT

from rosace.model.checked import LAKE

HOME = "src/rosace/model/checked.py"
ASKING = {"startswith", "removeprefix", "partition", "split", "endswith", "removesuffix"}
LEFT: dict[str, dict[str, str]] = {
    "src/rosace/check/sql/reader.py": {"parts[0].startswith('lake.')": "a person's own, quoted as a whole in SQL"},
}


def taken_apart(source: str) -> Iterator[str]:
    """What a module makes or reads of names of tables by itself, as it is written there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            first, *rest = node.values or [None]
            begins = isinstance(first, ast.Constant) and first.value == LAKE
            if begins and rest:
                yield ast.unparse(node)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ASKING
            and any(isinstance(one, ast.Constant) and one.value == LAKE for one in node.args)
        ):
            yield ast.unparse(node)


def test_only_a_reference_knows_how_a_table_is_spelled() -> None:
    found = {
        name: said
        for path in sorted(HOUSE.rglob("*.py"))
        if (name := str(path.relative_to(ROOT))) != HOME and "/tests/" not in name
        if (said := set(taken_apart(path.read_text(encoding="utf-8"))))
    }
    assert found == {name: set(reasons) for name, reasons in LEFT.items()}


@pytest.mark.parametrize(
    "planted",
    [
        'kind = "table" if ref.startswith("lake.") else "topic"',
        'name = ref.removeprefix("lake.")',
        'names = [f"lake.{table}" for table in tables]',
    ],
)
def test_what_takes_a_name_apart_is_found(planted: str) -> None:
    assert list(taken_apart(planted))


def test_what_only_speaks_of_a_table_is_not() -> None:
    assert not list(taken_apart('say(f"write `lake.{name}`", "lake.orders", str(Ref("table", name)))'))
