"""Read the values of parameters from a request: undo collection formats, and the styles of OpenAPI 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from ovcgen.documents.depth_limit import read_json
from ovcgen.model.api import Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, Array, Map, Record, Scalar, Schema, Union
from ovcgen.runtime.media_types import is_json
from ovcgen.runtime.parameter_styles import DEEP, DEEPEST
from ovcgen.simulator.request import HttpRequest

Json = Any
ABSENT = object()
SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
STYLES = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
Pairs = Sequence[tuple[str, str]]  # names and values as sent, percent-encoded


class ParameterReader:
    """A reader of the values of an operation's parameters from one request.

    Args:
        request: The request.
        path_values: The percent-encoded values of path parameters, by name.
        resolver: Resolves the schemas of the parameters.
        form: The decoded values of each form field by name, for Swagger 2.0; files are bytes.
    """

    def __init__(
        self,
        request: HttpRequest,
        path_values: Mapping[str, str],
        resolver: Resolver,
        form: Mapping[str, list[Json]] | None = None,
    ) -> None:
        self._request = request
        self._path = path_values
        self._resolver = resolver
        self._form = form or {}
        self._query = [_pair(field) for field in request.query.split("&") if field]
        self._cookies = [_pair(field.strip()) for field in (request.header("cookie") or "").split(";") if field.strip()]

    def value(self, parameter: Parameter) -> Json:
        """Return the value of a parameter, converted to the type of its schema; ABSENT if it was not sent.

        A value that can't be converted stays a text. Of several values, a list takes all if its style repeats the name,
        and everything else the last. An empty text counts as not sent if the parameter allows empty values. Names of
        headers have no case; those of other parameters do.
        """
        match parameter.location:
            case "formData":
                return self._of_fields(parameter, self._form.get(parameter.name, []))
            case "querystring":
                return self._whole_query(parameter) if self._query else ABSENT
            case "path":
                text = self._path.get(parameter.name)
                return ABSENT if text is None else self._of_text(parameter, text, unquote)
            case "header":
                text = self._request.header(parameter.name)
                return ABSENT if text is None else self._of_text(parameter, text, str)
            case "cookie":
                return self._of_pairs(parameter, self._cookies)
        return self._of_pairs(parameter, self._query)

    def _whole_query(self, parameter: Parameter) -> Json:
        if is_json(parameter.content_type):
            return _json(unquote_plus(self._request.query))
        fields = parse_qsl(self._request.query, keep_blank_values=True)
        return self._object(self._shape(parameter), fields)

    def _of_pairs(self, parameter: Parameter, pairs: Pairs) -> Json:
        """Return the value of a parameter in a query or in cookies."""
        shape = self._shape(parameter)
        if parameter.style == DEEP:
            return self._deep(parameter, shape, pairs)
        if isinstance(shape, Record) and parameter.explode and not parameter.content_type:
            own = {member.name for member in shape.properties}
            found = [(unquote_plus(name), unquote_plus(value)) for name, value in pairs]
            fields = [(name, value) for name, value in found if name in own]
            return self._object(shape, fields) if fields else ABSENT
        texts = [value for name, value in pairs if unquote_plus(name) == parameter.name]
        if isinstance(shape, Map) and parameter.explode and not parameter.content_type and not texts:
            return ABSENT
        if not texts:
            return ABSENT
        is_repeated = parameter.explode if parameter.style else getattr(shape, "collection", "") == "multi"
        if isinstance(shape, Array) and is_repeated:
            return [typed(unquote_plus(text), shape.items, self._resolver) for text in texts]
        return self._of_text(parameter, texts[-1], unquote_plus)

    def _of_fields(self, parameter: Parameter, values: list[Json]) -> Json:
        """Return the value of a form parameter of Swagger 2.0."""
        if not values:
            return ABSENT
        shape = self._shape(parameter)
        if isinstance(shape, Array) and shape.collection == "multi":
            return [typed(value, shape.items, self._resolver) for value in values]
        return values[-1] if isinstance(values[-1], bytes) else self._of_text(parameter, values[-1], str)

    def _of_text(self, parameter: Parameter, sent: str, decode: Callable[[str], str]) -> Json:
        """Return the value of a parameter from the text that was sent, which can hold a list or an object."""
        shape = self._shape(parameter)
        if parameter.content_type:
            return _json(decode(sent)) if is_json(parameter.content_type) else decode(sent)
        if parameter.style in ("label", "matrix"):
            sent = _without_prefix(parameter, sent)
        if isinstance(shape, Array):
            separator = _separator(parameter, shape)
            return [typed(text, shape.items, self._resolver) for text in _split(sent, separator, decode)]
        if isinstance(shape, Record | Map) and parameter.style:
            return self._object(shape, _members(parameter, sent, decode))
        text = decode(sent)
        if text == "" and parameter.allow_empty:
            return ABSENT
        return typed(text, shape, self._resolver)

    def _deep(self, parameter: Parameter, shape: Schema, pairs: Pairs) -> Json:
        start = f"{parameter.name}["
        found: dict[str, Json] = {}
        for sent, value in pairs:
            name = unquote_plus(sent)
            if name.startswith(start) and name[-1] == "]":
                _add(found, name[len(start) : -1].split("][", DEEPEST), unquote_plus(value))
        return object_of(shape, found, self._resolver) if found else ABSENT

    def _object(self, shape: Schema, fields: Pairs) -> Json:
        """Return an object with the fields as typed members. A field whose schema is an array becomes a list."""
        grouped: dict[str, list[Json]] = {}
        for name, value in fields:
            grouped.setdefault(name, []).append(value)
        return object_of(shape, grouped, self._resolver)

    def _shape(self, parameter: Parameter) -> Schema:
        return self._resolver.resolved(parameter.schema)


def _add(fields: dict[str, Json], steps: Sequence[str], value: str) -> None:
    """Add a value of a `deepObject` to the fields. One whose name is also the name of an object is left out."""
    *outer, last = steps
    for step in outer:
        inner = fields.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        fields = inner
    values = fields.setdefault(last, [])
    if isinstance(values, list):
        values.append(value)


def object_of(shape: Schema, fields: Mapping[str, Json], resolver: Resolver) -> dict[str, Json]:
    """Return the fields of a form as a dict whose values are converted to the types of the schema `shape`.

    Of several values, a member that is no list gets the last. A single text that begins with `[` is read as a JSON list
    if the member is a list. Fields that the schema does not declare are kept.

    Args:
        shape: The schema of the object.
        fields: The values of each field by name: a list of texts, or of bytes for files, which stay bytes. Those of an
            object inside of a `deepObject` are a dict of such lists.
        resolver: Resolves the schemas.
    """
    resolved = resolver.resolved(shape)
    declared = {member.name: member.schema for member in resolved.properties} if isinstance(resolved, Record) else {}
    rest = (resolved.rest or Anything()) if isinstance(resolved, Record) else Anything()
    rest = resolved.values if isinstance(resolved, Map) else rest
    found = {}
    for name, values in fields.items():
        inner = resolver.resolved(declared.get(name, rest))
        if isinstance(values, dict):
            found[name] = _inner_object(inner, values, resolver)
        elif isinstance(inner, Array):
            is_text_of_list = len(values) == 1 and isinstance(values[0], str) and values[0].lstrip().startswith("[")
            items = [typed(value, inner.items, resolver) for value in values]
            found[name] = _json(values[0]) if is_text_of_list else items
        else:
            found[name] = typed(values[-1], inner, resolver)
    return found


def _inner_object(shape: Schema, fields: dict[str, Json], resolver: Resolver) -> Json:
    """Return an object inside of a `deepObject`; a list if the schema says so, whose items have numbers as names."""
    if not isinstance(shape, Array):
        return object_of(shape, fields, resolver)
    items = object_of(Map(shape.items), fields, resolver)
    return [items[name] for name in sorted(items, key=lambda name: (len(name), name))]


def typed(text: Json, schema: Schema, resolver: Resolver) -> Json:
    """Return a text converted to the type of its schema; the text itself if that is not possible.

    A boolean is `true` or `false` in lower case. A union takes the first member that converts the text, an object is
    read as JSON, and a text equal to an enum value becomes that value. A value that is no text, such as bytes, is
    returned unchanged.
    """
    if not isinstance(text, str):
        return text
    shape = resolver.resolved(schema)
    match shape:
        case Scalar("boolean"):
            return {"true": True, "false": False}.get(text, text)
        case Scalar("integer" | "number" as kind):
            value = _json(text)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return value if is_number and (kind == "number" or value == int(value)) else text
        case Union(members):
            found = [typed(text, member, resolver) for member in members]
            return next((value for value in found if not isinstance(value, str)), text)
        case Record() | Map():
            return _json(text)
    enum = shape.traits.enum
    return next((constant.value for constant in enum if constant.text == text), text)


def _json(text: Json) -> Json:
    """Return the value of a JSON text; the text itself if it is not JSON, or an infinite number."""
    try:
        value = read_json(text)
    except (ValueError, TypeError):
        return text
    return text if value in (float("inf"), float("-inf")) or value != value else value


def _pair(field: str) -> tuple[str, str]:
    name, _, value = field.partition("=")
    return name, value


def _separator(parameter: Parameter, array: Array) -> str:
    if not parameter.style:
        return SEPARATORS.get(array.collection, ",")
    if parameter.style in ("label", "matrix"):
        exploded = "." if parameter.style == "label" else f";{parameter.name}="
        return exploded if parameter.explode else ","
    return STYLES.get(parameter.style, ",")


def _without_prefix(parameter: Parameter, sent: str) -> str:
    """Return a value of style `label` (`.a`) or `matrix` (`;name=a`) without its prefix: `a`."""
    if parameter.style == "label":
        return sent.removeprefix(".")
    return (
        sent.removeprefix(f";{parameter.name}").removeprefix("=")
        if not sent.startswith(";")
        else _matrix(parameter, sent)
    )


def _matrix(parameter: Parameter, sent: str) -> str:
    named = f";{parameter.name}="
    return sent.removeprefix(named) if sent.startswith(named) else sent.removeprefix(";")


def _split(sent: str, separator: str, decode: Callable[[str], str]) -> list[str]:
    """Return the decoded items of a list. If `sent` has no literal separator, a percent-encoded one counts."""
    if not sent:
        return []
    if separator in sent:
        return [decode(text) for text in sent.split(separator)]
    return decode(sent).split(separator)


def _members(parameter: Parameter, sent: str, decode: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of an object, sent as `a,1,b,2`, or as `a=1,b=2` with `explode`."""
    separator = {"label": ".", "matrix": ";"}.get(parameter.style, ",") if parameter.explode else ","
    texts = _split(sent, separator, decode)
    if parameter.explode:
        return [_pair(text) for text in texts]
    return list(zip(texts[::2], texts[1::2], strict=False))
