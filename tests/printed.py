"""The published schema of what verbs print, and whether something fits it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

VERBS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "docs" / "output.schema.json").read_text(encoding="utf-8")
)


def validate(verb: str, printed: Any) -> None:
    """Raises jsonschema.ValidationError unless this is what the verb may print."""
    Draft202012Validator({"$ref": f"#/$defs/rosace-{verb}", "$defs": VERBS["$defs"]}).validate(printed)
