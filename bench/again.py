"""`up` after `down`: the example's engines start again on the data that they left, everything fetched."""

from __future__ import annotations

from figure import Figure
from session import Session


def measure(session: Session) -> list[Figure]:
    """From the command to every engine ready and every job in its place."""
    rig = session.flights().rig
    down = rig.down()
    run, stages = rig.up()
    parts = {"down": f"{down.seconds:.1f} s", **{name: f"{seconds:.1f} s" for name, seconds in stages.items()}}
    return [Figure("again", "`up` after `down`, the example's data kept", run.seconds, "s", parts=parts)]
