"""Check the simple keywords of schemas, parameters and headers, and correct wrong names of types."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import IGNORED, Body, RepairContext, excerpt, is_harmless, texts

SCALARS = ("string", "integer", "number", "boolean")
MEANT = {
    **dict.fromkeys(("int", "int8", "int16", "int32", "int64", "long", "short", "uint32", "uint64"), "integer"),
    **dict.fromkeys(("float", "float32", "float64", "double", "decimal"), "number"),
    **dict.fromkeys(("bool",), "boolean"),
    **dict.fromkeys(("list",), "array"),
    **dict.fromkeys(("str", "text", "char", "enum", "binary", "byte", "date", "datetime", "date-time"), "string"),
    **dict.fromkeys(("time", "timestamp", "uuid", "guid", "uri", "url", "email", "password"), "string"),
}
FORMATS = {"date", "date-time", "uuid", "binary", "byte", "int32", "int64", "float", "double", "password"}


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict)


PLAIN: Mapping[str, Callable[[Json], bool]] = {
    **dict.fromkeys(("maximum", "minimum"), _is_number),
    "multipleOf": lambda value: _is_number(value) and value > 0,
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"), _is_count),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "uniqueItems"), _is_flag),
    **dict.fromkeys(("readOnly", "allowEmptyValue"), _is_flag),
    **dict.fromkeys(("format", "title", "description", "pattern", "discriminator", "name", "in"), _is_text),
    "xml": _is_object,
    "externalDocs": lambda value: isinstance(value, dict) and isinstance(value.get("url"), str),
}
CARRIED = ("default", "example")
BOUNDS = (
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
)


def plain_values(place: RepairContext, body: Body) -> Body:
    """Return a schema, parameter or header without the simple keywords whose value has the wrong type.

    Simple keywords are those whose value is no schema, such as `maximum` or `description`. A number or boolean is
    converted if the keyword needs a string; in a YAML text, also in `enum` and `default` if the type is a string.
    Repeated values of an `enum` are dropped. `default` and `example` are
    left out if they hold references out of the document. `type` and unknown keys are not looked at. Every change is
    reported. `body` is not modified; it is returned if nothing is wrong.
    """
    body = _with_texts(place, body)
    wrong = [key for key, value in body.items() if key in PLAIN and not PLAIN[key](value)]
    wrong += [key for key in CARRIED if key in body and not is_harmless(place / key, body[key])]
    for key in wrong:
        if key in PLAIN:
            (place / key).note(f"{excerpt(body[key])} does not fit there", IGNORED)
    result = {key: value for key, value in body.items() if key not in wrong} if wrong else body
    if "enum" in result:
        return _with_choices(place / "enum", result)
    return result


def _with_texts(place: RepairContext, body: Body) -> Body:
    """Return the object with strings instead of numbers and booleans, where strings belong.

    `enum` and `default` are converted only if the text is YAML, where a string may stand without quotes.
    """
    numbers = [key for key, value in body.items() if PLAIN.get(key) is _is_text and isinstance(value, int | float)]
    result = {**body, **{key: (place / key).text(body[key]) for key in numbers}} if numbers else body
    if "xml" in result and isinstance(result["xml"], dict):
        result = {**result, "xml": texts(place / "xml", result["xml"], "name", "namespace", "prefix")}
    if not place.findings.unquoted or ("enum" not in body and "default" not in body):
        return result
    if _is_of_texts(result):
        return {**result, **{key: _texts_in(place / key, result[key]) for key in ("enum", "default") if key in result}}
    items = result.get("items")
    if "default" in result and isinstance(items, dict) and _is_of_texts(items):
        return {**result, "default": _texts_in(place / "default", result["default"])}
    return result


def _is_of_texts(body: Body) -> bool:
    kinds = body.get("type")
    words = kinds if isinstance(kinds, list) else [kinds]
    known = [word for word in words if word != "null"]
    return bool(known) and all(isinstance(constant, str) and type_meant(constant) == "string" for constant in known)


def _texts_in(place: RepairContext, value: Json) -> Json:
    """Return the value as a string, or a list with strings."""
    if isinstance(value, list):
        return [(place / number).text(constant) for number, constant in enumerate(value)]
    return place.text(value)


def _with_choices(place: RepairContext, body: Body) -> Body:
    choices = body["enum"]
    if isinstance(choices, list) and choices and is_harmless(place, choices):
        distinct = [choice for number, choice in enumerate(choices) if not _is_among(choice, choices[:number])]
        if len(distinct) < len(choices):
            place.note(f"{len(choices) - len(distinct)} of the values are there twice", "each is taken once")
        return body if len(distinct) == len(choices) else {**body, "enum": distinct}
    if not isinstance(choices, list) or not choices:
        place.note(f"{excerpt(choices)} is no list of values", IGNORED)
    return {key: value for key, value in body.items() if key != "enum"}


def _is_among(value: Json, others: list[Json]) -> bool:
    """Return whether a value equals one of the others by JSON's rules: true is not 1."""
    return any(type(other) is type(value) and other == value for other in others)


def type_meant(word: str) -> str:
    """Return the Swagger type for a word such as `int` (`integer`) or `String` (`string`); "" for an unknown word.

    Case and spaces around the word do not count. `file` and `null` are types here.
    """
    lower = word.strip().lower()
    return lower if lower in (*SCALARS, "array", "object", "file", "null") else MEANT.get(lower, "")


def with_format(body: Body, word: str) -> Body:
    """Return the object with `format: word` if `word` is a format, such as `uuid`, that was written as the type.

    Case and spaces around the word do not count, and `datetime` is `date-time`. The object is returned unchanged if the
    word is neither `uuid` nor a format of Swagger 2.0, or if the object has a `format`.
    """
    lower = word.strip().lower().replace("datetime", "date-time")
    return {**body, "format": lower} if lower in FORMATS and "format" not in body else body
