"""pydantic's error types in the words of YAML.

In: an error type and its context. Out: `a whole number`, `must be at least 3`.
Must not: know trees or spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rosace.source.quoted import quoted

_MOST_LISTED = 12

_EXPECTED = {
    "string_type": "text",
    "string_sub_type": "text",
    "string_unicode": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "iterable_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "none_required": "left empty",
    "url_type": "a URL",
    "url_parsing": "a URL",
}
_EXPECTED_FAMILIES = (
    (re.compile(r"datetime_(type|parsing|from_date_parsing)"), "a date and time"),
    (re.compile(r"date_(type|parsing|from_datetime_parsing)"), "a date"),
    (re.compile(r"time_delta_(type|parsing)"), "a duration"),
    (re.compile(r"time_(type|parsing)"), "a time of day"),
    (re.compile(r"uuid_(type|parsing)"), "a UUID"),
)
_RULES = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    # Ours say what they take (`model.spelled`); a pattern says nothing to a person.
    "string_pattern_mismatch": "must have another form",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_SEPARATOR = re.compile(r",\s*|\s+or\s+")


def expected(error_type: str) -> str | None:
    """Return what kind of value was wanted, or None when the error is not about kind."""
    if known := _EXPECTED.get(error_type):
        return known
    families = (word for pattern, word in _EXPECTED_FAMILIES if pattern.fullmatch(error_type))
    return next(families, None)


def rule(error_type: str, context: Mapping[str, object]) -> str | None:
    """Return the broken rule (`must be at least 3`), or None for other errors."""
    template = _RULES.get(error_type)
    if template is None:
        return None
    return template.format_map({name: _number(value) for name, value in context.items()})


def given(value: object) -> str:
    """Return what the user wrote, in YAML words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "`true`" if value else "`false`"
        case int() | float():
            return f"the number `{quoted(value)}`"
        case str():
            return f"the text `{quoted(value)}`"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "another kind of value"


def choices(listed: str) -> list[str]:
    """Return the values in pydantic's `'a', 'b' or 'c'`."""
    quoted = [one or other for one, other in _QUOTED.findall(listed)]
    return quoted or [word for word in _SEPARATOR.split(listed) if word]


def either(words: Iterable[str]) -> str:
    """Join words as `a, b or c`; a long list is cut."""
    known = list(dict.fromkeys(words))
    if len(known) > _MOST_LISTED:
        known = [*known[:_MOST_LISTED], f"{len(known) - _MOST_LISTED} others"]
    return " or ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)


def code_words(words: Iterable[str]) -> list[str]:
    """Return each word in backquotes."""
    return [f"`{word}`" for word in words]


def _number(value: object) -> object:
    """`3` for 3.0; an amount of ours says itself in its own unit."""
    return int(value) if type(value) is float and value.is_integer() else value
