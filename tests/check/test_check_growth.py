"""What `check` costs grows with the text, not with its square."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from rosace.check.platform import examine
from rosace.source.diagnostic import Refused
from rosace.source.yaml import parse

pytestmark = pytest.mark.slow


def seconds(text: str) -> float:
    """CPU seconds of the second of two checks: the first loads what it needs."""
    begun = 0.0
    for _ in range(2):
        begun = time.process_time()
        with contextlib.suppress(Refused):
            examine(parse(text, "platform.yaml"), Path("/nowhere"))
    return time.process_time() - begun


def test_many_unknown_keys() -> None:
    """Four times as many took sixteen times as long when each mistake was compared with each."""

    def keys(count: int) -> str:
        return "platform: p\n" + "".join(f"k{number}: 1\n" for number in range(count))

    assert seconds(keys(6000)) < 8 * seconds(keys(1500))


@pytest.mark.parametrize("text", ["[" * 64_000, "{a: " * 16_000, "9" * 10_000, "1h" * 5_000, "9" * 10_000 + "h"])
def test_small_texts_are_answered_at_once(text: str) -> None:
    """Depth, and digits of a quantity: 64 KB of either took seconds to minutes."""
    assert seconds(f"platform: p\nmemory: {text}\n") < 2
    assert seconds(f"platform: p\ntopics: {{t: {{columns: {{id: int!}}, retention: {text}}}}}\n") < 2
