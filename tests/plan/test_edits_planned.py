"""What the plan says of an edit is what is done: to a table's metadata, and to what is made anew."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rosace.engines.iceberg.evolve import CannotEvolve, current_schema, evolved, generation
from rosace.kit.lake import widens
from rosace.model.checked import Ref
from rosace.model.columns import ColumnType
from rosace.plan.machine.deployment import Deployment, from_json, to_json
from rosace.plan.machine.edits import revise
from rosace.plan.machine.lineage import Flow, Shape, bare
from rosace.plan.machine.revision import Asked, Revision
from rosace.plan.machine.shaping import renamed, shape_edits

TYPES = (
    "int", "bigint", "smallint", "float", "double", "string", "uuid", "boolean", "date", "timestamp(3)", "timestamp(6)",
    "decimal(10,2)", "decimal(12,2)", "decimal(12,3)", "array<int>", "array<string>", "map<string, int>",
    "row<a int, b string>",
)  # fmt: skip
WRITTEN = st.builds("{}{}".format, st.sampled_from(TYPES), st.sampled_from(("", "", "!")))
COLUMNS = st.dictionaries(st.sampled_from("abcdef"), WRITTEN, min_size=1, max_size=4)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Shape, Shape]:
    """A table, and the same after some edits: columns gone, added, of other types, under other names."""
    old = draw(COLUMNS)
    new: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, written in old.items():
        match draw(st.sampled_from(("keep", "keep", "drop", "type", "rename"))):
            case "keep":
                new[name] = written
            case "type":
                new[name] = draw(WRITTEN)
            case "rename":
                called = draw(st.sampled_from("abcdefgh"))
                if called not in new and called not in old:
                    new[called], names[called] = written, name
            case _:
                pass
    new = {**new, **{n: w for n, w in draw(st.dictionaries(st.sampled_from("xyz"), WRITTEN)).items() if n not in new}}
    new = new or {"k": "int"}
    by = tuple(draw(st.lists(st.sampled_from(sorted(new)), max_size=2, unique=True)))
    plain = tuple(name for name in by if "<" not in new[name])
    return Shape(old), Shape(new, partition=plain, renamed={k: v for k, v in names.items() if k in new})


def declared(shape: Shape, number: int = 0) -> dict[str, Any]:
    columns = {
        name: f"{written} renamed-from {shape.renamed[name]}" if name in shape.renamed else written
        for name, written in shape.columns.items()
    }
    return {
        "name": "t", "columns": columns, "key": [], "partition": list(shape.partition), "generation": number,
        "swap": False,
    }  # fmt: skip


def metadata(shape: Shape) -> dict[str, Any]:
    """A table of that shape as Iceberg keeps it, with a snapshot in it."""
    empty: dict[str, Any] = {
        "format-version": 2, "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1", "location": "s3://lake/w/t",
        "last-sequence-number": 1, "last-updated-ms": 1, "last-column-id": 0, "current-schema-id": 0,
        "schemas": [{"type": "struct", "schema-id": 0, "fields": []}], "default-spec-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": []}], "last-partition-id": 999, "default-sort-order-id": 0,
        "sort-orders": [{"order-id": 0, "fields": []}], "properties": {}, "current-snapshot-id": -1, "snapshots": [],
        "snapshot-log": [], "metadata-log": [], "refs": {},
    }  # fmt: skip
    made = evolved(empty, declared(shape, 1), 2)
    assert made is not None
    made["properties"] = {}
    made["snapshots"] = [
        {"snapshot-id": 7, "sequence-number": 1, "timestamp-ms": 3, "manifest-list": "s3://lake/w/m.avro",
         "summary": {"operation": "append"}, "schema-id": made["current-schema-id"]}
    ]  # fmt: skip
    made["current-snapshot-id"], made["refs"] = 7, {"main": {"snapshot-id": 7, "type": "branch"}}
    return made


def numbers(found: dict[str, Any]) -> dict[str, int]:
    return {field["name"]: field["id"] for field in current_schema(found)["fields"]}


def taken(found: dict[str, Any]) -> Any:
    """What another library makes of the metadata; it raises for what is none."""
    from pyiceberg.table.metadata import TableMetadataUtil

    return TableMetadataUtil.parse_raw(json.dumps(found))


ALIKE = {"smallint": "int", "uuid": "string", "timestamp(6)": "timestamp(3)"}
"""Types of which the lake stores the same."""


def kept(written: str) -> str:
    plain = written.removesuffix("!")
    return ALIKE.get(plain, plain) + "!" * written.endswith("!")


def unlike(old: Shape, new: Shape) -> bool:
    """Whether a column became one whose values the table cannot hold."""
    names = renamed(old, new)
    both = (
        (old.columns[names.get(name, name)], text)
        for name, text in new.columns.items()
        if names.get(name, name) in old.columns
    )
    types = ((ColumnType.parse(kept(one)), ColumnType.parse(kept(other))) for one, other in both)
    return any(not widens(one, other) for one, other in types)


@settings(max_examples=300, deadline=None)
@given(edited())
def test_what_is_said_of_columns_is_what_is_done_to_them(shapes: tuple[Shape, Shape]) -> None:
    old, new = shapes
    before = metadata(old)
    said = shape_edits(TABLE, old, new)
    refused = [one for one in said if one.refused]
    if refused:
        # The catalog refuses the same, but for what it does not tell apart, and nulls: those it can only see in rows.
        if any("new and never null" in one.refused for one in refused) or unlike(old, new):
            with pytest.raises(CannotEvolve):
                evolved(before, declared(new), 9)
        return
    after = evolved(before, declared(new), 9)
    assert (after is None) == (
        [(name, kept(text)) for name, text in old.columns.items()]
        == [(name, kept(text)) for name, text in new.columns.items()]
        and not new.partition
    ), said
    found = after or before
    taken(found)
    was, now, names = numbers(before), numbers(found), renamed(old, new)
    assert list(now) == list(new.columns)
    same = {name for name in now if names.get(name, name) in was}
    assert all(now[name] == was[names.get(name, name)] for name in same)
    assert not {now[name] for name in set(now) - same} & set(was.values())
    assert {one.why for one in said if one.kind == "loses data"} == {
        f"column `{name}` is no longer declared" for name in was if was[name] not in now.values()
    }
    assert found["current-snapshot-id"] == 7
    assert evolved(found, declared(new), 10) is None, "twice is once"


@settings(max_examples=100, deadline=None)
@given(edited())
def test_a_table_that_is_made_anew_takes_any_shape_and_keeps_what_was_under_a_tag(shapes: tuple[Shape, Shape]) -> None:
    old, new = shapes
    after = evolved(metadata(old), declared(new, 3), 9)
    assert after is not None
    found = taken(after)
    assert [field.required for field in found.schema().fields] == [text.endswith("!") for text in new.columns.values()]
    assert (found.current_snapshot_id, generation(after)) == (None, 3)
    assert {name: ref.snapshot_id for name, ref in found.refs.items()} == {"before-3": 7}
    assert evolved(after, declared(new, 3), 10) is None


def test_rows_that_a_run_put_in_place_of_all_others_are_not_taken_out() -> None:
    made = metadata(Shape({"a": "int"}))
    made["snapshots"][0]["summary"]["rosace.generation"] = "3"
    assert evolved(made, declared(Shape({"a": "int"}), 3), 9) is None


TOPIC, TABLE, OTHER, FURTHER = Ref("topic", "t"), Ref("table", "t"), Ref("table", "u"), Ref("table", "v")
REFS = tuple(map(Ref.read, ("t0", "t1", "t2", "lake.a", "lake.b", "lake.c")))


@st.composite
def flowing(draw: st.DrawFn) -> dict[str, Flow]:
    kinds = st.sampled_from(("stream", "batch", "scheduled", "replay", "load"))
    some = st.lists(st.sampled_from(REFS), max_size=2, unique=True).map(tuple)
    flows = st.builds(Flow, kinds, st.sampled_from("xy"), some, some, st.booleans(), st.integers(0, 2))
    return draw(st.dictionaries(st.sampled_from(("j0", "j1", "j2", "j3", "s0", "s1")), flows, max_size=6))


def before(flows: dict[str, Flow], shapes: dict[Ref, Shape]) -> Deployment:
    return Deployment("p", "/", "i", (), (), (), shapes=shapes, flows=flows)


@settings(max_examples=300, deadline=None)
@given(flowing(), flowing(), st.booleans())
def test_what_is_said_to_be_rebuilt_is_what_gets_another_generation(
    old: dict[str, Flow], new: dict[str, Flow], from_here: bool
) -> None:
    shapes = {ref: Shape({"a": "int"}, generation=number) for number, ref in enumerate(REFS)}
    found = revise(before(old, shapes), shapes, new, Asked(from_here=from_here), {})
    told = {edit.subject.partition("/")[2] for edit in found.edits if edit.kind == "rebuilds"}
    flows = {name for name in new if name in old and found.flows[name].generation != old[name].generation}
    refs = {ref for ref in shapes if found.shapes[ref].generation != shapes[ref].generation}
    assert told == flows | {str(ref) for ref in refs}
    if from_here:
        assert not told
    for name in flows:
        # All that it writes is made anew, by all that write it, and so is all that streams of it or follows it.
        assert set(new[name].writes) <= refs
    for ref in refs:
        touching = [n for n, flow in new.items() if flow.kind != "scheduled" and ref in (*flow.reads, *flow.writes)]
        assert {name for name in touching if name in old} <= flows
    again = revise(before(dict(found.flows), dict(found.shapes)), found.shapes, found.flows, Asked(), {})
    assert again.edits == () and again.flows == found.flows, "with the same files nothing more is done"


def revised(*, old: Shape, new: Shape, asked: Asked | None = None, ref: Ref = TABLE) -> Revision:
    flows = {"j": Flow("stream", "x", (), (ref,))}
    return revise(before(flows, {ref: old}), {ref: new}, flows, asked or Asked(), {"j": 5})


@pytest.mark.parametrize(
    ("old", "new", "kinds", "refused"),
    [
        ("int", "bigint", ["additive"], False),
        ("bigint", "int", ["rebuilds"], True),
        ("int!", "int", ["additive"], False),
        ("int", "int!", ["rebuilds"], True),
        ("int", "string", ["rebuilds"], True),
    ],
)
def test_kinds_of_changed_types(old: str, new: str, kinds: list[str], refused: bool) -> None:
    for ref in (TOPIC, TABLE):
        found = revised(old=Shape({"a": old}), new=Shape({"a": new}), ref=ref)
        assert [edit.kind for edit in found.edits] == kinds
        assert bool(found.refused) == refused
        if refused:
            assert "--rebuild" in found.edits[0].hint
            anew = revised(old=Shape({"a": old}), new=Shape({"a": new}), asked=Asked(anew=True), ref=ref)
            assert not anew.refused and anew.shapes[ref].generation == 1
            assert [edit.reads for edit in anew.edits] == [5, 5]


def test_a_stream_that_reads_a_column_of_another_type_begins_anew() -> None:
    flows = {"j": Flow("stream", "x", (TOPIC,), (OTHER,)), "k": Flow("batch", "x", (TOPIC,), (FURTHER,))}
    shapes = {TOPIC: Shape({"a": "int"}), OTHER: Shape({"a": "int"}), FURTHER: Shape({"a": "int"})}
    for written, again in (("bigint", {"job/j", "table/lake.u"}), ("int!", set()), ("int", set())):
        now = {**shapes, TOPIC: Shape({"a": written})}
        found = revise(
            before(flows, {**shapes, TOPIC: Shape({"a": "int!"})} if written == "int" else shapes),
            now,
            flows,
            Asked(),
            {},
        )
        assert {edit.subject for edit in found.edits if edit.kind == "rebuilds" and not edit.refused} == again


def test_a_dropped_column_asks_for_consent_in_a_table_only() -> None:
    old, new = Shape({"a": "int", "b": "int"}), Shape({"a": "int"})
    assert revised(old=old, new=new).refused
    assert [edit.kind for edit in revised(old=old, new=new, asked=Asked(lose=True)).edits] == ["loses data"]
    assert not revised(old=old, new=new, asked=Asked(lose=True)).refused
    assert [edit.kind for edit in revised(old=old, new=new, ref=TOPIC).edits] == ["breaks readers"]


def test_what_is_no_longer_declared_is_kept_until_it_is_pruned_and_comes_back_as_it_was() -> None:
    shapes = {TOPIC: Shape({"a": "int"}, generation=2), TABLE: Shape({"a": "int"})}
    first = revise(before({}, shapes), {}, {}, Asked(), {})
    assert {edit.kind for edit in first.edits} == {"kept"} and dict(first.retired) == shapes
    known = Deployment("p", "/", "i", (), (), (), shapes={OTHER: Shape({"a": "int"})}, retired=first.retired)
    second = revise(known, {OTHER: Shape({"a": "int"}), TOPIC: Shape({"a": "bigint"})}, {}, Asked(), {})
    assert second.shapes[TOPIC].generation == 2 and list(second.retired) == [TABLE]
    assert [edit.subject for edit in second.edits] == ["topic/t"]
    pruned = revise(known, {OTHER: Shape({"a": "int"})}, {}, Asked(prune=True), {})
    assert pruned.pruned == (TABLE, TOPIC) and not pruned.retired


@given(flowing())
def test_a_deployment_comes_back_from_its_file(flows: dict[str, Flow]) -> None:
    shapes = {ref: Shape({"a": "int"}) for ref in REFS}
    kept = Deployment("p", "/", "i", (), (), (), shapes=shapes, flows=flows, retired={TABLE: Shape({})}, pruned=REFS)
    assert from_json(json.loads(json.dumps(to_json(kept)))) == kept
    # A topic and a table of one name are two things.
    assert {str(TOPIC), str(TABLE)} == {"t", "lake.t"} and Ref.read(str(TABLE)) == TABLE != Ref.read(str(TOPIC))


def test_partitions_of_a_topic() -> None:
    one, three = Shape({"a": "int!"}, partitions=1), Shape({"a": "int!"}, partitions=3)
    assert [edit.kind for edit in revised(old=one, new=three, ref=TOPIC).edits] == ["additive"]
    keyed = [replace(shape, key=("a",)) for shape in (one, three)]
    assert [edit.kind for edit in revised(old=keyed[0], new=keyed[1], ref=TOPIC).edits] == ["breaks readers"]
    assert revised(old=three, new=one, ref=TOPIC).refused
    assert revised(old=one, new=keyed[0], ref=TOPIC).refused


def test_comments_and_white_space_are_no_edit() -> None:
    assert bare("SELECT  a, -- one\n '--b'\n/* two */ FROM t /*+ H */") == bare("SELECT a, '--b' FROM t /*+ H */")
    assert bare("SELECT 'a  b'") != bare("SELECT 'a b'")
    assert ColumnType.parse("int! renamed-from b").renamed_from == "b"
    assert ColumnType.parse("int! renamed-from b") == ColumnType.parse("int!")
