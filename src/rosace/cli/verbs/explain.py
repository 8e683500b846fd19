"""`rosace explain`: what a diagnostic means and how to mend it."""

from __future__ import annotations


def explain(code: str | None = None, /) -> int:
    """Explain a diagnostic by its code; without a code, list all codes.

    Examples:
      rosace explain unknown-key
      rosace explain
    """
    from rosace.check.explain import codes
    from rosace.check.explain import explain as page
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    if code is None:
        print("\n".join(codes()))
        return 0
    text = page(code)
    if text is None:
        near = closest(code, codes())
        hint = f"did you mean `{near}`?" if near else "`rosace explain` lists all codes"
        raise refuse("unknown-code", f"there is no diagnostic `{code}`", hints=(hint,))
    print(text)
    return 0
