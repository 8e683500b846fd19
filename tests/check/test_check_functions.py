"""Functions as each engine lists them: what it has is taken, what it has not is told with what it has instead."""

from __future__ import annotations

import pytest
from test_check_grammar import NAMES

from rosace.check.sql.dialects import language_of
from rosace.check.sql.reading import read_query
from rosace.contract.registry import engines

UNKNOWN = [
    ("flink", "SELECT NVL(LENGHT(b), 0) FROM t", "NVL", "in Apache Flink it is COALESCE or IFNULL"),
    ("flink", "SELECT CHAR_LENGHT(b) FROM t", "CHAR_LENGHT", "did you mean `CHAR_LENGTH`?"),
    ("flink", "SELECT length(b) FROM t", "length", "in Apache Flink it is CHAR_LENGTH"),
    ("flink", "SELECT DATE_ADD(ts, 1) FROM t", "DATE_ADD", "in Apache Flink it is a + INTERVAL '1' DAY"),
    ("spark", "SELECT charindex2(b) FROM t", "charindex2", None),
    ("spark", "SELECT strpos(b, 'x') FROM t", "strpos", "in Apache Spark it is instr or locate"),
    ("trino", "SELECT nvl(a, 0) FROM t", "nvl", "in Trino it is COALESCE"),
    ("trino", "SELECT a FROM t WHERE datediff(ts, ts) > 1", "datediff", "in Trino it is date_diff('day', a, b)"),
    ("trino", "SELECT SUM(x) OVER (ORDER BY lenght(b)) FROM t", "lenght", "did you mean `LENGTH`?"),
]
ARGUMENTS = [
    ("flink", "SELECT ROUND(x, 1, 2) FROM t", "`ROUND` takes 1 to 2 arguments, and is given 3"),
    ("flink", "SELECT CONCAT() FROM t", "`CONCAT` takes 1 argument or more, and is given 0"),
    ("trino", "SELECT date_trunc(ts) FROM t", "`date_trunc` takes 2 arguments, and is given 1"),
    ("trino", "SELECT upper(b, b) FROM t", "`upper` takes 1 argument, and is given 2"),
]
FINE = [
    ("flink", "SELECT COUNT(*), COUNT(DISTINCT b), LISTAGG(b, ','), STDDEV_POP(x) FROM t"),
    ("flink", "SELECT CEILING(x), IF(f, 1, 2) FROM t"),
    ("flink", "SELECT TUMBLE_START(ts, INTERVAL '1' DAY) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY)"),
    ("flink", "SELECT FLOOR(ts TO DAY), EXTRACT(YEAR FROM ts), TIMESTAMPDIFF(DAY, ts, ts), NOW(), PROCTIME() FROM t"),
    ("flink", "SELECT q.z FROM t, LATERAL TABLE(a_function_of_somebody(b)) AS q (z)"),
    ("spark", "SELECT timestampdiff(DAY, ts, ts), try_cast(b AS INT), nvl(b, ''), dateadd(DAY, 1, ts) FROM t"),
    ("spark", "SELECT system.bucket(16, a), explode(array(1)), window(ts, '1 hour').start FROM t"),
    ("trino", "SELECT if(f, 1), try(a / 0), coalesce(b, ''), format('%s', b), row(1, 2) FROM t"),
    ("trino", "SELECT count(), count(*), max_by(a, b), max_by(a, b, 2) FROM t"),
    ("trino", "SELECT reduce(ARRAY[a], 0, (s, v) -> s + v, s -> s) FROM t"),
    ("trino", "SELECT current_timestamp(3), localtimestamp FROM t"),
    ("trino", "SELECT listagg(b, ',') WITHIN GROUP (ORDER BY b) FROM t"),
]  # fmt: skip


def told(engine: str, text: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    problems = read_query(text, language_of(engines()[engine]), NAMES).problems
    return [(one.code, text[one.start : one.end], one.message, one.hints) for one in problems]


@pytest.mark.parametrize(("engine", "text", "name", "hint"), UNKNOWN)
def test_a_function_that_the_engine_has_not(engine: str, text: str, name: str, hint: str | None) -> None:
    code, place, message, hints = told(engine, text)[0]
    assert (code, place) == ("unknown-function", name)
    assert message.startswith(f"`{name}` is no function of ")
    assert hint is None or hints == (hint,)


@pytest.mark.parametrize(("engine", "text", "message"), ARGUMENTS)
def test_a_function_with_too_many_or_too_few_arguments(engine: str, text: str, message: str) -> None:
    assert [(one[0], one[2]) for one in told(engine, text)] == [("function-arguments", message)]


@pytest.mark.parametrize(("engine", "text"), FINE)
def test_functions_that_the_engine_has(engine: str, text: str) -> None:
    assert told(engine, text) == []
