"""Did you mean?

In: a word and the words that would have been right. Out: the closest one, if
one is close. Must not: guess when nothing is near.
"""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST, _MOST = 100, 2000
"""Letters of a word, and words to choose from, beyond which nobody mistyped one: what is compared stays small."""


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate the writer of `word` most likely meant, or None.

    Case, `_` against `-`, plural endings, transposed and missing letters and
    an unambiguous beginning of at least 3 letters are all forgiven.
    """
    known = list(dict.fromkeys(candidates))
    if len(word) > _LONGEST or len(known) > _MOST:
        return None
    folded = _fold(word)
    same = [candidate for candidate in known if _fold(candidate) == folded]
    if same:
        return same[0]
    return _near(folded, known) or _only_completion(folded, known)


def _near(folded: str, known: list[str]) -> str | None:
    from rapidfuzz.distance import OSA, JaroWinkler

    best: tuple[int, float, str] | None = None
    for candidate in known:
        other = _fold(candidate)
        shortest = min(len(folded), len(other))
        # A third of the letters may be wrong; in words of 1 or 2 letters, none.
        allowed = 0 if shortest < 3 else max(1, max(len(folded), len(other)) // 3)
        distance = OSA.distance(folded, other, score_cutoff=allowed)
        if distance > allowed:
            continue
        found = (distance, -JaroWinkler.similarity(folded, other), candidate)
        if best is None or found < best:
            best = found
    return best[2] if best else None


def _only_completion(folded: str, known: list[str]) -> str | None:
    if len(folded) < 3:
        return None
    completions = [candidate for candidate in known if _fold(candidate).startswith(folded)]
    return completions[0] if len(completions) == 1 else None


def _fold(word: str) -> str:
    plain = word.strip().casefold().replace("_", "-").replace(" ", "-")
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    return plain[:-1] if plain.endswith("s") and len(plain) > 3 else plain
