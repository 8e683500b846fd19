"""pydantic's errors become diagnostics at the right place."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from rosace.source.diagnostic import Diagnostic
from rosace.source.merge import overlay, set_values
from rosace.source.pydantic_errors import diagnose
from rosace.source.tree import Path, Tree
from rosace.source.yaml import parse


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Kafka(Strict):
    type: Literal["kafka"]
    brokers: int
    kafka: dict[str, int] = {}


class Spark(Strict):
    type: Literal["spark"]
    cores: int


class Color(StrEnum):
    RED = "red"
    GREEN = "green"


class HintedError(ValueError):
    hints = ("try another",)


class Platform(Strict):
    engines: dict[str, Annotated[Kafka | Spark, Field(discriminator="type")]] = {}
    either: Kafka | Spark | str | None = None
    workers: int | Literal["auto"] | None = None
    names: dict[Annotated[str, Field(pattern="^x")], int] = {}
    color: Color = Color.RED
    counts: list[int] = []
    pair: tuple[int, str] = (1, "")
    name: str = ""
    on: bool = False
    load: Annotated[float, Field(gt=3)] = 4
    long_term: str = Field("", alias="long-term")

    @field_validator("name")
    @classmethod
    def _check(cls, value: str) -> str:
        if value == "bad":
            raise ValueError("that name is taken.")
        if value == "hinted":
            raise HintedError("no")
        if value == "custom":
            raise PydanticCustomError("name_reserved", "`{name}` is reserved", {"name": value})
        return value


def keys(path: Path) -> list[str]:
    return list(Platform.model_fields) if not path else ["type", "brokers", "kafka"]


def told(tree: Tree | str) -> list[Diagnostic]:
    tree = parse(tree, "p.yaml") if isinstance(tree, str) else tree
    with pytest.raises(ValidationError) as caught:
        Platform.model_validate(tree.value)
    return diagnose(caught.value, tree, keys=keys)


def summary(text: str) -> list[tuple[str, str, str]]:
    return [(d.code, d.span.location().removeprefix("p.yaml:") if d.span else "", d.message) for d in told(text)]


def test_a_key_without_a_space_behind_its_colon() -> None:
    assert told("{color:red}")[0].hints == ("a space is needed after the colon: `color: red`",)


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("nope: 1", "unknown-key", "1:1", "unknown key `nope`"),
        (
            "engines:\n  bus: {type: kafka, brokers: x}",
            "wrong-type",
            "2:31",
            "`engines.bus.brokers` must be a whole number, not the text `x`",
        ),
        ("engines:\n  bus: {type: kafka}", "missing-key", "2:3", "missing key `brokers` in `engines.bus`"),
        (
            "engines: {bus: {type: kafka, brokers: 1, brokrs: 2}}",
            "unknown-key",
            "1:42",
            "unknown key `brokrs` in `engines.bus`",
        ),
        (
            "engines: {bus: {type: kafak}}",
            "unknown-value",
            "1:23",
            "`engines.bus.type` must be `kafka` or `spark`, not `kafak`",
        ),
        ("engines: {bus: {}}", "missing-key", "1:11", "missing key `type` in `engines.bus`"),
        ("engines: {bus: 3}", "wrong-type", "1:16", "`engines.bus` must be a mapping, not the number `3`"),
        ("workers: aut", "wrong-type", "1:10", "`workers` must be `auto` or a whole number, not the text `aut`"),
        ("names: {y: 1}", "bad-value", "1:9", "key `y` in `names` must have another form, but is the text `y`"),
        ("color: blue", "unknown-value", "1:8", "`color` must be `red` or `green`, not the text `blue`"),
        ("counts: 3", "wrong-type", "1:9", "`counts` must be a list, not the number `3`"),
        ("counts: [1, x]", "wrong-type", "1:13", "`counts[1]` must be a whole number, not the text `x`"),
        ("counts:\n", "wrong-type", "1:8", "`counts` must be a list, not nothing"),
        ("pair: [1]", "bad-value", "1:7", "`pair` needs at least 2 items"),
        ("on: maybe", "wrong-type", "1:5", "`on` must be true or false, not the text `maybe`"),
        ("load: 1", "bad-value", "1:7", "`load` must be greater than 3, but is the number `1`"),
        ("name: bad", "bad-value", "1:7", "that name is taken"),
        ("name: custom", "name-reserved", "1:7", "`custom` is reserved"),
        ("long-term: 010", "wrong-type", "1:12", "`long-term` must be text, not the number `10`"),
    ],
)
def test_one_mistake_one_diagnostic(text: str, code: str, place: str, message: str) -> None:
    assert summary(text) == [(code, place, message)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("workrs: 1", "did you mean `workers`?"),
        ("color: gren", "did you mean `green`?"),
        ("workers: aut", "did you mean `auto`?"),
        ("engines: {bus: {type: kafak}}", "did you mean `kafka`?"),
        ("long-term: 010", 'quote it: `"010"`'),
        ("counts: 3", "for a list of one, write `[3]`"),
        ("name: hinted", "try another"),
        ("engines: {bus: {type: kafka, brokers: 1, zzz: 2}}", "known keys: `type`, `brokers`, `kafka`"),
    ],
)
def test_hints(text: str, hint: str) -> None:
    assert [d.hints for d in told(text)] == [(hint,)]


def test_a_key_that_is_already_written_is_not_suggested() -> None:
    (found,) = told("engines: {bus: {type: kafka, brokers: 1, broker: 2}}")
    assert found.hints == ("known keys: `type`, `brokers`, `kafka`",)


def test_a_key_named_as_its_union_member_is_told_apart() -> None:
    inner = "engines: {bus: {type: kafka, brokers: 1, kafka: {brokers: x}}}"
    assert [place for _, place, _ in summary(inner)] == ["1:59"]
    outer = "engines: {bus: {type: kafka, brokers: x, kafka: {brokers: 1}}}"
    assert [place for _, place, _ in summary(outer)] == ["1:39"]
    missing = "engines: {bus: {type: kafka, kafka: {a: 1}}}"
    assert [(code, place) for code, place, _ in summary(missing)] == [("missing-key", "1:11")]


def test_only_the_union_member_that_was_meant_speaks() -> None:
    assert [(code, message) for code, _, message in summary("either: {type: kafka, m: 3}")] == [
        ("missing-key", "missing key `brokers` in `either`"),
        ("unknown-key", "unknown key `m` in `either`"),
    ]
    assert [(code, message) for code, _, message in summary("either: 3")] == [
        ("wrong-type", "`either` must be a mapping or text, not the number `3`")
    ]


def test_diagnostics_follow_the_file() -> None:
    assert [place for _, place, _ in summary("zzz: 1\nname: bad\ncounts: 3\n")] == ["1:1", "2:7", "3:9"]


def test_a_replaced_value_and_a_removed_key_show_their_layers() -> None:
    base = parse("workers: 1\nengines: {bus: {type: kafka, brokers: 3}}\n", "p.yaml")
    tree = overlay(base, parse("engines: {bus: {brokers: null}}\n", "env.yaml"))
    removed, replaced = sorted(told(set_values(tree, ("workers=lots",))), key=lambda found: found.code)
    assert [label.span.location() for label in replaced.labels] == ["--set:1:9", "p.yaml:1:10"]
    assert [label.span.location() for label in removed.labels] == ["p.yaml:2:11", "env.yaml:1:26"]


def test_a_part_is_told_from_the_root() -> None:
    tree = parse("inner:\n  - {type: spark, cores: x}\n", "p.yaml")
    with pytest.raises(ValidationError) as caught:
        Spark.model_validate({"type": "spark", "cores": "x"})
    (found,) = diagnose(caught.value, tree, at=("inner", 0))
    assert found.message.startswith("`inner[0].cores`")
    assert found.span
    assert found.span.location() == "p.yaml:2:26"


def test_a_wrong_root_is_told_without_a_path() -> None:
    tree = parse("just text", "p.yaml")
    with pytest.raises(ValidationError) as caught:
        Platform.model_validate(tree.value)
    (found,) = diagnose(caught.value, tree)
    assert found.message == "the whole file must be a mapping, not the text `just text`"
