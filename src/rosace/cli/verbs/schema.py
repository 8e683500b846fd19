"""`rosace schema`: the file's grammar, for editors."""

from __future__ import annotations

import json


def schema() -> int:
    """Print the JSON Schema (draft-07) of platform.yaml, every engine's section included.

    Examples:
      rosace schema > platform.schema.json     # then: # yaml-language-server: $schema=platform.schema.json
    """
    from rosace.check.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0
