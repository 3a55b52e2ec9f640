"""Read a normalised Swagger 2.0 document into an `Api`; after normalising, only this module knows Swagger's keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ovcgen.documents.pointers import reference_steps
from ovcgen.model import media
from ovcgen.model.api import Api, Definition, Header, Operation, Parameter, Response, SecurityDefinition, Tag
from ovcgen.model.readers.examples import example, examples_by_type
from ovcgen.model.readers.publisher import publisher
from ovcgen.model.readers.waiters import waiters
from ovcgen.model.scalars import INT_OR_STRING
from ovcgen.model.schema import PLAIN as NO_TRAITS
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
from ovcgen.model.walk import references
from ovcgen.normalise.plain import PLAIN
from ovcgen.normalise.reference_resolution import DanglingReference, operations, referenced
from ovcgen.runtime.known_secrets import is_secret

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
# The keys that `_traits` reads beside `type`. Most schemas have none of them.
TRAITS = frozenset(
    {
        "default",
        "description",
        "enum",
        "example",
        "format",
        "readOnly",
        "required",
        "x-example",
        "x-examples",
        "x-known-values",
        "x-kubernetes-int-or-string",
        "x-nullable",
        *CONSTRAINTS,
    }
)
LIMITS = frozenset(CONSTRAINTS)
EMPTY = ("204", "205")  # statuses that never have a body (RFC 9110)
NOT_THE_SHAPE = ("default", "description", "required")  # keys of a parameter that are not part of its schema

Body = Mapping[str, Any]
Keys = frozenset[tuple[Any, str]]  # see _declared_keys


def read(document: Body, release: str) -> Api:
    """Return the API of a normalised document; the order of the document's keys does not matter.

    `release` is the name of the release that the API gets.

    Raises:
        DanglingReference: a `$ref` names something that the document does not have.
    """
    info = document.get("info", {})
    keys = _declared_keys(document)
    every = tuple(_operation(document, path, verb, body, keys) for path, verb, body in operations(document))
    return Api(
        release=release,
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        base_path=document.get("basePath", ""),
        operations=every,
        definitions=_definitions(document, every),
        tags=tuple(
            sorted((Tag(tag["name"], _text(tag)) for tag in document.get("tags", ())), key=lambda tag: tag.name)
        ),
        security_definitions=tuple(
            _security_definition(name, body) for name, body in sorted(document.get("securityDefinitions", {}).items())
        ),
        host=document.get("host", ""),
        schemes=tuple(document.get("schemes", ())),
        doc=_text(info),
        waiters=waiters(operations(document)),
        security=_common_security(document, every),
        dialect=_dialect(document),
        publisher=publisher(document),
    )


def _security_definition(name: str, body: Body) -> SecurityDefinition:
    scopes = body.get("scopes")
    return SecurityDefinition(
        name,
        body["type"],
        parameter=body.get("name"),
        location=body.get("in"),
        flow=body.get("flow"),
        authorization_url=body.get("authorizationUrl"),
        token_url=body.get("tokenUrl"),
        scopes=tuple(sorted(scopes)) if isinstance(scopes, Mapping) else (),
        bearer_format=body.get("x-bearer-format"),
    )


def _dialect(document: Body) -> str:
    return str(document.get("x-ovcgen-dialect", PLAIN))


def _definitions(document: Body, every: tuple[Operation, ...]) -> tuple[Definition, ...]:
    """Return all named schemas: the document's definitions, and the targets of references to other places."""
    found = {name: schema(body) for name, body in document.get("definitions", {}).items()}
    waiting = [*found.values(), *_schemas(every)]
    while waiting:
        for name in references(waiting.pop()):
            if name in found:
                continue
            if not name.startswith("#"):
                raise DanglingReference(name)
            found[name] = schema(referenced(document, name))
            waiting.append(found[name])
    return tuple(Definition(name, shape) for name, shape in sorted(found.items()))


def _schemas(every: tuple[Operation, ...]) -> Iterator[Schema]:
    for operation in every:
        yield from (parameter.schema for parameter in operation.parameters)
        yield from (response.schema for response in operation.responses if response.schema is not None)


def _operation(document: Body, path: str, verb: str, body: Body, keys: Keys) -> Operation:
    group, actor, name = body["x-ovcgen-name"]
    tasks, plain = body.get("x-ovcgen-async") is True, _dialect(document) == PLAIN
    produces = tuple(body.get("produces", document.get("produces", ())))
    responses = tuple(
        _response(status, answer) for status, answer in sorted(body["responses"].items()) if status[:2] != "x-"
    )
    successes = media.successes(responses) or [media.UNDECLARED]
    results = tuple((success.status, _result(success, produces, plain=plain)) for success in successes)
    return Operation(
        group=group,
        actor=actor,
        name=name,
        method=verb.upper(),
        path=path,
        parameters=tuple(
            _parameter(parameter, is_login=_is_login(parameter, keys))
            for parameter in body.get("parameters", ())
            if not (tasks and parameter["name"] == "_async")
        ),
        responses=responses,
        result=results[0][1],
        other_results=results[1:] if plain else (),
        id=body.get("x-ovcgen-id", body.get("operationId", "")),
        tags=tuple(body.get("tags", ())),
        doc=_text(body) or str(body.get("summary", "")).strip(),
        summary=str(body.get("summary", "")).strip(),
        consumes=tuple(body.get("consumes", document.get("consumes", ()))),
        produces=produces,
        security=_security(body.get("security", document.get("security", ()))),
        own_security="security" in body and body["security"] != document.get("security"),
        schemes=tuple(body.get("schemes", document.get("schemes", ()))),
        deprecated=bool(body.get("deprecated", False)),
        plain=plain,
        alternative=bool(body.get("x-ovcgen-alternative", False)),
        tasks=tasks,
        guest=bool(body.get("x-guest", False)),
        retry=body.get("x-retry", "creating"),
        exactly_one_of=tuple(map(tuple, body.get("x-one-of", ()))),
        at_least_one_of=tuple(map(tuple, body.get("x-any-of", ()))),
        max_items=body.get("x-capped", 0),
        use_instead=str(body.get("x-use-instead", "")),
        route=body.get("x-ovcgen-route", ""),
    )


def _security(alternatives: Json) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
    """Return the alternatives of a `security` list, each with its schemes sorted by name."""
    return tuple(
        tuple((scheme, tuple(scopes)) for scheme, scopes in sorted(alternative.items()))
        for alternative in alternatives or ()
    )


def _common_security(document: Body, every: tuple[Operation, ...]) -> Any:
    """Return the document's `security`, which operations without their own use; None if no operation needs a login."""
    if "security" in document:
        return _security(document["security"])
    return () if any(operation.security for operation in every) else None


def _declared_keys(document: Body) -> Keys:
    """Return (location, name in lower case) of the keys of all declared `apiKey` schemes."""
    schemes = document.get("securityDefinitions", {}).values()
    return frozenset((key.get("in"), str(key.get("name")).lower()) for key in schemes if key.get("type") == "apiKey")


def _is_login(body: Body, keys: Keys) -> bool:
    """Return whether a parameter carries credentials.

    It does if it is the header `Authorization`, a header with a secret's name, or one of the declared `keys`.
    """
    place, name = body["in"], str(body["name"]).lower()
    return (place, name) in keys or (place == "header" and (name == "authorization" or is_secret(name)))


def _parameter(body: Body, *, is_login: bool = False) -> Parameter:
    return Parameter(
        name=body["name"],
        key=body.get("x-ovcgen-key", body["name"]),
        location=body["in"],
        schema=schema(
            body["schema"] if "schema" in body else {key: body[key] for key in body if key not in NOT_THE_SHAPE}
        ),
        required=body.get("required") is True,
        doc=_text(body),
        default=Constant.of(body["default"]) if "default" in body else None,
        allow_empty=body.get("allowEmptyValue") is True,
        validator=body.get("x-validator", ""),
        declared=not body.get("x-undeclared", False),
        task=body.get("x-ovcgen-task") is True,
        login=is_login,
        unnamed=body.get("x-ovcgen-unnamed") is True,
    )


def _response(status: str, body: Body) -> Response:
    headers = tuple(
        Header(name, schema(header), _text(header)) for name, header in sorted(body.get("headers", {}).items())
    )
    shape = schema(body["schema"]) if "schema" in body else None
    return Response(status, shape, headers, _text(body), examples=examples_by_type(body))


def _result(response: Response, produces: tuple[str, ...], *, plain: bool) -> Schema:
    """Return the schema of the value that a caller gets from that success."""
    schema = Nothing() if response.schema is None else response.schema
    return media.result_schema(produces, schema) if plain and response.status not in EMPTY else schema


def schema(body: Json) -> Schema:
    """Return the schema that a schema object, parameter or header describes.

    A body that is no object, such as a list of `items`, gives Anything: schemas by position are not supported. Keywords
    beside a `$ref` have no effect, and the target of the `$ref` is not looked up.
    """
    if not isinstance(body, dict):  # a list of `items`: one schema for each position, which we don't distinguish
        return Anything()
    kind, traits = _kind(body), _traits(body)
    if "$ref" in body:
        return Reference(_name(body["$ref"]))
    if traits.format == INT_OR_STRING:
        return Anything(traits)
    if "allOf" in body:
        own = {key: body[key] for key in ("properties", "required", "additionalProperties") if body.get(key, {}) != {}}
        members = [*body["allOf"], *([own] if own else [])]
        return Composed(tuple(schema(member) for member in members), body.get("discriminator", ""), traits)
    if kind == "array":
        return Array(schema(body.get("items", {})), body.get("collectionFormat", "csv"), traits)
    if kind in SCALARS:
        return Scalar(kind, traits)
    if kind == "file":
        return File(traits)
    if kind == "null":
        return Nothing(traits)
    if kind == "object" or (not kind and ("properties" in body or "additionalProperties" in body)):
        return _object(body, traits)
    return Anything(traits)


def _kind(body: Body) -> str:
    """Return the type; of a list of types the only one beside `null`, and "" if there are several or none."""
    declared = body.get("type", "")
    kinds = [declared] if isinstance(declared, str) else [kind for kind in declared if kind != "null"] or ["null"]
    return str(kinds[0]) if len(kinds) == 1 else ""


def _name(target: str) -> str:
    """Return `Pet` for `#/definitions/Pet`, and the whole reference for a target in any other place."""
    try:
        place = reference_steps(target)
    except LookupError:
        return target
    return place[1] if len(place) == 2 and place[0] == "definitions" and not place[1].startswith("#") else target


def _object(body: Body, traits: Traits) -> Schema:
    rest = body.get("additionalProperties", True)
    unnamed = (None if rest is False else Anything()) if isinstance(rest, bool) else schema(rest)
    properties = body.get("properties", {})
    if not properties and unnamed is not None:
        return Map(unnamed, traits)
    required = body.get("required", ())
    members = tuple(Property(name, schema(member), name in required) for name, member in sorted(properties.items()))
    return Record(members, unnamed, body.get("discriminator", ""), traits)


def _traits(body: Body) -> Traits:
    if TRAITS.isdisjoint(body) and not isinstance(body.get("type"), list):
        return NO_TRAITS
    return Traits(
        doc=_text(body),
        format=INT_OR_STRING if body.get("x-kubernetes-int-or-string") is True else str(body.get("format", "")),
        nullable=body.get("x-nullable") is True or (isinstance(body.get("type"), list) and "null" in body["type"]),
        read_only=body.get("readOnly") is True,
        default=Constant.of(body["default"]) if "default" in body else None,
        constraints=()
        if LIMITS.isdisjoint(body)
        else tuple((key, Constant.of(body[key])) for key in CONSTRAINTS if key in body),
        enum=_constants(body.get("enum")),
        known=_constants(body.get("x-known-values")),
        required=_elsewhere(body.get("required"), body.get("properties", {})),
        example=example(body),
    )


def _elsewhere(required: Json, properties: Json) -> tuple[str, ...]:
    """Return the sorted required names that are not among `properties`."""
    if not isinstance(required, list):
        return ()
    return tuple(sorted({name for name in required if isinstance(name, str) and name not in properties}))


def _constants(values: Json) -> tuple[Constant, ...]:
    if not values:
        return ()
    return tuple(sorted((Constant.of(value) for value in values), key=lambda constant: constant.text))


def _text(body: Body) -> str:
    return str(body.get("description") or "").strip()
