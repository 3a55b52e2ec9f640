"""Give a Swagger 2.0 API the form of OpenAPI 3, so that it can be compared with one.

What its requests and responses are stays the same. Names and keywords of its SDK stay too: where OpenAPI 3 has others,
rules report it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ovcgen.model import media
from ovcgen.model.api import (
    Api,
    Content,
    Encoding,
    OAuthFlow,
    Operation,
    Parameter,
    Response,
    SecurityDefinition,
    Server,
)
from ovcgen.model.schema import Anything, Array, File, Nothing, Property, Record, Scalar, Schema
from ovcgen.runtime.media_types import plain_type

BODY = "body"
BYTES = "application/octet-stream"
# Style and explode by `collectionFormat`.
STYLES = {"multi": ("form", True), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False)}
FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def with_equal_versions(old: Api, new: Api) -> tuple[Api, Api]:
    """Return (old, new), both in the form of OpenAPI 3, unless both are Swagger 2.0. The given APIs are not changed.

    If only one is of OpenAPI 3, the other one is converted to it; otherwise both are returned as they are, also if
    their minor versions differ.
    """
    if bool(old.openapi) == bool(new.openapi):
        return old, new
    return (old, as_openapi3(new)) if old.openapi else (as_openapi3(old), new)


def as_openapi3(api: Api) -> Api:
    """Return a copy of a Swagger 2.0 API in the form of OpenAPI 3: forms as bodies, media types, styles, servers.

    The attribute `openapi` of the API and of its operations stays "". Whether `api` is of Swagger 2.0 is not checked.
    """
    return replace(
        api,
        operations=tuple(_operation(operation) for operation in api.operations),
        security_definitions=tuple(_login(definition) for definition in api.security_definitions),
        servers=_servers(api),
    )


def _operation(operation: Operation) -> Operation:
    sent = [parameter for parameter in operation.parameters if parameter.location in (BODY, "formData")]
    others = [_styled(parameter) for parameter in operation.parameters if parameter not in sent]
    body = [_body(operation, sent)] if sent else []
    return replace(
        operation,
        parameters=(*others, *body),
        responses=tuple(_response(operation, response) for response in operation.responses),
    )


def _body(operation: Operation, sent: Sequence[Parameter]) -> Parameter:
    """Return the body of an operation: its body parameter, or an object of its form fields."""
    bodies = [parameter for parameter in sent if parameter.location == BODY]
    kinds = [kind for kind in operation.consumes if (plain_type(kind) in media.FORMS) != bool(bodies)]
    if bodies:
        schema = _schema(bodies[0].schema)
        contents = tuple(Content(kind, schema) for kind in kinds or [media.JSON])
        return replace(bodies[0], schema=schema, contents=contents)
    has_file = any(isinstance(parameter.schema, File) for parameter in sent)
    kinds = kinds or [media.MULTIPART if has_file else media.FORM]
    members = tuple(Property(field.name, _field(field), field.required) for field in sent)
    form = Record(tuple(sorted(members, key=lambda member: member.name)), Anything())
    encodings = tuple(_encoding(field) for field in sent if isinstance(field.schema, Array))
    contents = tuple(Content(kind, form, encodings=encodings) for kind in kinds)
    required = any(field.required for field in sent)
    return Parameter(BODY, BODY, BODY, form, required, contents=contents)


def _field(field: Parameter) -> Schema:
    """Return the schema of a form field; a file is a text in the format `binary`."""
    schema = _schema(field.schema)
    traits = replace(schema.traits, default=field.default or schema.traits.default)
    if isinstance(schema, File):
        return Scalar("string", replace(traits, format="binary"))
    return replace(schema, traits=traits)


def _encoding(field: Parameter) -> Encoding:
    style, explode = _style(field)
    return Encoding(field.name, style=style, explode=explode)


def _styled(parameter: Parameter) -> Parameter:
    style, explode = _style(parameter)
    return replace(parameter, schema=_schema(parameter.schema), style=style, explode=explode)


def _style(parameter: Parameter) -> tuple[str, bool]:
    if parameter.location in ("path", "header"):
        return "simple", False
    if not isinstance(parameter.schema, Array):
        return "form", True
    return STYLES.get(parameter.schema.collection, ("form", False))


def _schema(schema: Schema) -> Schema:
    """Return a schema without `collectionFormat`, which is a style in OpenAPI 3."""
    if not isinstance(schema, Array):
        return schema
    return replace(schema, items=_schema(schema.items), collection="csv")


def _response(operation: Operation, response: Response) -> Response:
    if response.schema is None or isinstance(response.schema, Nothing):
        return response
    usual = BYTES if isinstance(response.schema, File) else media.JSON
    kinds = operation.produces or (usual,)
    return replace(response, contents=tuple(Content(kind, response.schema) for kind in kinds))


def _login(definition: SecurityDefinition) -> SecurityDefinition:
    if definition.flow is None:
        return definition
    flow = OAuthFlow(
        FLOWS.get(definition.flow, definition.flow),
        definition.authorization_url or "",
        definition.token_url or "",
        scopes=tuple((scope, "") for scope in definition.scopes),
    )
    return replace(definition, flows=(flow,))


def _servers(api: Api) -> tuple[Server, ...]:
    """Return a server for each scheme; without a host, one relative to the document."""
    path = api.base_path or "/"
    if not api.host:
        return (Server(path),)
    return tuple(
        Server(f"{scheme}:{prefix}") for scheme in api.schemes or ("https",) for prefix in (f"//{api.host}{path}",)
    )
