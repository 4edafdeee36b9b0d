"""What pydantic finds wrong with a value, in our own words and both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg_api.messages import Said, said
from kg_api.parameters import shown

# The types of errors of pydantic that its models and our parameters can give, by the message that tells each.
# https://docs.pydantic.dev/latest/errors/validation_errors/
_MESSAGES: Mapping[str, str] = {
    "asks_nothing": "asks_nothing",
    "bool_parsing": "is_no_value",
    "bool_type": "is_no_value",
    "dict_type": "is_no_object",
    "enum": "is_none_of",
    "extra_forbidden": "is_too_much",
    "finite_number": "is_no_number",
    "greater_than_equal": "is_too_small",
    "int_from_float": "is_no_number",
    "int_parsing": "is_no_number",
    "int_parsing_size": "is_no_number",
    "int_type": "is_no_number",
    "json_invalid": "is_no_json",
    "less_than_equal": "is_too_large",
    "list_type": "is_no_list",
    "literal_error": "is_none_of",
    "missing": "is_missing",
    "model_attributes_type": "is_no_object",
    "model_type": "is_no_object",
    "string_too_long": "is_too_long",
    "string_too_short": "is_empty",
    "string_type": "is_no_text",
    "string_unicode": "is_no_text",
    "too_long": "has_too_many",
}
_PLACE = re.compile(r"line (\d+) column (\d+)")


def refusal(errors: Sequence[Mapping[str, Any]], *before: str) -> Said:
    """What is wrong with a value, from the errors of pydantic; `before` goes before the place that each names.

    Of a value that could be of several types there is an error for each; the first tells enough.
    """
    error = errors[0]
    place = ".".join(shown(str(part)) for part in (*before, *error["loc"]))
    return said(_MESSAGES.get(error["type"], "cannot_be"), place=place, **_limits(error))


def _limits(error: Mapping[str, Any]) -> Mapping[str, object]:
    """What the value should have kept to, as the messages speak of it."""
    context = error.get("ctx", {})
    if error["type"] in ("literal_error", "enum"):
        return {"known": context["expected"].replace(" or ", ", ")}
    if error["type"] == "json_invalid":
        found = _PLACE.search(str(context.get("error")))
        line, column = found.groups() if found else ("?", "?")
        return {"line": line, "column": column}
    limits = [value for name, value in context.items() if name in ("ge", "le", "max_length")]
    return {"limit": limits[0]} if limits else {}
