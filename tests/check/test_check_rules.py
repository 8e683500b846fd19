"""Rules one by one, beyond the example that each page holds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from check_outcome import Examine

from rosace.source.diagnostic import Severity

WINDOW = "INSERT INTO copies SELECT id, amount FROM {}(TUMBLE(TABLE {}, DESCRIPTOR({}), INTERVAL '1' HOUR))"
BASE = """platform: demo
topics:
  orders:
    columns: {id: int!, amount: double, ordered: timestamp(3)!, place: string}
    key: id
    event-time: ordered
  copies: {columns: {id: int!, amount: double}}
tables:
  orders: {like: orders}
  totals: {columns: {place: string, orders: bigint!, amount: double}}
sources:
  shop: {file: orders.csv, to: orders}
jobs:
  copy: {engine: flink, sql: copy.sql}
  land: {engine: spark, sql: land.sql}
  totals: {engine: spark, sql: totals.sql, schedule: "0 5 * * *", after: land}
"""
FILES = {
    "orders.csv": "id,amount,ordered,place\n1,2.5,2013-01-01T00:00:00,Paris\n",
    "copy.sql": "INSERT INTO copies SELECT id, amount FROM orders",
    "land.sql": "INSERT INTO lake.orders SELECT * FROM orders",
    "totals.sql": "INSERT OVERWRITE TABLE lake.totals "
    "SELECT place, COUNT(*), SUM(amount) FROM lake.orders GROUP BY place",
}


@pytest.fixture
def changed(examined: Examine) -> Examine:
    """The base with one text replaced in `platform.yaml`, and other files."""

    def run(old: str = "", new: str = "", **files: str) -> object:
        assert old in BASE
        named = {f"{name}.sql": text for name, text in files.items()}
        return examined(BASE.replace(old, new, 1) if old else BASE, {**FILES, **named})

    return run


def test_base_is_fine(changed: Examine) -> None:
    assert changed().diagnostics == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("to: orders", "to: order", "unknown-name"),
        ("to: orders", "to: lake.order", "unknown-name"),
        ("to: orders", "to: totals", "unknown-name"),
        ("like: orders", "like: lake.orders", "unknown-name"),
        ("after: land", "after: [land, sop]", "unknown-name"),
        ("key: id", "key: [id, ident]", "unknown-column"),
        ("event-time: ordered", "event-time: {column: orderd, delay: 1m}", "unknown-column"),
        ("event-time: ordered", "event-time: amount", "event-time-type"),
        ("key: id", "key: place", "key-may-be-null"),
        ("{like: orders}", "{like: orders, partition: [hour(id)]}", "bad-partition"),
        ("{like: orders}", "{like: orders, partition: [nope(]}", "bad-partition"),
        ("{like: orders}", "{like: orders, partition: [month(orderd)]}", "unknown-column"),
        ("file: orders.csv", "file: order.csv", "file-missing"),
        ("file: orders.csv", "file: .", "unknown-format"),
        ("file: orders.csv", "file: ., format: csv", "source-columns"),
        ("file: orders.csv", "file: orders.csv, order: [day]", "unknown-column"),
        ('"0 5 * * *"', '"0 25 * * *"', "bad-schedule"),
        ('"0 5 * * *"', '"0 5 31 2 *"', "bad-schedule"),
        ('"0 5 * * *"', '"@daily"', "bad-schedule"),
        ("engine: spark, sql: totals.sql", "engine: flink, sql: totals.sql", "engine-cannot"),
        ("engine: flink", "engine: kafka", "engine-cannot"),
        ("engine: flink", "engine: flnik", "unknown-engine"),
        ("platform: demo", "platform: demo\nengines: {sparkk: {}}", "unknown-engine"),
        ("platform: demo", "platform: demo\nengines: {flink: {memory: lots}}", "bad-value"),
        ("platform: demo", "platform: demo\nstorage: {provider: spark}", "not-storage"),
        ("platform: demo", "platform: demo\nstorage: {provider: seaweed}", "unknown-engine"),
        ("platform: demo", "platform: demo\nstorage: {buckets: {ab: }}", "bad-bucket"),
        ("sql: copy.sql", "sql: copy.sql, checkpoint: 20m", "checkpoint-too-slow"),
        ("sql: copy.sql", "sql: copy.sql, checkpoint: 20m, delivery: at-least-once", ""),
        ("engine: flink, sql: copy.sql", "engine: flink, sql: copy.sql, parallelism: 4", ""),
        ("shop: {", "land: {", "same-name"),
        ("  land: {", "  source-shop: {", "same-name"),
        ("totals: {columns: {place: string", "totals: {columns: {place: string, Place: string", "same-name"),
        ("  totals: {columns", "  Orders: {like: orders}\n  totals: {columns", "same-name"),
        ("  totals: {columns", "  spare: {like: orders}\n  totals: {columns", "unused"),
        ("sources:", "verify: {copie: copy.sql}\nsources:", "unknown-name"),
    ],
)
def test_platform_changes(changed: Examine, old: str, new: str, code: str) -> None:
    codes = changed(old, new).codes
    assert code in codes if code else not codes


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"copy": "INSERT INTO copies SELECT id FROM orders"}, "insert-columns"),
        ({"copy": "INSERT INTO copies (id) SELECT id FROM orders"}, ""),
        ({"copy": "INSERT INTO copies (amount) SELECT amount FROM orders"}, "insert-columns"),
        ({"copy": "INSERT INTO copies (id, id) SELECT id, id FROM orders"}, "insert-columns"),
        ({"copy": "INSERT INTO copies (id, amnt) SELECT id, amount FROM orders"}, "unknown-column"),
        ({"copy": "INSERT INTO copies SELECT amount, id FROM orders"}, "insert-type"),
        ({"copy": "INSERT INTO copies SELECT COUNT(*), SUM(amount) FROM orders"}, "insert-type"),
        ({"copy": "INSERT INTO copies SELECT id, place FROM orders"}, "insert-type"),
        ({"copy": "INSERT INTO copies SELECT CAST(place AS INT), CAST(place AS DOUBLE) FROM orders"}, "insert-null"),
        (
            {
                "copy": "INSERT INTO copies SELECT CAST(place AS INT), CAST(place AS DOUBLE) FROM orders "
                "WHERE place IS NOT NULL"
            },
            "",
        ),
        ({"copy": "INSERT INTO copies SELECT some_udf(id), other_udf(*) FROM orders"}, "unknown-function"),
        ({"copy": "INSERT INTO copies SELECT t.* FROM orders, LATERAL TABLE(split(place)) AS t"}, ""),
        ({"copy": "INSERT OVERWRITE copies SELECT id, amount FROM orders"}, "overwrite-topic"),
        ({"land": "INSERT OVERWRITE lake.orders SELECT * FROM orders"}, "overwrite-stream"),
        ({"totals": FILES["totals.sql"].replace("OVERWRITE", "INTO")}, "rerun-doubles"),
        ({"totals": FILES["totals.sql"].replace("place, COUNT", "COUNT(*), place, COUNT")}, "insert-columns"),
        ({"totals": FILES["totals.sql"].replace("place, COUNT(*)", "COUNT(*), place")}, "insert-type"),
        ({"copy": "INSERT INTO nowhere SELECT id, amount FROM orders"}, "unknown-name"),
        ({"copy": "INSERT INTO copies VALUES (1, 2.5)"}, "idle-job"),
        ({"copy": "CREATE TABLE x (a INT)"}, "sql-statement"),
        ({"copy": "WITH a AS (SELECT 1) INSERT INTO copies SELECT id, amount FROM orders"}, "sql-statement"),
        (
            {"copy": "EXECUTE STATEMENT SET BEGIN INSERT INTO copies SELECT id, amount FROM orders; END"},
            "sql-statement",
        ),
        ({"copy": "CREATE TEMPORARY VIEW v (a) AS SELECT 1"}, "sql-statement"),
        ({"copy": "INSERT INTO copies PARTITION (id = 1) SELECT amount FROM orders"}, "sql-statement"),
        ({"copy": "INSERT copies SELECT id, amount FROM orders"}, "sql-syntax"),
        ({"copy": "INSERT INTO copies"}, "sql-syntax"),
        ({"copy": "INSERT INTO copies SELECT 'id FROM orders"}, "sql-syntax"),
        ({"copy": ";;/* nothing */;"}, "empty-file"),
        ({"land": "INSERT INTO copies SELECT id, amount FROM orders"}, "two-writers"),
        ({"copy": WINDOW.format("TABLE", "orders", "ordered")}, ""),
        ({"copy": WINDOW.format("TABLE", "copies", "id")}, "window-time"),
        ({"copy": WINDOW.format("", "lake.orders", "ordered").replace("(TUMBLE", "TUMBLE", 1)[:-1]}, "window-time"),
        (
            {
                "copy": "CREATE TEMPORARY VIEW v AS SELECT id, amount, ordered AS `at` FROM orders;\n"
                "INSERT INTO copies SELECT id, amount FROM TUMBLE(TABLE v, DESCRIPTOR(`at`), INTERVAL '1' HOUR)"
            },
            "",
        ),
        (
            {
                "copy": "CREATE TEMPORARY VIEW v AS SELECT *, CAST(ordered AS TIMESTAMP(3)) AS `at` FROM orders;\n"
                "INSERT INTO copies SELECT id, amount FROM TUMBLE(TABLE v, DESCRIPTOR(`at`), INTERVAL '1' HOUR)"
            },
            "window-time",
        ),
    ],
)
def test_sql_changes(changed: Examine, files: dict[str, str], code: str) -> None:
    codes = changed(**files).codes
    assert code in codes if code else not codes


def test_cycle_is_spelt(examined: Examine) -> None:
    yaml = BASE.replace("engine: flink, sql: copy.sql", "engine: spark, sql: copy.sql, after: totals")
    yaml = yaml.replace("sql: land.sql", "sql: land.sql, after: copy, delivery: at-least-once")
    files = {**FILES, "copy.sql": "INSERT INTO copies SELECT id, amount FROM orders"}
    found = examined(yaml, files).one("cycle")
    assert "`copy` → `land` → table `lake.orders` → `totals` → `copy`" in found.message
    assert len(found.labels) == 3


def test_own_table_overwritten_by_a_batch(changed: Examine) -> None:
    """A batch job may read what it overwrites; a streaming job never ends to read its own records."""
    text = "INSERT OVERWRITE lake.totals SELECT place, COUNT(*), SUM(amount) FROM lake.totals GROUP BY place"
    assert changed(totals=text).codes == set()
    assert "cycle" in changed(copy="INSERT INTO orders SELECT * FROM orders").errors


def test_two_writers_by_kind(changed: Examine) -> None:
    both = "INSERT INTO copies SELECT id, amount FROM orders"
    assert changed(land=both).one("two-writers").severity is Severity.WARNING
    compacted = changed("copies: {columns", "copies: {key: id, compact: true, columns", land=both)
    assert compacted.one("two-writers").severity is Severity.ERROR


def test_open_topic_is_not_finite(changed: Examine) -> None:
    assert changed().proof().jobs["copy"].finite_inputs == ("shop",)
    yaml_without_source = changed("to: orders", "to: copies")
    assert "source-columns" not in yaml_without_source.codes
    assert yaml_without_source.proof().jobs["land"].finite_inputs == ()


def test_mixed_input_is_not_finite(examined: Examine) -> None:
    yaml = BASE.replace("  copies:", "  outside: {columns: {id: int!}}\n  copies:")
    files = {
        **FILES,
        "copy.sql": "INSERT INTO copies SELECT o.id, o.amount FROM orders o JOIN outside u ON u.id = o.id",
    }
    assert examined(yaml, files).proof().jobs["copy"].finite_inputs == ()


def test_python_job(examined: Examine) -> None:
    yaml = BASE.replace(
        "engine: spark, sql: totals.sql,", "engine: spark, python: totals.py, reads: lake.orders, writes: lake.totals,"
    )
    proof = examined(yaml, {**FILES, "totals.py": "def run(spark):\n    pass\n"}).proof()
    assert [str(ref) for ref in proof.jobs["totals"].reads] == ["lake.orders"]
    assert proof.jobs["totals"].statements == ()
    assert proof.jobs["totals"].finite_inputs == ("shop",)
    silent = yaml.replace("reads: lake.orders, ", "")
    assert "idle-job" in examined(silent, {**FILES, "totals.py": "def run(spark):\n    pass\n"}).errors
    flink = yaml.replace("engine: spark, python", "engine: flink, python")
    assert "engine-cannot" in examined(flink, {**FILES, "totals.py": "def run(spark):\n    pass\n"}).errors


def test_not_utf8(examined: Examine, tmp_path: Path) -> None:
    (tmp_path / "copy.sql").write_bytes(b"INSERT INTO copies\nSELECT '\xe9' FROM orders")
    files = {name: text for name, text in FILES.items() if name != "copy.sql"}
    found = examined(BASE, files).one("not-utf8")
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 9)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("orders.csv", "id;amount;ordered;place\n"),
        ("orders.tsv", "id\tamount\tordered\tplace\n"),
        ("orders.jsonl", '{"id": 1, "ordered": "2013-01-01T00:00:00"}\n{"amount": 1, "place": "x"}\n'),
    ],
)
def test_source_formats(examined: Examine, name: str, text: str) -> None:
    assert examined(BASE.replace("orders.csv", name), {**FILES, name: text}).diagnostics == []


def test_a_json_column_that_no_line_has(examined: Examine) -> None:
    yaml = BASE.replace("orders.csv", "orders.jsonl")
    line = '{"id": 1, "ordered": "2013-01-01T00:00:00", "place": null, "ammount": 2}\n'
    found = examined(yaml, {**FILES, "orders.jsonl": line}).one("source-columns")
    assert found.message.startswith("no line of `orders.jsonl` has `amount`")
    assert found.hints == ("the file has `ammount`",)
    assert found.severity is Severity.ERROR
    assert examined(yaml, {**FILES, "orders.jsonl": line * 2000}).one("source-columns").severity is Severity.ERROR
    other = line.replace("ammount", "tax")
    assert examined(yaml, {**FILES, "orders.jsonl": other}).one("source-columns").severity is Severity.ERROR
    assert examined(yaml, {**FILES, "orders.jsonl": other * 2000}).one("source-columns").severity is Severity.WARNING


def test_a_csv_name_that_no_column_can_have(examined: Examine) -> None:
    text = "id,Montant réglé,ordered,place\n"
    found = examined(BASE.replace("amount", "montant_regle"), {**FILES, "orders.csv": text}).one("source-columns")
    assert found.hints == (
        'the file calls it `Montant réglé`: say so in the source, `columns: {montant_regle: {from: "Montant réglé"}}`',
    )


def test_source_that_lacks_a_column(examined: Examine) -> None:
    found = examined(BASE, {**FILES, "orders.csv": "id,amont,ordered,place\n"}).one("source-columns")
    assert found.hints == ("the file has `amont`",)
    assert len(found.labels) == 2
    broken = examined(BASE.replace("orders.csv", "orders.parquet"), {**FILES, "orders.parquet": "no"})
    assert broken.errors == {"file-unreadable"}


def test_an_oracle_may_go_through_a_list(examined: Examine) -> None:
    """As DuckDB takes it ("List Comprehension" of its documentation)."""
    yaml = BASE + "verify: {copies: oracle.sql}\n"
    text = "SELECT len([x FOR x IN [id] IF x > 1]) AS id, amount FROM shop"
    assert duckdb.sql(text.replace("shop", "(SELECT 2 AS id, 1.0 AS amount)")).fetchall()[0][0] == 1
    assert examined(yaml, {**FILES, "oracle.sql": text}).diagnostics == []
    wrong = examined(yaml, {**FILES, "oracle.sql": text.replace("[id]", "[nope]")})
    assert "`nope`" in wrong.one("unknown-column").message


def test_oracle_names_sources_only(examined: Examine) -> None:
    yaml = BASE + "verify: {copies: oracle.sql}\n"
    good = "SELECT id, sum(amount) AS amount FROM shop GROUP BY ALL"
    assert examined(yaml, {**FILES, "oracle.sql": good}).diagnostics == []
    topic = examined(yaml, {**FILES, "oracle.sql": "SELECT id, amount FROM orders"})
    assert topic.errors == {"unknown-name"}
    column = examined(yaml, {**FILES, "oracle.sql": "SELECT id, amont AS amount FROM shop"})
    assert column.one("unknown-column").hints == ("did you mean `amount`?",)
    short = examined(yaml, {**FILES, "oracle.sql": "SELECT id FROM shop"})
    assert short.errors == {"oracle-columns"}
    other = examined(yaml, {**FILES, "oracle.sql": "SELECT * FROM range(3)"})
    assert other.diagnostics == []


def test_names_that_need_quotes(examined: Examine) -> None:
    yaml = "platform: demo\ntopics:\n  in-put: {columns: {id: int!}}\n  out-put: {columns: {id: int!}}\n"
    yaml += "jobs:\n  copy: {engine: flink, sql: copy.sql}\n"
    fine = examined(yaml, {"copy.sql": "INSERT INTO `out-put` SELECT `in-put`.id FROM `in-put`"}).proof()
    statement = fine.jobs["copy"].statements[0]
    assert statement.body.render(lambda ref: f"<{ref}>") == "SELECT `in-put`.id FROM <in-put>"
    bare = examined(yaml, {"copy.sql": "INSERT INTO `out-put` SELECT id FROM in-put"}).one("sql-syntax")
    assert bare.hints == ("a name with a dash is quoted: `in-put`",)


def test_one_text_for_two_jobs_is_told_once(examined: Examine) -> None:
    yaml = BASE.replace("sql: land.sql", "sql: copy.sql")
    assert examined(yaml, {**FILES, "copy.sql": "INSERT INTO copies SELECT idd, amount FROM orders"}).one(
        "unknown-column"
    )


@pytest.mark.parametrize("yaml", ["platform: demo\n", "platform: demo\ntopics: {}\njobs: {}\nengines: {kafka: }\n"])
def test_small_platforms(examined: Examine, yaml: str) -> None:
    assert examined(yaml).errors == set()
    assert examined(yaml).checked is not None


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("def run(spark):\n    x = (1,\n", "python-syntax", (2, 9)),
        ("import json\ndef run(spark):\n    pass\nreturn 1\n", "python-syntax", (4, 1)),
        ("def run(spark, spark):\n    pass\n", "python-syntax", (1, 16)),
        ("x = 1\n\ndef run():\n    pass\n", "python-no-run", (3, 1)),
        ("def run(spark, day):\n    pass\n", "python-no-run", (1, 1)),
        ("def run(spark, *, day):\n    pass\n", "python-no-run", (1, 1)),
        ("async def run(spark):\n    pass\n", "python-no-run", (1, 1)),
        ("def run(spark):\n    import no_such_module\n", "spark-import", (2, 5)),
        ("def run(spark, day=None, *rest, **more):\n    return None\n", "", ()),
    ],
)
def test_python_job_that_cannot_run(examined: Examine, text: str, code: str, place: tuple[int, ...]) -> None:
    yaml = BASE.replace(
        "engine: spark, sql: totals.sql,", "engine: spark, python: totals.py, reads: lake.orders, writes: lake.totals,"
    )
    outcome = examined(yaml, {**FILES, "totals.py": text})
    assert outcome.errors == ({code} if code else set())
    if code:
        span = outcome.one(code).span
        assert span is not None
        assert span.file.endswith("totals.py")
        assert (span.line, span.column) == place


def test_a_schedule_that_is_none_is_the_only_mistake(examined: Examine) -> None:
    """A job whose schedule cannot be read is not told besides what it would do when it is run again."""
    yaml = (
        "platform: p\ntables: {t: {columns: {a: int}}, u: {columns: {a: int}}}\njobs: {j: {engine: spark, sql: j.sql, "
    )
    sql = {"j.sql": "INSERT INTO lake.t SELECT a FROM lake.u\n"}
    assert examined(yaml + 'schedule: "99 * * * *"}}', sql).errors == {"bad-schedule"}
    assert examined(yaml + 'schedule: "9 * * * *"}}', sql).errors == {"rerun-doubles"}
