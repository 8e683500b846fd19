"""`rosace schema`: the file's grammar, for editors, and that of what verbs print, for programs."""

from __future__ import annotations

import json
from typing import Literal


def schema(what: Literal["platform", "output"] = "platform", /) -> int:
    """Print the JSON Schema (draft-07) of platform.yaml, every engine's section included.

    With `output`, the JSON Schema (2020-12) of what the verbs print with --output json: `#/$defs/rosace-status` is what
    `rosace status` prints, `#/$defs/rosace-get-topics` what `rosace get topics` does.

    Examples:
      rosace schema > platform.schema.json     # then: # yaml-language-server: $schema=platform.schema.json
      rosace schema output > output.schema.json
    """
    if what == "output":
        from rosace.observe.schema import output_schema

        print(json.dumps(output_schema(), indent=2))
        return 0
    from rosace.check.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0
