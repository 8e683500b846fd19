"""`rosace explain`: what a diagnostic means and how to mend it."""

from __future__ import annotations

import sys


def explain(code: str | None = None, /) -> int:
    """Explain a diagnostic by its code; without a code, list all codes with a line each.

    Examples:
      rosace explain unknown-key
      rosace explain
    """
    from rosace.check.explain import codes, meaning
    from rosace.check.explain import explain as page
    from rosace.cli.width import wrapped
    from rosace.source.diagnostic import refuse
    from rosace.source.suggest import closest

    if code is None:
        most = max(map(len, codes()))
        for one in codes():
            print(wrapped(f"{one:{most}}  {meaning(one)}", most + 2, sys.stdout))
        return 0
    text = page(code)
    if text is None:
        near = closest(code, codes())
        hint = f"did you mean `{near}`?" if near else "`rosace explain` lists all codes"
        raise refuse("unknown-code", f"there is no diagnostic `{code}`", hints=(hint,))
    for number, part in enumerate(text.split("```")):
        # What stands between fences is shown as it is written.
        print("```" * bool(number) + (part if number % 2 else wrapped(part, 0, sys.stdout)), end="")
    print()
    return 0
