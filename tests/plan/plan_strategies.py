"""Arbitrary deployments: any process, action and job that the contract allows, names unlike each other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rosace.contract.jobs import JobOrder
from rosace.contract.machine import Action, File, Probe, ProcessSpec, Setup
from rosace.model.checked import Ref
from rosace.model.quantity import Size
from rosace.plan.machine.deployment import Deployment, Offer, Streams

NAMES = st.text("abcdef-é", min_size=1, max_size=6)
TEXT = st.text(max_size=12)
SIZES = st.integers(0, 2**36).map(Size)
NAME_LISTS = st.lists(NAMES, max_size=3).map(tuple)
REFS = st.lists(st.builds(Ref, st.sampled_from(["topic", "table"]), NAMES), max_size=3).map(tuple)
STRINGS = st.dictionaries(NAMES, TEXT, max_size=3)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(NAMES, PLAIN, max_size=3)
PROBES = st.builds(Probe, NAMES, ARGUMENTS, st.floats(0.1, 60))

PROCESSES = st.builds(
    ProcessSpec,
    name=NAMES,
    engine=NAMES,
    argv=st.lists(TEXT, min_size=1, max_size=3).map(tuple),
    env=STRINGS,
    files=st.lists(st.builds(File, NAMES, TEXT, st.sampled_from((0o600, 0o644))), max_size=2).map(tuple),
    setup=st.lists(st.builds(Setup, NAME_LISTS, NAMES, STRINGS), max_size=1).map(tuple),
    after=NAME_LISTS,
    ready=st.none() | PROBES,
    ports=st.dictionaries(NAMES, st.integers(1, 65535), max_size=2),
    heap=SIZES,
    memory=SIZES,
    once=st.booleans(),
    unprivileged=st.booleans(),
    stop_signal=st.sampled_from(("TERM", "INT", "QUIT")),
    stop_grace=st.floats(0, 100),
    interface=TEXT,
    archive=TEXT,
)
ACTIONS = st.builds(Action, NAMES, NAMES, ARGUMENTS, NAME_LISTS, NAME_LISTS)
JOBS = st.builds(
    JobOrder,
    NAMES,
    NAMES,
    NAMES,
    st.booleans(),
    ARGUMENTS,
    reads=REFS,
    writes=REFS,
    finite_inputs=NAME_LISTS,
    after=NAME_LISTS,
    schedule=TEXT,
    needs=NAME_LISTS,
    secrets=NAME_LISTS,
)


def _apart(items: Any) -> tuple[Any, ...]:
    return tuple({item.name: item for item in items}.values())


@st.composite
def deployments(draw: st.DrawFn) -> Deployment:
    """Whatever may be written to the executor's file. Nothing waits in a circle: each waits for earlier ones only."""
    processes = _apart(draw(st.lists(PROCESSES, max_size=4)))
    taken = {item.name for item in processes}
    actions = _apart(item for item in draw(st.lists(ACTIONS, max_size=3)) if item.name not in taken)
    return acyclic(
        Deployment(
            platform=draw(NAMES),
            root=draw(TEXT),
            inputs=draw(TEXT),
            processes=processes,
            actions=actions,
            jobs=_apart(draw(st.lists(JOBS, max_size=3))),
            streams=draw(st.none() | st.builds(Streams, NAMES, TEXT)),
            interfaces=draw(STRINGS),
            offers=tuple(draw(st.lists(st.builds(Offer, NAMES, NAMES, ARGUMENTS), max_size=2))),
            packages=draw(STRINGS),
        )
    )


def acyclic(deployment: Deployment) -> Deployment:
    """The same, where nothing waits for itself or for what comes later in the list."""
    from dataclasses import replace

    order = [item.name for item in (*deployment.processes, *deployment.actions)]

    def earlier(item: Any) -> Any:
        mine = order.index(item.name)
        return replace(item, after=tuple(n for n in item.after if n not in order or order.index(n) < mine))

    return replace(
        deployment,
        processes=tuple(map(earlier, deployment.processes)),
        actions=tuple(map(earlier, deployment.actions)),
    )
