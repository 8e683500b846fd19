"""A room of an engine is complete, or it is refused. Every folder in engines/ is looked at; none is listed here."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args

import pytest
from codebase import ROOMS, ROOT, read, rooms
from pydantic import BaseModel

from rosace.check.schema import meanings
from rosace.check.sql.dialects import language
from rosace.contract.artifacts import Artifact
from rosace.contract.cluster import KubernetesRoom
from rosace.contract.engine import Engine
from rosace.contract.exports import ExportStore
from rosace.contract.jobs import JobDriver
from rosace.contract.machine import LocalRoom
from rosace.contract.registry import engines, offering
from rosace.contract.versions import versions
from rosace.model.capabilities import Capability, KafkaBootstrap, SqlEndpoint

NAMES = rooms()
RECIPES = ("versions.toml", "Containerfile")
FILES = ("__init__.py", "README.md", "settings.py", "spec.py", "versions.toml")

every_room = pytest.mark.parametrize("name", NAMES)
rooms_here = pytest.mark.parametrize("name", [name for name, one in engines().items() if "local" in one.targets])
rooms_there = pytest.mark.parametrize("name", [name for name, one in engines().items() if "kubernetes" in one.targets])
rooms_with_jobs = pytest.mark.parametrize("name", [name for name, one in engines().items() if one.runs])
rooms_with_sql = pytest.mark.parametrize(
    "name", [name for name, one in engines().items() if "sql" in one.runs or SqlEndpoint in one.offers]
)
SHAPES = {
    "local": "LocalRoom",
    "kubernetes": "KubernetesRoom",
    "rules": "Rules",
    "upgrade": "Upgrade",
    "changelog": "Changelog",
    "planner": "Planning",
    "sql": "Sql",
    "connect": "Connect",
}
"""Files of a room, and the types of the contract that they have."""


@every_room
def test_is_found_by_its_folder(name: str) -> None:
    engine = _engine(name)
    assert (engine.name, engine.package) == (name, f"rosace.engines.{name}")
    assert engine.title and engine.summary and engine.targets
    assert engine.folder.samefile(ROOMS / name)


@every_room
def test_has_its_files(name: str) -> None:
    sides = [f"{target}.py" for target in _engine(name).targets]
    missing = [file for file in (*FILES, *sides) if not (ROOMS / name / file).is_file()]
    if _starts_processes(name) and not (ROOMS / name / "health.py").is_file():
        missing.append("health.py")
    assert not missing


@every_room
def test_has_tests_of_its_own(name: str) -> None:
    assert list((ROOMS / name / "tests").glob(f"test_{name}_*.py")), f"no tests/test_{name}_*.py"


@every_room
def test_says_what_it_knows(name: str) -> None:
    text = (ROOMS / name / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.split()) >= 60, "what is known, which versions, what is missing"


@every_room
def test_meets_others_through_capabilities(name: str) -> None:
    engine = _engine(name)
    for capability in (*engine.offers, *engine.needs, *engine.optional):
        assert issubclass(capability, Capability)
    assert not set(engine.offers) & {*engine.needs, *engine.optional}
    assert not set(engine.needs) & set(engine.optional)
    nobody = [need.__name__ for need in (*engine.needs, *engine.optional) if not offering(need)]
    assert not nobody, "needed, but no engine offers it"


@every_room
def test_its_words_are_closed_and_explained(name: str) -> None:
    for model in _models(_engine(name).spec):
        assert model.model_config.get("extra") == "forbid", f"{model.__name__} takes keys that nobody declared"
        assert model.model_config.get("frozen"), f"{model.__name__} may be changed after reading"
        assert model.__doc__, model.__name__
        silent = set(model.model_fields) - {field for field, meaning in meanings(model).items() if meaning}
        assert not silent, f"{model.__name__} does not say what these are"
    assert _engine(name).spec(), "a section that nobody wrote must have defaults"


@every_room
def test_its_versions_are_evidence(name: str) -> None:
    found = versions(ROOMS / name)
    assert found.version
    assert found.source, "where the version and its end of life are published"
    for artifact in found.artifacts:
        assert artifact.size > 0, artifact.name


@every_room
def test_what_it_pins_is_what_it_takes(name: str) -> None:
    """Images and charts by their names in `versions.toml`: one that nobody takes is known in vain."""
    pinned = versions(ROOMS / name)
    texts = {text for path in (ROOMS / name).glob("*.py") for text, _ in read(path).texts()}
    assert {*pinned.images} <= texts, "images"
    assert {*pinned.charts} <= texts, "charts"
    assert {*pinned.parts} <= texts | _versions_named(name), "parts"


def test_rooms_that_share_an_artifact_mean_the_same() -> None:
    seen: dict[tuple[str, str | None], tuple[str, Artifact]] = {}
    for name in NAMES:
        for artifact in versions(ROOMS / name).artifacts:
            other, known = seen.setdefault((artifact.name, artifact.platform), (name, artifact))
            assert known.file != artifact.file or known == artifact, f"{name} and {other}: {artifact.name}"


@rooms_here
def test_runs_on_this_machine(name: str) -> None:
    room = _engine(name).local
    for function, wanted in _functions(LocalRoom):
        assert hasattr(room, function), f"local.LOCAL has no {function}"
        assert list(inspect.signature(getattr(room, function)).parameters) == wanted, function


@rooms_there
def test_runs_on_clusters(name: str) -> None:
    room = _engine(name).kubernetes
    for function, wanted in _functions(KubernetesRoom):
        assert hasattr(room, function), f"kubernetes.KUBERNETES has no {function}"
        assert list(inspect.signature(getattr(room, function)).parameters) == wanted, function
    assert not room.chart or (ROOT / "charts" / room.chart / "templates" / name).is_dir()


@every_room
def test_what_it_names_exists(name: str) -> None:
    """`package.module:function` in probes and actions is text: a misspelt one would show only at run time."""
    for place in (ROOMS / name).glob("*.py"):
        for text, line in read(place).texts():
            if re.fullmatch(r"rosace(\.\w+)+:\w+", text):
                module, _, function = text.partition(":")
                assert callable(getattr(import_module(module), function, None)), f"{place.name}:{line} {text}"


@every_room
def test_streams_or_batches_only_what_it_runs(name: str) -> None:
    engine = _engine(name)
    assert bool(engine.runs) == (engine.streaming or engine.batch)


@rooms_with_jobs
def test_can_drive_the_jobs_it_takes(name: str) -> None:
    engine = _engine(name)
    assert (ROOMS / name / "jobs.py").is_file()
    driver = import_module(f"{engine.package}.live")
    for function, wanted in _functions(JobDriver):
        signature = inspect.signature(getattr(driver, function))
        assert list(signature.parameters) == wanted, function
    fresh = inspect.signature(driver.start).parameters["fresh"]
    assert fresh.kind is inspect.Parameter.KEYWORD_ONLY


@rooms_with_sql
def test_its_sql_can_be_read(name: str) -> None:
    engine = _engine(name)
    assert engine.sql
    spoken = language(engine.sql.SPOKEN.dialect, engine.title)
    assert type(spoken.dialect).__name__ != "Dialect", "unknown to sqlglot, hence not checked"


@every_room
def test_the_type_checker_is_shown_all_its_files(name: str) -> None:
    """`parts.py` says of each file that others use what it is; what a file then lacks, the type checker names."""
    engine = _engine(name)
    wanted = {kind for file, kind in SHAPES.items() if (ROOMS / name / f"{file}.py").is_file()}
    wanted |= {"JobDriver"} if engine.runs else set()
    wanted |= {"Exports"} if engine.exports else set()
    wanted |= {"Records", "Topics"} if KafkaBootstrap in engine.offers else set()
    wanted = (wanted - {"Sql"}) | {"Questions", "Answers"} if SqlEndpoint in engine.offers else wanted
    told = read(ROOMS / name / "parts.py").tree.body
    assert {ast.unparse(one.annotation) for one in told if isinstance(one, ast.AnnAssign)} == wanted


@pytest.mark.parametrize("name", [name for name, one in engines().items() if one.exports])
def test_a_store_says_how_topics_get_into_it(name: str) -> None:
    """The code of exports loops over stores: a store is added without touching it."""
    store = _engine(name).exporting.STORE
    assert isinstance(store, ExportStore)
    assert store.endpoint in _engine(name).offers
    others = [other.exporting.STORE.place for other in engines().values() if other.exports]
    assert others.count(store.place) == 1, "two secrets would lie in one folder"


def _engine(name: str) -> Engine:
    assert name in engines(), f"engines/{name}/__init__.py has no ENGINE"
    return engines()[name]


def _versions_named(name: str) -> set[str]:
    """The names in braces in a room's versions and recipes of images."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOMS / name).iterdir() if path.name in RECIPES)
    return {word for text in texts for word in re.findall(r"\{([\w-]+)\}", text)}


def _starts_processes(name: str) -> bool:
    return any("ProcessSpec(" in path.read_text(encoding="utf-8") for path in (ROOMS / name).glob("*.py"))


def _models(spec: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those within its fields."""
    yield spec
    for field in spec.model_fields.values():
        for part in (field.annotation, *_parts(field.annotation)):
            if inspect.isclass(part) and issubclass(part, BaseModel):
                yield from _models(part)


def _parts(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _functions(protocol: type) -> list[tuple[str, list[str]]]:
    """The functions of an interface with their parameters, without `self`."""
    found = [(name, value) for name, value in vars(protocol).items() if inspect.isfunction(value)]
    return [
        (name, [one for one in inspect.signature(value).parameters if one != "self"])
        for name, value in found
        if not name.startswith("_")
    ]
