"""Reads a normalised document into values: the only file that knows Swagger's words after normalising."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.model.api import Api, Definition, Header, Operation, Parameter, Response, SecurityDefinition, Tag
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    File,
    Json,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
)
from ovcgen.normalise.walk import operations

SCALARS = ("string", "integer", "number", "boolean")
CONSTRAINTS = (
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
)
DEFINITIONS = "#/definitions/"

Body = Mapping[str, Any]


def read(document: Body, release: str) -> Api:
    """The values of a normalised document; the order of its keys changes nothing."""
    info = document.get("info", {})
    return Api(
        release=release,
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        base_path=document.get("basePath", ""),
        operations=tuple(_operation(document, path, verb, body) for path, verb, body in operations(document)),
        definitions=tuple(
            Definition(name, schema(body)) for name, body in sorted(document.get("definitions", {}).items())
        ),
        tags=tuple(
            sorted((Tag(tag["name"], _text(tag)) for tag in document.get("tags", ())), key=lambda tag: tag.name)
        ),
        security_definitions=tuple(
            SecurityDefinition(name, body["type"], tuple((key, Constant.of(body[key])) for key in sorted(body)))
            for name, body in sorted(document.get("securityDefinitions", {}).items())
        ),
        host=document.get("host", ""),
        schemes=tuple(document.get("schemes", ())),
        doc=_text(info),
    )


def _operation(document: Body, path: str, verb: str, body: Body) -> Operation:
    group, actor, name = body["x-ovcgen-name"]
    declared = [*document["paths"][path].get("parameters", ()), *body.get("parameters", ())]
    parameters = {(each["in"], each["name"]): each for each in (_resolved(document, each) for each in declared)}
    responses = tuple(
        _response(status, _resolved(document, answer)) for status, answer in sorted(body["responses"].items())
    )
    return Operation(
        group=group,
        actor=actor,
        name=name,
        method=verb.upper(),
        path=path,
        parameters=tuple(_parameter(each) for (_, wire), each in parameters.items() if wire != "_async"),
        responses=responses,
        result=_result(responses),
        id=body.get("operationId", ""),
        tags=tuple(body.get("tags", ())),
        doc=_text(body) or str(body.get("summary", "")).strip(),
        consumes=tuple(body.get("consumes", document.get("consumes", ()))),
        produces=tuple(body.get("produces", document.get("produces", ()))),
        security=tuple(
            tuple((scheme, tuple(scopes)) for scheme, scopes in sorted(each.items()))
            for each in body.get("security", document.get("security", ()))
        ),
        schemes=tuple(body.get("schemes", document.get("schemes", ()))),
        deprecated=bool(body.get("deprecated", False)),
        alternative=bool(body.get("x-ovcgen-alternative", False)),
        tasks=any(wire == "_async" for _, wire in parameters),
        guest=bool(body.get("x-guest", False)),
        retry=body.get("x-retry", "creating"),
    )


def _resolved(document: Body, body: Body) -> Body:
    """What a shared parameter or response stands for."""
    while "$ref" in body:
        _, kind, name = body["$ref"].split("/", 2)
        body = document[kind][name.replace("~1", "/").replace("~0", "~")]
    return body


def _parameter(body: Body) -> Parameter:
    return Parameter(
        name=body["name"],
        key=body.get("x-ovcgen-key", body["name"]),
        place=body["in"],
        schema=schema(body.get("schema", {key: body[key] for key in body if key not in ("default", "description")})),
        required=body.get("required") is True,
        doc=_text(body),
        default=Constant.of(body["default"]) if "default" in body else None,
        allow_empty=body.get("allowEmptyValue") is True,
        validator=body.get("x-validator", ""),
        declared=not body.get("x-undeclared", False),
    )


def _response(status: str, body: Body) -> Response:
    headers = tuple(Header(name, schema(each), _text(each)) for name, each in sorted(body.get("headers", {}).items()))
    return Response(status, schema(body["schema"]) if "schema" in body else None, headers, _text(body))


def _result(responses: tuple[Response, ...]) -> Schema:
    """What a caller gets: the shape of the first success, or of the default answer where no success is declared."""
    successes = [each for each in responses if each.status.startswith("2")]
    for response in successes or [each for each in responses if each.status == "default"]:
        return Nothing() if response.schema is None else response.schema
    return Nothing()


def schema(body: Body) -> Schema:
    """The shape that a schema object (or a parameter or header, which holds one) describes."""
    traits = _traits(body)
    kind = body.get("type")
    if "$ref" in body:
        return Reference(body["$ref"].removeprefix(DEFINITIONS).replace("~1", "/").replace("~0", "~"))
    if "allOf" in body:
        own = {key: body[key] for key in ("properties", "required", "additionalProperties") if key in body}
        members = [*body["allOf"], *([own] if own else [])]
        return Composed(tuple(schema(each) for each in members), body.get("discriminator", ""), traits)
    if kind == "array":
        return Array(schema(body.get("items", {})), body.get("collectionFormat", "csv"), traits)
    if kind in SCALARS:
        return Scalar(str(kind), traits)
    if kind == "file":
        return File(traits)
    if kind == "null":
        return Nothing(traits)
    if kind == "object" or "properties" in body or "additionalProperties" in body:
        return _object(body, traits)
    return Anything(traits)


def _object(body: Body, traits: Traits) -> Schema:
    rest = body.get("additionalProperties", True)
    unnamed = (None if rest is False else Anything()) if isinstance(rest, bool) else schema(rest)
    properties = body.get("properties", {})
    if not properties and unnamed is not None:
        return Map(unnamed, traits)
    required = body.get("required", ())
    members = tuple(Property(name, schema(each), name in required) for name, each in sorted(properties.items()))
    return Record(members, unnamed, body.get("discriminator", ""), traits)


def _traits(body: Body) -> Traits:
    return Traits(
        doc=_text(body),
        format=str(body.get("format", "")),
        nullable=body.get("x-nullable") is True,
        read_only=body.get("readOnly") is True,
        default=Constant.of(body["default"]) if "default" in body else None,
        constraints=tuple((key, Constant.of(body[key])) for key in CONSTRAINTS if key in body),
        enum=_constants(body.get("enum")),
        known=_constants(body.get("x-known-values")),
    )


def _constants(values: Json) -> tuple[Constant, ...]:
    return tuple(sorted((Constant.of(value) for value in values or ()), key=lambda constant: constant.text))


def _text(body: Body) -> str:
    return str(body.get("description") or "").strip()
