"""The use case `up`: check, fetch, judge, plan, hand over, follow, told as it goes.

Comes in: a platform as its files declare it. Goes out: a stream of `told.Told`, which ends with `Ended`. Must not:
print, or know who listens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rosace.local import told
from rosace.local.bringup import hand_over, running
from rosace.local.declared import Declared, Examined
from rosace.local.deployed import previous, read_deployed
from rosace.local.home import Home
from rosace.local.told import Stage, Told
from rosace.model.status import health
from rosace.plan.machine.deployment import Deployment
from rosace.plan.machine.revision import about
from rosace.source.diagnostic import Diagnostic, Label, Refused

if TYPE_CHECKING:
    from rosace.local.judging import Seat
    from rosace.local.prepare import Prepared
    from rosace.model.checked import Checked
    from rosace.plan.machine.revision import Asked, Edit

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over and is well: for what is to follow, such as a proof."""

    examined: Examined
    home: Home
    deployment: Deployment
    since: int


Then = Callable[[Handed, float], Iterator[Told | T]]
"""What goes on under the platform's lock once all is well, with the seconds it may wait; it ends with `Ended`."""


def up(
    declared: Declared,
    *,
    timeout: float,
    detach: bool = False,
    then: Then[T] | None = None,
    asked: Asked | None = None,
) -> Generator[Told | T, None, None]:
    """Makes the platform what its files say. Raises Refused, ArtifactError, Damaged. `asked` is what a person says of
    what is there beside the files: to make something anew, to go on, to remove what is no longer declared.

    `timeout` is how many seconds engines may take to be well. Where everything is already as the files say, which is
    found without parsing any SQL, nothing is done, unless something is to follow.
    """
    begun = time.monotonic()
    more = asked is not None and bool(asked.rebuild or asked.remake or asked.prune)
    if then is None and not more and (home := unchanged(declared)):
        yield told.Ended("unchanged", home, time.monotonic() - begun)
        return
    yield from _up(declared, timeout, detach=detach, then=then, asked=asked)


def unchanged(declared: Declared) -> Home | None:
    """The platform's home when it already runs exactly what the files say, and is well."""
    home = declared.home()
    raw = read_deployed(home)
    if not raw:
        return None
    digest = declared.digest(raw["files"])
    if digest != raw["deployment"]["inputs"]:
        return None
    now = running(home)
    # What it says it was made from is what is wanted: each of its parts needs no comparison.
    return home if now is not None and now.inputs == digest and health(now, {}) == "well" else None


def _up(
    declared: Declared, timeout: float, *, detach: bool, then: Then[T] | None, asked: Asked | None
) -> Iterator[Told | T]:
    from rosace.local.following import Following
    from rosace.local.prepare import prepare
    from rosace.local.teardown import held
    from rosace.plan.machine.steps import steps

    examined = yield from stage("check", _checked(declared))
    checked, digest = examined.proven(), declared.digest(examined.files())
    home = Home.of(checked.platform.platform, declared.file)
    with held(home):
        refuse_edits(examined, prepare(checked, home, digest, write=False, asked=asked))
        yield from _obtained(examined, home, digest)
        yield told.Begun("plan")
        begun = time.monotonic()
        prepared = prepare(checked, home, digest, asked=asked)
        now, old = running(home), previous(home)
        todo = steps(prepared.deployment, now.fingerprints() if now else {}, old=old if now else None)
        yield told.Planned(todo, prepared.budget, prepared.stolen, prepared.edits)
        yield told.Over("plan", time.monotonic() - begun)
        yield told.Wanted(prepared.deployment)
        yield told.Begun("start")
        begun = time.monotonic()
        since = hand_over(home, prepared.deployment, prepared.ground.archives, examined)
        if detach:
            yield told.Ended("handed over", home)
            return
        following = Following(home, prepared.deployment, since)
        ready = yield from following.well(timeout)
        yield told.Over("start", time.monotonic() - begun, ready)
        if not ready:
            yield told.Ended("not ready", home, round(time.monotonic() - begun, 1))
        elif then is None:
            yield told.Ended("ready", home)
        else:
            yield from then(Handed(examined, home, prepared.deployment, following.since), timeout)


def refuse_edits(examined: Examined, prepared: Prepared) -> None:
    """Raises Refused where what is there forbids what is declared, with the place of each and what to do."""
    refused = [edit for edit in prepared.edits if edit.refused]
    if refused:
        subjects = {about(ref): (f"{ref.kind}s", ref.name) for ref in prepared.deployment.shapes}
        found = (_diagnostic(examined, edit, subjects[edit.subject]) for edit in refused)
        raise Refused(*found, sources=examined.tree.sources)


def _diagnostic(examined: Examined, edit: Edit, path: tuple[str, ...]) -> Diagnostic:
    while path and not examined.tree.has(path):
        path = path[:-1]
    label = Label(examined.tree.key_span(path or ("platform",)), edit.why)
    return Diagnostic("edit-refused", edit.refused, labels=(label,), hints=(edit.hint,) if edit.hint else ())


def stage(name: Stage, work: Generator[Told, None, R]) -> Generator[Told, None, R]:
    """A stage that always comes to what it is for, or raises: told when it begins and how long it took."""
    begun = time.monotonic()
    yield told.Begun(name)
    result = yield from work
    yield told.Over(name, time.monotonic() - begun)
    return result


def _checked(declared: Declared) -> Generator[Told, None, Examined]:
    from rosace.check.data import misfits
    from rosace.source.diagnostic import Refused, Severity

    examined = declared.examined()
    checked = examined.proven()
    found = (*misfits(checked, examined.tree), *examined.diagnostics)
    if any(one.severity is Severity.ERROR for one in found):
        raise Refused(*found, sources=examined.tree.sources)
    if found:
        yield told.Warned(found, examined.tree.sources)
    return examined


def _obtained(examined: Examined, home: Home, digest: str) -> Iterator[Told]:
    """Fetches what is missing, and lets the engines' planners judge what they have not judged before."""
    from rosace.local.judging import open_questions

    yield from stage("fetch", _fetched(examined, home, digest))
    if questions := open_questions(examined.proven()):
        yield from stage("judge", _judged(examined, questions))


def _fetched(examined: Examined, home: Home, digest: str) -> Generator[Told, None, None]:
    from rosace.local.artifacts.cache import Cache, cache_root
    from rosace.local.artifacts.fetch import fetch, missing
    from rosace.local.aside import streamed
    from rosace.local.prepare import artifacts, distinct, prepare

    checked, cache, over = examined.proven(), Cache(cache_root()), threading.Event()
    wanted = missing(distinct(artifacts(checked)), cache)
    if wanted:
        # What cannot fit is refused before a gigabyte is fetched for it.
        prepare(checked, home, digest, write=False)
    yield told.ToFetch(tuple(wanted))

    def work(tell: Callable[[told.Fetching], None]) -> None:
        fetch(wanted, cache, on_event=lambda event: tell(told.Fetching(event)), cancel=over)

    if wanted:
        yield from streamed(work, over.set)
    yield from _installed(checked, home)


def _installed(checked: Checked, home: Home) -> Iterator[Told]:
    """Installs the packages of Python that jobs ask for, and keeps which; says nothing where they are there."""
    from rosace.local.artifacts.cache import cache_root
    from rosace.local.aside import streamed
    from rosace.local.requirements import install, wanted

    asked, over = wanted(checked, cache_root()), threading.Event()
    if asked is None:
        return
    if asked.there:
        # Another platform, or an earlier list of this one, had them installed.
        install(asked, home.requirements, over.is_set)
        return
    yield told.ToInstall(asked.packages)

    def work(tell: Callable[[Told], None]) -> None:
        tell(told.Installed(install(asked, home.requirements, over.is_set)))

    yield from streamed(work, over.set)


def _judged(examined: Examined, questions: list[Seat]) -> Generator[Told, None, None]:
    """Raises Refused with what planners refuse; an engine that cannot be asked judges when it gets the statement."""
    from rosace.local.aside import streamed
    from rosace.local.judging import Settled, settle

    def work(tell: Callable[[Told], None]) -> Settled:
        return settle(examined.proven(), questions, lambda line: tell(told.Note(line)))

    # Ctrl-C reaches the planners' processes as well, and they end.
    settled = yield from streamed(work, lambda: None)
    if settled.absent:
        yield told.NotAsked(settled.absent)
    for title, why in settled.judged.unasked:
        yield told.NotAnswered(title, why)
    settled.refuse()
