"""What a diagnostic means, at length: one page per code.

Comes in: a code. Goes out: its page, Markdown. Must not: know rules; the pages' examples are run by the tests.
"""

from __future__ import annotations

import re
from importlib.resources import files

_SENTENCE = re.compile(r"(?<=[.:?]) (?=[A-Z`])|:$")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def explain(code: str) -> str | None:
    """The page of a code, or None where there is no such code."""
    page = files("rosace.check") / "pages" / f"{code}.md"
    return page.read_text(encoding="utf-8") if _CODE.fullmatch(code) and page.is_file() else None


def meaning(code: str) -> str:
    """The first sentence of a code's page: what it is about, on one line."""
    page = explain(code) or ""
    paragraphs = [part for part in page.split("\n\n") if part and not part.startswith(("#", "```"))]
    return _SENTENCE.split(" ".join(paragraphs[0].split()).removeprefix("A warning. "), 1)[0] if paragraphs else ""


def codes() -> list[str]:
    """Every code that has a page, sorted."""
    pages = (files("rosace.check") / "pages").iterdir()
    return sorted(page.name.removesuffix(".md") for page in pages if page.name.endswith(".md"))
