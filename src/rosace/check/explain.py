"""What a diagnostic means, at length: one page per code.

Comes in: a code. Goes out: its page, Markdown. Must not: know rules; the pages' examples are run by the tests.
"""

from __future__ import annotations

import re
from importlib.resources import files

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def explain(code: str) -> str | None:
    """The page of a code, or None where there is no such code."""
    page = files("rosace.check") / "pages" / f"{code}.md"
    return page.read_text(encoding="utf-8") if _CODE.fullmatch(code) and page.is_file() else None


def codes() -> list[str]:
    """Every code that has a page, sorted."""
    pages = (files("rosace.check") / "pages").iterdir()
    return sorted(page.name.removesuffix(".md") for page in pages if page.name.endswith(".md"))
