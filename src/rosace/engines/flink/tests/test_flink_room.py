"""Flink's words without Flink: settings, DDL, reasons."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import pytest
from pydantic import ValidationError

from rosace.engines.flink import ENGINE, memory, settings, sinks, sql
from rosace.engines.flink.faults import hopeless, reason
from rosace.engines.flink.live import _OFFSET, _RECORDS, _reveal  # pyright: ignore[reportPrivateUsage]
from rosace.engines.flink.rules import PROMISED
from rosace.engines.flink.spec import FlinkSpec
from rosace.local import workbench
from rosace.model.checked import Checked, CheckedJob, Fragment, Statement
from rosace.model.columns import ColumnType
from rosace.model.platform import Job, Platform, Topic
from rosace.model.quantity import Duration, Size


def table(*, only_read: bool = False, **more: object) -> str:
    topic = Topic.model_validate({"columns": {"carrier": "string!", "hour": "timestamp(3)!", "n": "bigint"}, **more})
    return sql.topic_table(
        "delays",
        topic,
        servers="127.0.0.1:1",
        reader="p-j",
        writer="p-j-delays",
        transaction=Duration(600),
        only_read=only_read,
    )


def test_a_log_is_read_from_its_beginning_and_written_in_transactions() -> None:
    ddl = table(key="carrier")
    assert "'connector' = 'kafka'" in ddl
    assert "'key.fields' = 'carrier'" in ddl
    assert "'scan.startup.mode' = 'earliest-offset'" in ddl
    assert "'properties.isolation.level' = 'read_committed'" in ddl
    assert "'sink.delivery-guarantee' = 'exactly-once'" in ddl
    assert "`carrier` STRING NOT NULL, `hour` TIMESTAMP(3) NOT NULL, `n` BIGINT" in ddl


def test_the_keys_of_records_that_are_only_read_are_nobodys_matter() -> None:
    assert "key." not in table(key="carrier", only_read=True)
    assert "'key.format' = 'json'" in table(key="carrier", compact=True, only_read=True)


def test_a_compacted_topic_is_a_changelog_by_its_key() -> None:
    ddl = table(key=["carrier", "hour"], compact=True)
    assert "'connector' = 'upsert-kafka'" in ddl
    assert "PRIMARY KEY (`carrier`, `hour`) NOT ENFORCED" in ddl
    assert "scan.startup.mode" not in ddl


def test_a_watermark_waits_for_what_is_late() -> None:
    assert "WATERMARK FOR `hour` AS `hour`)" in table(**{"event-time": "hour"})
    late = table(**{"event-time": {"column": "hour", "delay": "26h5m"}})
    assert "AS `hour` - INTERVAL '1 02:05:00.000' DAY(3) TO SECOND(3)" in late


def test_a_hint_may_not_take_back_what_makes_a_record_count_once() -> None:
    assert all(f"'{option}' = " in table() for option in PROMISED)


def test_what_is_inserted_says_its_hint_before_its_columns() -> None:
    hint = "/*+ OPTIONS('sink.parallelism'='2') */"
    assert sql.insert("`t`", hint, ("a", "b"), "SELECT 1, 2") == f"INSERT INTO `t` {hint} (`a`, `b`) SELECT 1, 2"
    assert sql.insert("`t`", "", (), "SELECT 1") == "INSERT INTO `t` SELECT 1"


def test_no_sink_takes_anothers_transactions_for_its_own() -> None:
    """Not even where all are called by the same few letters: a sink ends all that begins as its own do."""
    few = ("a", "a-a", "a-1", "a-a-1")
    all_of_them = [
        sinks.transactions(f"p-{job}{run}", topic, place)
        for job, run, topic, place in product(few, ("", ".g1"), few, (1, 11))
    ]
    assert len(set(all_of_them)) == len(all_of_them)
    assert not [pair for pair in permutations(all_of_them, 2) if pair[0].startswith(pair[1])]


def test_a_hint_of_ones_own_is_kept() -> None:
    ours = {"uid-suffix": "t-2"}
    assert sinks.hinted("", {}) == ""
    assert sinks.hinted("", ours) == "/*+ OPTIONS('uid-suffix' = 't-2') */"
    said = "/*+ options( 'sink.parallelism'='2') */"
    assert sinks.hinted(said, {}) == said
    assert sinks.hinted(said, ours) == "/*+ options( 'uid-suffix' = 't-2', 'sink.parallelism'='2') */"


@pytest.mark.parametrize(
    ("kind", "plain", "lake"),
    [
        ("timestamp(3)", "TIMESTAMP(3)", "TIMESTAMP(6)"),
        ("decimal(10,2)!", "DECIMAL(10, 2) NOT NULL", "DECIMAL(10, 2) NOT NULL"),
        ("double", "DOUBLE", "DOUBLE"),
        ("smallint!", "SMALLINT NOT NULL", "INT NOT NULL"),
        ("timestamptz(3)", "TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(6)"),
        ("time(3)", "STRING", "STRING"),
        ("array<smallint!>", "ARRAY<SMALLINT>", "ARRAY<INT>"),
        (
            "row<a map<string, binary>, b timestamp>!",
            "ROW<`a` MAP<STRING, BYTES>, `b` TIMESTAMP(3)> NOT NULL",
            "ROW<`a` MAP<STRING, BYTES>, `b` TIMESTAMP(6)> NOT NULL",
        ),
    ],
)
def test_columns(kind: str, plain: str, lake: str) -> None:
    assert sql.column_type(ColumnType.parse(kind)) == plain
    assert sql.column_type(ColumnType.parse(kind), lake=True) == lake


@pytest.mark.parametrize("heap", [384, 512, 2048])
@pytest.mark.parametrize("slots", [1, 2, 16])
def test_the_parts_of_the_heap_add_up_to_it(heap: int, slots: int) -> None:
    network = memory.network_memory(workbench.unchecked({"platform": "p"}, ENGINE), FlinkSpec(slots=slots), 2)
    parts = memory.task_manager(Size.mebibytes(heap), slots, memory.MANAGED, network)

    def mib(name: str) -> int:
        return int(parts[f"taskmanager.memory.{name}"].removesuffix("m"))

    assert mib("framework.heap.size") + mib("task.heap.size") == heap
    direct = mib("framework.off-heap.size") + mib("task.off-heap.size") + mib("network.max")
    assert memory.direct_memory(network).mib == direct


@pytest.mark.parametrize(
    ("statements", "buffers"),
    [
        ([("", "SELECT k FROM t")], 0),
        ([("", "SELECT k FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), x)) GROUP BY k")], 2),
        ([("", "SELECT * FROM TABLE( hop (a)) JOIN TABLE(CUMULATE(b))"), ("", "SELECT ROW_NUMBER() OVER w")], 5),
        ([("w", "SELECT TUMBLE(a)"), ("v", "SELECT * FROM w, `w`"), ("", "SELECT v.x FROM v"), ("", "FROM vw")], 8),
        ([("", "WITH w AS (SELECT TUMBLE(a)), v (x) AS (SELECT 1) SELECT * FROM w AS a JOIN w AS b JOIN v")], 4),
    ],
)
def test_windows_and_rankings_keep_rows(statements: list[tuple[str, str]], buffers: int) -> None:
    told = tuple(Statement("view" if view else "insert", Fragment(text), view=view) for view, text in statements)
    job = CheckedJob("j", Job.model_validate({"engine": "flink", "sql": "j.sql"}), Path("j"), told, (), (), ())
    assert memory.buffers(job) == buffers
    checked = replace(workbench.unchecked({"platform": "p"}, ENGINE), jobs={"j": job})
    managed = memory.managed_memory(checked, 16)
    assert managed >= memory.MANAGED
    assert managed / 16 >= buffers * memory.BUFFER


def _jobs(texts: dict[str, str], **words: object) -> Checked:
    """A platform whose jobs have these texts and words."""
    jobs = {
        name: CheckedJob(
            name,
            Job.model_validate({"engine": "flink", "sql": "j.sql", **words}),
            Path("j"),
            (Statement("insert", Fragment(text)),),
            (),
            (),
            (),
        )
        for name, text in texts.items()
    }
    return replace(workbench.unchecked({"platform": "p"}, ENGINE), jobs=jobs)


def test_buffers_of_the_network_are_enough_for_what_many_subtasks_exchange() -> None:
    text = " UNION ALL ".join(["SELECT k FROM TABLE(TUMBLE(TABLE t)) GROUP BY k"] * 4)
    few, many = (_jobs({"j": text}, parallelism=number) for number in (4, 24))
    assert memory.network_memory(few, FlinkSpec(), 4) == memory.NETWORK
    # Four windows, each behind one exchange and before another: 3 n + 2 buffers of 32 KiB for each subtask.
    least = 24 * 8 * (3 * 24 + 2) * memory.PAGE
    assert memory.network_memory(many, FlinkSpec(), 4) > max(least, 8 * 32 * 2**20)


def test_jobs_share_the_slots_that_somebody_said() -> None:
    jobs = _jobs(dict.fromkeys("abc", "SELECT 1"))
    assert settings.parallelism(jobs, 8) == dict.fromkeys("abc", 4)
    assert settings.parallelism(jobs, 8, 7) == dict.fromkeys("abc", 2)
    assert settings.parallelism(jobs, 8, 2) == dict.fromkeys("abc", 1)
    assert settings.slots(jobs, FlinkSpec(slots=7), 8) == 7


def test_a_transaction_outlives_its_checkpoint_and_not_the_broker() -> None:
    here = Platform(platform="here")
    for seconds in (0.5, 3, 60, 80, 899):
        job = Job(engine="flink", sql="j.sql", checkpoint=Duration(seconds))
        timeout = settings.transaction_timeout(here, job)
        assert seconds < timeout <= 900


def test_windows_take_each_record_unless_somebody_says_otherwise() -> None:
    job = Job.model_validate({"engine": "flink", "sql": "j.sql"})
    name, said = "table.optimizer.agg-phase-strategy", {"table.optimizer.agg-phase-strategy": "AUTO"}
    assert settings.session(FlinkSpec(), Platform(platform="here"), job, 1, "s3://c")[name] == "ONE_PHASE"
    assert settings.session(FlinkSpec(settings=said), Platform(platform="here"), job, 1, "s3://c")[name] == "AUTO"


def test_what_rosace_decides_cannot_be_set() -> None:
    with pytest.raises(ValidationError, match="cannot be set here"):
        FlinkSpec.model_validate({"settings": {"execution.checkpointing.dir": "file:///tmp"}})
    with pytest.raises(ValidationError, match="starts it again follows from what the platform promises"):
        FlinkSpec.model_validate({"settings": {"kubernetes.operator.job.restart.failed": "true"}})


def test_yaml_holds_any_path() -> None:
    text = settings.yaml({"io.tmp.dirs": 'a "b" é: #c'})
    assert text == 'io.tmp.dirs: "a \\"b\\" é: #c"\n'


def test_the_reason_is_the_innermost_cause() -> None:
    trace = (
        "org.apache.flink.table.api.ValidationException: SQL validation failed.\n\tat a.b(C.java:1)\n"
        "Caused by: org.apache.calcite.runtime.CalciteContextException: Column 'foo' not found\n\t... 9 more"
    )
    assert reason(trace) == "CalciteContextException: Column 'foo' not found"
    assert reason("") == "no reason given"


TRACE = """\
java.io.IOException: Failed to deserialize consumer record due to
\tat org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter.emitRecord(KafkaRecordEmitter.java:59)
Caused by: java.io.IOException: Failed to deserialize JSON '{"id":100,"amount":0}'.
\tat org.apache.flink.formats.json.JsonRowDataDeserializationSchema.deserialize(Unknown Source)
Caused by: java.lang.ArithmeticException: / by zero
\tat StreamExecCalc$12.processElement(Unknown Source)
"""


def test_the_reason_names_the_record_and_says_whether_trying_again_is_any_use() -> None:
    assert reason(TRACE) == 'ArithmeticException: / by zero, at the record {"id":100,"amount":0}'
    assert hopeless(TRACE)
    lost = "java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id 1 timed out."
    assert not hopeless(lost)
    assert reason(lost) == "Heartbeat of TaskManager with id 1 timed out."
    assert not hopeless("")


def test_secrets_are_put_in_at_the_last_moment() -> None:
    assert _reveal("'password' = '${secret:pg.password}'", {"pg.password": "it's"}) == "'password' = 'it''s'"


def test_offsets_are_found_in_metric_names() -> None:
    name = "Source__a[12].KafkaSourceReader.topic.my.topic.partition.3.currentOffset"
    match = _OFFSET.search(name)
    assert isinstance(match, re.Match)
    assert (match["topic"], match["partition"]) == ("my.topic", "3")


def test_what_a_source_reads_is_told_from_what_its_chain_writes() -> None:
    """Names seen on Flink 2.1.3: of 18,000 records read, 2,449 left the chain as partial sums."""
    names = ("Source__events[1].numRecordsIn", "LocalWindowAggregate[3].numRecordsIn", "numRecordsIn")
    more = ("Source__events[1].numRecordsOut", "Source__events[1].numRecordsInPerSecond", "Calc[2].numRecordsIn")
    assert [name for name in names + more if _RECORDS.match(name)] == [names[0]]


def test_only_a_topic_without_end_leaves_a_silent_partition_out() -> None:
    timed = Topic.model_validate(
        {"columns": {"moment": "timestamp(3)!"}, "event-time": {"column": "moment", "idle": "30s"}}
    )

    def told(*, endless: bool) -> str:
        return sql.topic_table(
            "t", timed, servers="b:1", reader="r", writer="w", transaction=Duration(60), endless=endless
        )

    assert "'scan.watermark.idle-timeout' = '30000 ms'" in told(endless=True)
    assert "idle-timeout" not in told(endless=False)
