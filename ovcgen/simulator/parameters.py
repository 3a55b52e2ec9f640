"""Read the parameters of a request, and check and convert those that an operation declares, as a portal does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ovcgen.documents.yaml_reader import parse_yaml
from ovcgen.errors import SpecRefused
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Array, Composed, Map, Record, Reference, Scalar, Schema
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, Unreadable
from ovcgen.simulator.lenient_json import BadValue, OutOfBounds, parse_body, parse_value
from ovcgen.simulator.parameter_validators import check_value
from ovcgen.simulator.request import HttpRequest, parts_of

Json = Any

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
RESERVED = frozenset({"authkey", "_async", "format", "_jsonp", "_png", "user_login_", "passwd", "user_logoff_"})
ABSENT: tuple[Json, ...] = (None, "")
SMALL = 2**31  # a portal takes integers from here on for another type


@dataclass(frozen=True, slots=True)
class RawParameters:
    """A record of the unconverted parameters of a request to a simulated portal.

    Attributes:
        values: The parameters of query and body, merged. A name that was sent several times has a list, except in
            multipart forms, where the last value is used.
        typed: The names that came in a JSON body.
    """

    values: Mapping[str, Json]
    typed: frozenset[str] = frozenset()

    @property
    def background(self) -> bool:
        """Return whether `_async` was sent. Its value does not matter."""
        return "_async" in self.values

    def text(self, name: str) -> str:
        """Return the value of a parameter that is a single text; "" if it is absent or anything else. Case counts."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def incoming(request: HttpRequest) -> RawParameters:
    """Return the unconverted parameters of a request. If query and body have the same one, that in the body is used.

    Only bodies of POST and PUT count: a JSON object, a URL-encoded form, or the fields (not the files) of a multipart
    form. Any other content type, a blank body and JSON such as `null` or `[]` have no parameters.

    Raises:
        HttpBadRequest: the JSON body is nested too deeply or has a number out of range.
        Unreadable: the body is no JSON or no JSON object, or an empty query value came together with a form.
    """
    query = parse_qsl(request.query, keep_blank_values=True, errors="surrogateescape")
    body = _body(request)
    if body and request.content_type == FORM and any(value == "" for _, value in query):
        raise Unreadable("an empty query value beside a form")
    typed = frozenset(body) if request.content_type == JSON else frozenset()
    return RawParameters({**_grouped(query), **body}, typed)


def arguments(operation: Operation, given: RawParameters, behaviours: frozenset[str] = frozenset()) -> dict[str, Json]:
    """Return the arguments of a call: declared parameters converted and checked, unknown ones unchanged.

    Declared parameters that are absent, None or "" get their default, or None if that is false, 0 or missing. Reserved
    names are left out. `behaviours` are the ids of those of the release. The type of a string is not checked, but its
    validator is.

    Raises:
        HttpBadRequest: a required parameter is missing, or a value is wrong.
        Crash: a value has a type on which a real portal fails with a 500.
    """
    declared = {parameter.name: parameter for parameter in operation.parameters if parameter.name != "_async"}
    unknown = {name: value for name, value in given.values.items() if name not in RESERVED and name not in declared}
    return unknown | {name: _argument(parameter, given, behaviours) for name, parameter in declared.items()}


def _body(request: HttpRequest) -> dict[str, Json]:
    if request.method not in ("POST", "PUT") or request.header("pragma") == "stream" or not request.body:
        return {}
    match request.content_type:
        case "application/json":
            return _object(request.body)
        case "application/x-www-form-urlencoded":
            text = request.body.decode("utf-8", "surrogateescape")
            return _grouped(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
        case "multipart/form-data":
            return dict(parts_of(request)[0])  # the last value of a repeated field wins
    return {}


def _object(body: bytes) -> dict[str, Json]:
    """Return the members of a JSON body. A blank body or a falsy value (`null`, `0`, `[]`) has none."""
    if not body.strip():
        return {}
    try:
        value = parse_body(body)
    except OutOfBounds as error:
        raise HttpBadRequest(f"The body {error}") from error
    except BadValue as error:
        raise Unreadable("the body is no JSON") from error
    if not value:
        return {}
    if not isinstance(value, dict):
        raise Unreadable("the body is no JSON object")
    return value


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, Json]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in lists.items()}


def _argument(parameter: Parameter, given: RawParameters, behaviours: frozenset[str]) -> Json:
    value = given.values.get(parameter.name)
    if value in ABSENT:
        if parameter.required:
            raise HttpBadRequest(f"Param with name:{parameter.name} is missing.")
        return (parameter.default.value or None) if parameter.default else None
    if parameter.name == "userdata" and "machine-userdata-unchecked" in behaviours:
        return value
    if _is_container_for_scalar(parameter, value) and "container-for-number-crashes" in behaviours:
        raise Crash(f"{parameter.name} is no text")
    converted = _converted(parameter, value, typed=parameter.name in given.typed)
    check_value(parameter, converted)
    return converted


def _converted(parameter: Parameter, value: Json, *, typed: bool) -> Json:
    match parameter.schema:
        case Scalar("integer"):
            return _number(parameter, value, "int")
        case Scalar("number"):
            return _number(parameter, value, "float")
        case Scalar("boolean"):
            return _boolean(parameter, value)
        case Array(items):
            return _list(parameter, value, items, typed=typed)
        case Map() | Record() | Composed() | Reference():
            return _mapping(parameter, value)
    return value  # strings are not checked: any type is accepted


def _is_container_for_scalar(parameter: Parameter, value: Json) -> bool:
    match parameter.schema:
        case Scalar("integer" | "number" | "boolean"):
            return isinstance(value, (list, dict))
    return False


def _number(parameter: Parameter, value: Json, kind: str) -> Json:
    """Return the value of a number parameter. Any JSON is accepted: a portal does not check the type after parsing."""
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str):
        raise _not(parameter, kind)
    try:
        return parse_value(value)
    except BadValue as error:
        raise _not(parameter, kind) from error


def _boolean(parameter: Parameter, value: Json) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise _not(parameter, "bool")
    return text in ("true", "1")


def _list(parameter: Parameter, value: Json, items: Schema, *, typed: bool) -> Json:
    kind = "list(int)" if isinstance(items, Scalar) and items.kind == "integer" else "list"
    found = value if isinstance(value, list) else _listed(parameter, value, kind, typed=typed)
    return [_whole(parameter, item) for item in found] if kind == "list(int)" else found


def _listed(parameter: Parameter, value: Json, kind: str, *, typed: bool) -> list[Json]:
    """Return a list made of a single value: the JSON list in a text, or a list of one item.

    Raises:
        Crash: a single value in a JSON body (`typed`).
        HttpBadRequest: JSON that a portal does not wrap: an object, null, a fraction, or a number from 2^31 on.
    """
    try:
        parsed = parse_value(value) if isinstance(value, str) else value
    except BadValue:
        parsed = value
    if isinstance(parsed, list):
        return parsed
    if typed:
        raise Crash(f"{parameter.name} is no list")
    if isinstance(parsed, str) or (isinstance(parsed, int) and abs(parsed) < SMALL):
        return [parsed]
    raise _not(parameter, kind)


def _whole(parameter: Parameter, item: Json) -> int:
    """Return an item of a list(int) as an integer. Containers and null crash a real portal."""
    if not isinstance(item, (str, int, float)):
        raise Crash(f"int() argument must be a string or a number, not {type(item).__name__}")
    if isinstance(item, str) and "_" in item:  # Python 3 would accept underscores
        raise _not(parameter, "list(int)")
    try:
        return int(item)
    except ValueError as error:
        raise _not(parameter, "list(int)") from error


def _mapping(parameter: Parameter, value: Json) -> Json:
    if isinstance(value, str):
        try:
            return parse_yaml(value.encode("utf-8", "surrogatepass"), parameter.name)  # JSON is YAML, too
        except SpecRefused as error:
            raise _not(parameter, "object") from error
    if not isinstance(value, dict):
        raise _not(parameter, "object")
    return value


def _not(parameter: Parameter, kind: str) -> HttpBadRequest:
    return HttpBadRequest(f"Value of param {parameter.name} not correct needs to be of type {kind}")
