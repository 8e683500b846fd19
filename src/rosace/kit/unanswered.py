"""Why something does not answer, for people: while it starts, nothing listens where it will."""

from __future__ import annotations


def unanswered(place: str, error: BaseException) -> str:
    """What is wrong at an address, for whoever waits for it: without numbers of errors and without stacks."""
    if refused(error):
        return f"nothing listens on {place} yet"
    told = error.strerror if isinstance(error, OSError) else str(error) if isinstance(error, OWN) else ""
    return f"no answer from {place}: {told or type(error).__name__}"


OWN = (EOFError, ValueError)
"""What probes raise themselves, with a text for people; those of clients are full of their own names."""


def why(error: BaseException) -> str:
    """The same where the address goes without saying."""
    return "nothing listens there yet" if refused(error) else str(error) or type(error).__name__


def refused(error: BaseException) -> bool:
    """Whether nobody listens: clients hide that below errors of their own (causes, or a `reason`)."""
    found: list[object] = [error]
    seen: set[int] = set()
    while found:
        one = found.pop()
        if isinstance(one, ConnectionRefusedError):
            return True
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            found += [one.__cause__, one.__context__, getattr(one, "reason", None)]
    return False
