"""What was deployed is read back whole, whatever became of the files since."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from rosace.local.control import NotRunning
from rosace.local.declared import Declared
from rosace.local.home import Home
from rosace.local.prepare import prepare
from rosace.local.store import write_json
from rosace.model.capabilities import Address, KafkaBootstrap, SqlEndpoint
from rosace.observe import ask, deployed
from rosace.observe.deployed import Deployed
from rosace.plan.machine.deployment import from_json, to_json
from rosace.source.diagnostic import Refused

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the flights example, with a state folder of its own."""
    monkeypatch.setenv("ROSACE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "vols de l'été"
    shutil.copytree(EXAMPLES / "flights", folder)
    return folder


def hand_over(declared: Declared) -> Home:
    """Writes what `up` hands over and a supervisor keeps, without starting anything."""
    examined = declared.examined()
    checked = examined.proven()
    home = Home.of(checked.platform.platform, declared.file)
    home.path.mkdir(parents=True)
    deployment = prepare(checked, home, "inputs", write=False).deployment
    raw = {"deployment": to_json(deployment), "archives": "", "files": examined.files(), "source": examined.kept()}
    write_json(home.deployment, raw)
    return home


def test_what_was_checked_is_restored_exactly(place: Path) -> None:
    declared = Declared(place / "platform.yaml", set=("memory=12Gi", "topics.departures.partitions=3"))
    known = deployed.read(hand_over(declared))
    assert known.checked == declared.examined().proven()
    assert known.checked.platform.topics["departures"].partitions == 3
    assert known.fresh == ()
    assert known.problems == {}


@pytest.mark.parametrize("example", [path.parent.name for path in sorted(EXAMPLES.glob("*/platform.yaml"))])
def test_every_example_is_restored_from_what_is_kept(example: str, tmp_path: Path) -> None:
    from rosace.check.platform import restore
    from rosace.check.texts import Texts
    from rosace.source.load import reload

    for env in ((), *((path.stem,) for path in sorted((EXAMPLES / example / "env").glob("*.yaml")))):
        examined = Declared(EXAMPLES / example / "platform.yaml", env=env).examined()
        kept = json.loads(json.dumps(examined.kept()))
        tree = reload([(Path(path), text) for path, text in kept["layers"]], kept["set"])
        texts = {Path(path): text for path, text in kept["texts"].items()}
        restored = restore(tree, Texts.kept(Path(kept["root"]), texts))
        assert restored.checked == examined.proven()


def test_it_is_read_when_every_file_is_gone(place: Path) -> None:
    declared = Declared(place / "platform.yaml")
    before, home = declared.examined().proven(), hand_over(declared)
    shutil.rmtree(place)
    assert deployed.read(home).checked == before


def test_addresses_are_those_that_were_given(place: Path) -> None:
    declared = Declared(place / "platform.yaml")
    home = hand_over(declared)
    known = deployed.read(home)
    engine, sql = known.deployment.offered(SqlEndpoint) or ("", None)
    assert engine == "trino"
    (trino,) = (spec for spec in known.deployment.processes if spec.name == "trino")
    assert sql == SqlEndpoint(Address("127.0.0.1", trino.ports["http"], "http"), "flights")
    bootstrap = deployed.offered_to_proofs(known.deployment)[KafkaBootstrap]
    assert isinstance(bootstrap, KafkaBootstrap)
    (kafka,) = (spec for spec in known.deployment.processes if spec.name == "kafka")
    assert int(bootstrap.servers.rpartition(":")[2]) in kafka.ports.values()
    assert from_json(to_json(known.deployment)) == known.deployment


def test_offers_hold_no_secret(place: Path) -> None:
    declared = Declared(place / "platform.yaml")
    examined = declared.examined()
    checked = examined.proven()
    home = Home.of("flights", declared.file)
    home.path.mkdir(parents=True)
    prepared = prepare(checked, home, "inputs")
    text = TypeAdapter(tuple).dump_json(prepared.deployment.offers).decode()
    assert prepared.ground.secrets
    assert not [name for name, value in prepared.ground.secrets.items() if value in text]


BROKEN = {
    "syntax": "platform: flights\ntopics: {departures: [\n",
    "unknown key": "platform: flights\ntopcs: {}\n",
    "clusters of an overlay": "platform: flights\nclusters: {main: {}}\n",
    "too little memory": None,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_query_is_asked_where_it_was_deployed_while_the_file_is_edited(place: Path, text: str | None) -> None:
    """Nothing listens there, so that the address it tries is told: it comes to that without planning anything."""
    declared = Declared(place / "platform.yaml")
    home = hand_over(declared)
    address = deployed.read(home).deployment.offered(SqlEndpoint)
    assert address is not None
    before = declared.file.read_text(encoding="utf-8")
    declared.file.write_text(text if text is not None else before + "\nmemory: 300Mi\n", encoding="utf-8")
    heard: list[str] = []
    known = deployed.read(declared.known())
    question = ask.named(known, declared, "late-carriers", heard.append)
    with pytest.raises(Refused) as refused:
        ask.asked(known.deployment, question)
    assert refused.value.diagnostics[0].code == "engine-unreachable"
    assert str(address[1].address) in refused.value.diagnostics[0].message
    assert heard == []


def edited(place: Path, name: str, text: str) -> Path:
    (path,) = place.rglob(name)
    path.write_text(text, encoding="utf-8")
    return path


def opened(place: Path) -> tuple[Declared, Deployed, list[str]]:
    declared = Declared(place / "platform.yaml")
    return declared, deployed.read(declared.known()), []


def test_the_text_of_a_query_is_the_one_that_its_file_has_now(place: Path) -> None:
    hand_over(Declared(place / "platform.yaml"))
    path = edited(place, "late-carriers.sql", "SELECT carrier FROM departures\n")
    declared, known, heard = opened(place)
    assert (
        ask.named(known, declared, "late-carriers", heard.append).body.text.strip() == "SELECT carrier FROM departures"
    )
    assert len(heard) == 1 and path.name in heard[0] and "has changed" in heard[0]
    edited(place, "late-carriers.sql", "SELECT carier FROM departures\n")
    declared, known, heard = opened(place)
    with pytest.raises(Refused) as refused:
        ask.named(known, declared, "late-carriers", heard.append)
    assert refused.value.diagnostics[0].code == "unknown-column"
    # What is wrong with one keeps nobody from asking another.
    other = next(name for name in known.checked.queries if name != "late-carriers")
    assert ask.named(known, declared, other, heard.append)


def test_a_query_that_only_the_file_has_is_taken_from_there_and_that_is_said(place: Path) -> None:
    declared = Declared(place / "platform.yaml")
    hand_over(declared)
    (place / "new.sql").write_text("SELECT count(*) AS n FROM departures\n", encoding="utf-8")
    before = declared.file.read_text(encoding="utf-8")
    assert "\nqueries:\n" in before
    declared.file.write_text(before.replace("\nqueries:\n", "\nqueries:\n  new: {sql: new.sql}\n"), encoding="utf-8")
    declared, known, heard = opened(place)
    assert ask.named(known, declared, "new", heard.append).body.text.startswith("SELECT count")
    assert len(heard) == 1 and "was not deployed: taken from" in heard[0]
    declared.file.write_text(declared.file.read_text(encoding="utf-8") + "topcs: {}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        ask.named(known, declared, "new", heard.append)
    assert refused.value.diagnostics[0].code == "unknown-query"
    assert "has errors" in refused.value.diagnostics[0].message


def test_nothing_was_deployed(place: Path) -> None:
    with pytest.raises(NotRunning):
        deployed.read(Home.of("flights", place / "platform.yaml"))


def test_what_another_version_deployed_says_what_to_do(place: Path) -> None:
    home = hand_over(Declared(place / "platform.yaml"))
    raw = json.loads(home.deployment.read_text(encoding="utf-8"))
    del raw["source"]
    write_json(home.deployment, raw)
    with pytest.raises(Refused) as refused:
        deployed.read(home)
    assert refused.value.diagnostics[0].code == "deployed-by-another"
    assert "rosace up" in refused.value.diagnostics[0].hints[0]


def test_an_edit_of_what_is_asked_is_an_input_of_the_next_up(place: Path) -> None:
    """Else `up` would say that nothing changed, and go on keeping the text of before."""
    declared = Declared(place / "platform.yaml")
    examined = declared.examined()
    before = declared.digest(examined.files())
    edited(place, "late-carriers.sql", "SELECT carrier FROM departures\n")
    middle = declared.digest(examined.files())
    oracle = examined.proven().verify[0].path
    oracle.write_text(oracle.read_text(encoding="utf-8") + "\n-- more\n", encoding="utf-8")
    assert len({before, middle, declared.digest(examined.files())}) == 3
