"""The engines' own planners as judges: who is asked about what, what is remembered, and how a complaint is told.

Comes in: a checked platform. Goes out: `Judged`. What a planner took is remembered in the user's cache, by all that the
verdict rests on: the statements, all columns, the engine's version and words, Rosace itself. So the same text is judged
once on a machine, however often it is checked, built or brought up.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from pydantic import BaseModel

from rosace.contract.artifacts import Artifact
from rosace.contract.planner import Bench, Owner, Planner, Program, Talk, Unasked, Verdict
from rosace.kit import oracles
from rosace.local import machine
from rosace.local.artifacts.cache import Cache, cache_root
from rosace.local.prepare import of_engine
from rosace.local.talk import Conversation
from rosace.local.verdicts import Memory, diagnostic, fingerprint, in_order
from rosace.model.checked import Checked
from rosace.plan.order import in_use
from rosace.source.diagnostic import Diagnostic, Refused


@dataclass(frozen=True, slots=True)
class Seat:
    """A planner that has something to say about a platform. `artifacts` are what it needs, `owners` whom it judges."""

    name: str
    title: str
    planner: Planner
    folder: Path
    spec: BaseModel
    artifacts: tuple[Artifact, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the planners said. `taken` counts owners, `remembered` those of them that were not asked again; `unasked`
    are the titles of planners that could not be asked, each with the reason."""

    diagnostics: tuple[Diagnostic, ...] = ()
    taken: int = 0
    remembered: int = 0
    unasked: tuple[tuple[str, str], ...] = ()


def seats(checked: Checked) -> list[Seat]:
    """The planners of the engines in use that have something to judge."""
    found: list[Seat] = []
    for engine in in_use(checked):
        if (planning := engine.planning) is None:
            continue
        planner = planning.PLANNER
        if owners := planner.owners(checked):
            needed = tuple(item for item in of_engine(engine) if item.name in planner.artifacts)
            found.append(
                Seat(engine.name, engine.title, planner, engine.folder, checked.engines[engine.name], needed, owners)
            )
    if owners := oracles.PLANNER.owners(checked):
        folder = Path(oracles.__file__).parent
        found.append(Seat("duckdb", "DuckDB", oracles.PLANNER, folder, checked.platform, (), owners))
    return found


def open_questions(checked: Checked) -> list[Seat]:
    """The same, each with those owners only whose verdict is not remembered."""
    memory = Memory(cache_root() / "verdicts")
    found: list[Seat] = []
    for seat in seats(checked):
        owners = tuple(owner for owner in seat.owners if not memory.knows(_mark(checked, seat, owner)))
        if owners:
            found.append(replace(seat, owners=owners))
    return found


def absent(open_seats: Iterable[Seat]) -> list[Artifact]:
    """What the cache lacks of what they need."""
    cache = Cache(cache_root())
    unique = {(item.sha256, item.unpack): item for seat in open_seats for item in seat.artifacts}
    return [item for item in unique.values() if not cache.verify(item).whole]


def judge(checked: Checked, open_seats: Sequence[Seat], *, told: Callable[[str], None] = lambda _: None) -> Judged:
    """Asks the planners, whose artifacts are there, two at a time. `told` hears what is being judged, in any thread."""
    memory = Memory(cache_root() / "verdicts")
    total = sum(len(seat.owners) for seat in seats(checked))
    asked = sum(len(seat.owners) for seat in open_seats)
    with ThreadPoolExecutor(max_workers=2) as pool:
        heard = list(pool.map(partial(_heard, checked, told), open_seats))
    diagnostics: list[Diagnostic] = []
    taken = total - asked
    for seat, one in zip(open_seats, heard, strict=True):
        refused = {verdict.owner for verdict in one.verdicts if verdict.message}
        for owner in seat.owners:
            if one.unasked or owner in refused:
                continue
            memory.keep(_mark(checked, seat, owner))
            taken += 1
        diagnostics += [diagnostic(checked, seat.title, verdict) for verdict in one.verdicts if verdict.message]
    memory.prune()
    unasked = tuple((seat.title, one.unasked) for seat, one in zip(open_seats, heard, strict=True) if one.unasked)
    return Judged(in_order(diagnostics), taken, total - asked, unasked)


@dataclass(frozen=True, slots=True)
class Settled:
    """What those said that could be asked; `absent` are the titles of those whose engines are not in the cache."""

    judged: Judged
    absent: tuple[str, ...]

    def refuse(self) -> None:
        """Raises Refused with what planners refuse."""
        if self.judged.diagnostics:
            raise Refused(*self.judged.diagnostics)


def settle(checked: Checked, asked: Sequence[Seat], told: Callable[[str], None] = lambda _: None) -> Settled:
    """Asks those of `asked` whose engines are in the cache: of the others, the engine itself will judge.

    `told` hears what is being judged, in any thread.
    """
    here = [seat for seat in asked if not absent([seat])]
    return Settled(judge(checked, here, told=told), tuple(seat.title for seat in asked if seat not in here))


@dataclass(slots=True)
class _Heard:
    verdicts: list[Verdict] = field(default_factory=list[Verdict])
    unasked: str = ""


def _heard(checked: Checked, told: Callable[[str], None], seat: Seat) -> _Heard:
    """All that one planner says. What it started has ended, and its folder is gone."""
    cache = Cache(cache_root())
    archives = cache.root / "archives"
    heard = _Heard()
    with tempfile.TemporaryDirectory(prefix=f"rosace-{seat.name}-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with ExitStack() as stack:

            def start(program: Program) -> Talk:
                return stack.enter_context(Conversation(program, home, archives))

            bench = Bench(
                checked=checked,
                spec=seat.spec,
                home=home,
                archives=archives,
                artifacts={item.name: cache.path(item) for item in seat.artifacts},
                python=sys.executable,
                cores=machine.cores(),
                start=start,
            )
            told(f"{seat.title}'s planner judges {', '.join(owner.name for owner in seat.owners)}")
            try:
                for verdict in seat.planner.judge(bench, seat.owners):
                    heard.verdicts.append(verdict)
            except Unasked as error:
                heard.unasked = str(error)
    return heard


def _mark(checked: Checked, seat: Seat, owner: Owner) -> str:
    artifacts = [(item.name, item.sha256) for item in seat.artifacts]
    return fingerprint(checked, owner, (seat.name, artifacts, seat.spec, _code(seat.folder)))


@cache
def _code(folder: Path) -> str:
    """What the judge's own code is: an edit in a checkout asks again."""
    whole = hashlib.sha256()
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.java"), *folder.parent.glob("*.py")]):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
