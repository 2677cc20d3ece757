"""Errors of settings and of what was asked; the whole tree is drawn in `corpus.errors`."""

from collections.abc import Sequence
from typing import Any

from corpus.errors import AssistantError

_WORDS = {
    "missing": "it is missing",
    "too_long": "it has more than {max_length} items",
    "string_too_long": "it has more than {max_length} characters",
    "tuple_type": "it is not a list",
    "string_type": "it is not a text",
    "int_type": "it is not a whole number",
    "int_parsing": "it is not a whole number",
    "dict_type": "it is not an object",
    "model_type": "it is not an object",
    "model_attributes_type": "it is not an object",
    "greater_than_equal": "it is less than {ge}",
    "less_than_equal": "it is more than {le}",
    "literal_error": "it is none of {expected}",
}
"""What is wrong with a value, by pydantic's type of error."""


class SettingsError(AssistantError):
    """A setting is unknown or impossible; the message names its key."""

    code = "settings"


class InvalidInput(AssistantError):
    """A question, history or request that breaks the interface's limits."""

    code = "invalid"


def validation_message(errors: Sequence[Any], whole: str) -> str:
    """One line on the first of pydantic's `errors`: the field, or `whole`, and what is wrong with it."""
    first = errors[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path")) or whole
    if first["type"] == "string_pattern_mismatch" and field in ("question", "sentence"):
        return f"{field}: it is empty"
    words = _WORDS.get(first["type"])
    return f"{field}: {words.format_map(first.get('ctx', {})) if words else first['msg']}"
