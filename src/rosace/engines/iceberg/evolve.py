"""A table's metadata, made to be what is declared: columns, partitions, key; rows taken out where it is made anew.

Comes in: a metadata file of Iceberg as plain JSON (table specification, format version 2), and a table as declared.
Goes out: the metadata of the next version, or None where nothing differs. Pure. Nothing that is stored is written
again: columns are known by their numbers (field ids), which stay with them whatever they are called.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from rosace.engines.iceberg.typed import Metadata, column_of, numbered, plain, type_of
from rosace.kit.lake import GENERATION, iceberg_partition, stored, widens
from rosace.model.columns import ColumnType

Declared: TypeAlias = Mapping[str, Any]
"""A table as `settings.table_order` tells it: plain JSON."""


class CannotEvolve(Exception):
    """What is there does not fit what is declared; the text says why and what to do."""


def evolved(found: Metadata, declared: Declared, now_ms: int) -> Metadata | None:
    """The next metadata; None where the table is as declared. Raises CannotEvolve, with nothing changed."""
    after = copy.deepcopy(found)
    anew = declared["generation"] > generation(found) and not declared["swap"]
    if anew:
        _take_out(after, declared["generation"])
    columns = {name: ColumnType.parse(text) for name, text in declared["columns"].items()}
    schema = _schema(found, declared, columns, after, anew=anew)
    _take_schema(after, schema)
    _take_spec(after, [iceberg_partition(text) for text in declared["partition"]])
    if after == found:
        return None
    after["last-updated-ms"] = max(now_ms, int(found.get("last-updated-ms", 0)))
    return after


def generation(metadata: Metadata) -> int:
    """How often what a table holds was made anew, as the table says or a snapshot that replaced all of it."""
    said = [metadata.get("properties", {}).get(GENERATION, "0")]
    said += [one.get("summary", {}).get(GENERATION, "0") for one in metadata.get("snapshots", ())]
    return max(int(number) for number in said)


def _take_out(after: Metadata, number: int) -> None:
    """No row is current any more; what was is kept by a tag, which nothing expires."""
    refs = after.setdefault("refs", {})
    current = refs.pop("main", {}).get("snapshot-id", after.get("current-snapshot-id", -1))
    if current not in (None, -1):
        refs[f"before-{number}"] = {"snapshot-id": current, "type": "tag"}
    after["current-snapshot-id"] = -1
    after["snapshot-log"] = []
    # Numbers of columns and rows about what is no longer current.
    after["statistics"] = []
    after["partition-statistics"] = []
    after.setdefault("properties", {})[GENERATION] = str(number)


def current_schema(metadata: Metadata) -> Metadata:
    """The schema that readers see now."""
    return next(one for one in metadata["schemas"] if one["schema-id"] == metadata["current-schema-id"])


def _schema(
    found: Metadata, declared: Declared, columns: Mapping[str, ColumnType], after: Metadata, *, anew: bool
) -> Metadata:
    """The declared columns in their order, each with the number that it has already, or a new one."""
    there = {field["name"]: field for field in current_schema(found)["fields"]}
    names = set(columns)
    fields: list[Metadata] = []
    for name, column in columns.items():
        before = there.get(name)
        if before is None and column.renamed_from and column.renamed_from not in names:
            before = there.get(column.renamed_from)
        fields.append(_field(declared["name"], name, column, before, after, anew=anew))
    key = set(declared["key"])
    keyed = [field for field in fields if field["name"] in key]
    schema: Metadata = {"type": "struct", "schema-id": 0, "fields": fields}
    if keyed and all(field["required"] for field in keyed):
        schema["identifier-field-ids"] = sorted(field["id"] for field in keyed)
    return schema


def _field(
    table: str, name: str, column: ColumnType, before: Metadata | None, after: Metadata, *, anew: bool
) -> Metadata:
    wanted = stored(column)
    if before is not None:
        known = column_of(before["type"])
        if known is not None and widens(known, plain(wanted)):
            # A table that somebody made with less holds what it holds: the plan refuses what would need more.
            required = column.required and (anew or before["required"])
            # A nested type keeps the numbers that it has.
            kind = before["type"] if isinstance(before["type"], dict) else type_of(wanted, after)
            return {**before, "name": name, "required": required, "type": kind}
        if not anew:
            raise CannotEvolve(
                f"`{table}`: column `{name}` is {_shown(before['type'])} in the table, and declared as `{column}`, "
                "which does not hold all of its values: declare it as it was, or let `rosace up --rebuild` make the "
                "table anew"
            )
    elif column.required and not anew:
        raise CannotEvolve(
            f"`{table}`: column `{name}` is not in the table, and declared as `{column}`: rows that are there have no "
            "value for it. Write it without `!`, or let `rosace up --rebuild` make the table anew"
        )
    number = numbered(after)
    return {"id": number, "name": name, "required": column.required, "type": type_of(wanted, after)}


def _shown(found: Any) -> str:
    return f"`{found}`" if isinstance(found, str) else f"a {found['type']}"


def _take_schema(after: Metadata, schema: Metadata) -> None:
    """One of the schemas that are there where it is the same, else a new one."""

    def said(one: Metadata) -> Any:
        return [one["fields"], sorted(one.get("identifier-field-ids", ()))]

    for one in after["schemas"]:
        if said(one) == said(schema):
            after["current-schema-id"] = one["schema-id"]
            return
    schema["schema-id"] = 1 + max(one["schema-id"] for one in after["schemas"])
    after["schemas"].append(schema)
    after["current-schema-id"] = schema["schema-id"]


def _take_spec(after: Metadata, wanted: Sequence[Any]) -> None:
    """A new partition spec where the current one says something else. Fields keep their numbers, as the specification
    of version 2 wants it ("Partition Evolution")."""
    columns = {field["name"]: field["id"] for field in current_schema(after)["fields"]}
    fields: list[Metadata] = []
    known = [field for spec in after["partition-specs"] for field in spec["fields"]]
    for part in wanted:
        transform = part.function if part.argument is None else f"{part.function}[{part.argument}]"
        source = columns[part.column]
        same = next((one for one in known if (one["source-id"], one["transform"]) == (source, transform)), None)
        if same is None:
            after["last-partition-id"] = number = max(999, int(after.get("last-partition-id", 999))) + 1
            taken = {one["name"] for one in known}
            same = {"field-id": number, "name": _named(part, taken)}
        fields.append({**same, "source-id": source, "transform": transform})
    spec = next(one for one in after["partition-specs"] if one["spec-id"] == after["default-spec-id"])
    if _layout(spec["fields"]) == _layout(fields):
        return
    for one in after["partition-specs"]:
        if _layout(one["fields"]) == _layout(fields):
            after["default-spec-id"] = one["spec-id"]
            return
    number = 1 + max(one["spec-id"] for one in after["partition-specs"])
    after["partition-specs"].append({"spec-id": number, "fields": fields})
    after["default-spec-id"] = number


def _layout(fields: Sequence[Metadata]) -> list[tuple[int, str]]:
    return [(one["source-id"], one["transform"]) for one in fields]


def _named(part: Any, taken: set[str]) -> str:
    """As Iceberg names them (PartitionSpec.Builder): `day` of `at` is `at_day`, `bucket(4, id)` is `id_bucket`."""
    end = {"identity": "", "truncate": "_trunc"}.get(part.function, f"_{part.function}")
    name = f"{part.column}{end}"
    return name if name not in taken else f"{name}_{part.argument or len(taken)}"
