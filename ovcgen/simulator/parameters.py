"""How a portal reads parameters: more generous here, stricter there than one expects, and always in this way."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Array, Composed, Map, Record, Reference, Scalar, Schema
from ovcgen.reading.depths import bounded, read_json
from ovcgen.simulator.refusals import Crash, Unreadable, Wrong
from ovcgen.simulator.request import Seen
from ovcgen.simulator.validators import check

Json = Any

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
RESERVED = frozenset({"authkey", "_async", "format", "_jsonp", "_png", "user_login_", "passwd", "user_logoff_"})
ABSENT: tuple[Json, ...] = (None, "")


@dataclass(frozen=True, slots=True)
class Incoming:
    """The values of query and body, merged; `typed` are the names that came in a JSON body."""

    values: Mapping[str, Json]
    typed: frozenset[str] = frozenset()

    @property
    def background(self) -> bool:
        """Whether `_async` is there; its value does not matter."""
        return "_async" in self.values

    def text(self, name: str) -> str:
        """The value of a reserved key, or "" where it is absent."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def incoming(request: Seen) -> Incoming:
    """What the request carries. The body wins over the query."""
    query = parse_qsl(request.query, keep_blank_values=True, errors="surrogateescape")
    body = _body(request)
    if body and request.content_type == FORM and any(value == "" for _, value in query):
        raise Unreadable("an empty query value beside a form")
    typed = frozenset(body) if request.content_type == JSON else frozenset()
    return Incoming({**_grouped(query), **body}, typed)


def arguments(operation: Operation, given: Incoming) -> dict[str, Json]:
    """The values a call gets: declared ones converted and checked, unknown ones as they came."""
    declared = {parameter.name: parameter for parameter in operation.parameters if parameter.name != "_async"}
    unknown = {name: value for name, value in given.values.items() if name not in RESERVED and name not in declared}
    return unknown | {name: _argument(parameter, given) for name, parameter in declared.items()}


def _body(request: Seen) -> dict[str, Json]:
    if request.method not in ("POST", "PUT") or request.header("pragma") == "stream" or not request.body:
        return {}
    match request.content_type:
        case "application/json":
            return _object(request.body)
        case "application/x-www-form-urlencoded":
            text = request.body.decode("utf-8", "surrogateescape")
            return _grouped(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
        case "multipart/form-data":
            return _parts(request)
    return {}


def _object(body: bytes) -> dict[str, Json]:
    try:
        value = read_json(body)
    except ValueError as error:
        raise Unreadable("the body is no JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("the body is no JSON object")
    return value


def _parts(request: Seen) -> dict[str, Json]:
    from werkzeug.formparser import parse_form_data

    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": request.header("content-type") or "",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": io.BytesIO(request.body),
    }
    _, fields, files = parse_form_data(environ)
    for _, file in files.items(multi=True):
        file.close()
    return {name: fields.getlist(name)[-1] for name in fields}  # of a repeated field, the last counts


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, Json]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in lists.items()}


def _argument(parameter: Parameter, given: Incoming) -> Json:
    value = given.values.get(parameter.name)
    if value in ABSENT:
        if parameter.required:
            raise Wrong(f"Param with name:{parameter.name} is missing.")
        return (parameter.default.value or None) if parameter.default else None
    converted = _converted(parameter, value, typed=parameter.name in given.typed)
    check(parameter, converted)
    return converted


def _converted(parameter: Parameter, value: Json, *, typed: bool) -> Json:
    match parameter.schema:
        case Scalar("integer"):
            return _number(parameter, value, "int")
        case Scalar("number"):
            return _number(parameter, value, "float")
        case Scalar("boolean"):
            return _truth(parameter, value)
        case Array(items):
            return _list(parameter, value, items, typed=typed)
        case Map() | Record() | Composed() | Reference():
            return _mapping(parameter, value)
    return value  # a text is taken as it is, even when it is none


def _number(parameter: Parameter, value: Json, kind: str) -> Json:
    """Whatever JSON the text is: a portal does not look at the type afterwards."""
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str):
        raise _not(parameter, kind)
    try:
        return read_json(value)
    except ValueError as error:
        raise _not(parameter, kind) from error


def _truth(parameter: Parameter, value: Json) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise _not(parameter, "bool")
    return text in ("true", "1")


def _list(parameter: Parameter, value: Json, items: Schema, *, typed: bool) -> Json:
    if typed and not isinstance(value, (list, str)):
        raise Crash(f"{parameter.name} is no list")
    found = value if isinstance(value, list) else _listed(value)
    if typed and found is None:
        raise Crash(f"{parameter.name} is no list")
    found = [value] if found is None else found
    if not (isinstance(items, Scalar) and items.kind == "integer"):
        return found
    try:
        return [int(item) for item in found]
    except (TypeError, ValueError, OverflowError) as error:
        raise _not(parameter, "list(int)") from error


def _listed(text: str) -> list[Json] | None:
    try:
        value = read_json(text)
    except ValueError:
        return None
    return value if isinstance(value, list) else None


def _mapping(parameter: Parameter, value: Json) -> Json:
    import yaml

    if isinstance(value, str):
        try:
            value = yaml.safe_load(bounded(value))  # JSON is YAML, too
        except (yaml.YAMLError, ValueError) as error:
            raise _not(parameter, "object") from error
    if not isinstance(value, dict):
        raise _not(parameter, "object")
    return value


def _not(parameter: Parameter, kind: str) -> Wrong:
    return Wrong(f"Value of param {parameter.name} not correct needs to be of type {kind}")
