"""Functions named in a deployment (`package.module:function`) and called outside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pkgutil import resolve_name
from typing import Any

_POOL = ThreadPoolExecutor(max_workers=48, thread_name_prefix="entry")
"""More threads than units, so that one engine that hangs in a call delays no other."""


@cache
def resolve(entry: str) -> Callable[..., Any]:
    """The function that `module:function` names."""
    return resolve_name(entry)


async def call(entry: str, timeout: float, /, *args: Any, **kwargs: Any) -> Any:
    """The function's result; raises what it raises, and TimeoutError after `timeout` seconds."""
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(_POOL, partial(_run, entry, args, kwargs))
    # Not `wait_for`: that of Python 3.11 forgets that it was cancelled when the work ends just then.
    async with asyncio.timeout(timeout):
        return await work


def _run(entry: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return resolve(entry)(*args, **kwargs)
