"""Define the frozen values that describe one release's API.

The readers in `model.readers` build them. All later stages work on these values and never on the document.

Swagger 2.0 and OpenAPI 3 give the same values. Where their rules differ, `Operation.openapi` says which apply: "" for
Swagger 2.0, else `3.0`, `3.1` or `3.2`. In OpenAPI 3

- a request body, also a form, is one parameter in `body` with the keyword `body` and one Content for each media type;
  there is no `formData`;
- `Parameter.style` and `explode` are always set, with the defaults of the specification filled in;
- a response has one Content for each media type, and its status can be a range (`4XX`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from ovcgen.model.schema import Array, Constant, Json, Nothing, Scalar, Schema
from ovcgen.model.waiter import WaiterSpec
from ovcgen.normalise.plain import PLAIN


@dataclass(frozen=True, slots=True)
class Parameter:
    """A record of one parameter of an operation.

    Attributes:
        name: The wire name.
        key: The Python keyword. With `wire` naming it equals `name`, if that is a usable identifier.
        location: `in` of the document; `querystring` is one value for the whole query.
        declared: False if the service accepts it, but the document does not declare it (`x-undeclared`).
        task: Whether callers may pass a Task instead of its guid.
        removed_in: The later release that does not have it any more; "" for none.
        login: Whether it carries credentials, which the client's login may set instead of the caller.
        unnamed: Whether it is a body parameter to which the document gives no name; `name` is then made up.
        allow_empty: `allowEmptyValue` of the document: the empty string is a valid value for any type.
        validator: The name of an extra check from the overlay (`x-validator`); "" for none.
        style: How a value is written outside of a body: `matrix`, `label`, `simple`, `form`, `spaceDelimited`,
            `pipeDelimited`, `deepObject` or `cookie`; "" for a body, for a parameter with a `content_type`, and in
            Swagger 2.0 (see `Array.collection`).
        explode: Whether each item or member is written as a field of its own.
        allow_reserved: Whether reserved characters are sent without percent-encoding.
        content_type: The media type as which the value is written (`content` of the document); "" for none.
        contents: The media types of a body, preferred first; () in Swagger 2.0. `schema` is that of the first.
    """

    name: str
    key: str
    location: str
    schema: Schema
    required: bool = False
    doc: str = ""
    default: Constant | None = None
    allow_empty: bool = False
    validator: str = ""
    declared: bool = True
    task: bool = False
    removed_in: str = ""
    login: bool = False
    unnamed: bool = False
    style: str = ""
    explode: bool = False
    allow_reserved: bool = False
    content_type: str = ""
    contents: tuple[Content, ...] = ()
    deprecated: bool = False

    @property
    def needed(self) -> bool:
        """Return whether every call must pass the parameter: it is required, and a login can't supply it."""
        return self.required and not self.login


@dataclass(frozen=True, slots=True)
class Header:
    """A record of one header of a response, or of a part of a multipart body.

    Attributes:
        explode: Whether objects are written as `name=value` pairs (style `simple`).
        content_type: The media type as which the value is written; "" for none.
    """

    name: str
    schema: Schema
    doc: str = ""
    required: bool = False
    explode: bool = False
    content_type: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Encoding:
    """A record of how one property of a form is written. Values that the document does not declare are "" or None.

    Attributes:
        name: The property.
        content_types: The media types that a part may have; ranges such as `image/*` are possible.
        headers: The headers of the part; multipart only.
        style, explode, allow_reserved: As those of a query parameter. If one is declared, OpenAPI 3.1 ignores
            `content_types` in URL-encoded forms.
    """

    name: str
    content_types: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()
    style: str = ""
    explode: bool | None = None
    allow_reserved: bool | None = None


class Example(NamedTuple):
    """A record of one example of a body.

    Attributes:
        value: The JSON value of the document. It must not be modified.
        name: The name of the example in the document; "" for an example without a name.
        media_type: The media type of the example; "" means the media type of the Content that has the example.
        is_text: Whether `value` is the serialized text of the whole body instead of the value of the body.
    """

    value: Json
    name: str = ""
    media_type: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A record of one media type of a body.

    Attributes:
        media_type: As written, with parameters; ranges such as `image/*` are possible.
        schema: The schema of the body: File for bytes, Anything if no schema is declared. For a stream of items
            (server-sent events, JSON lines), the schema of one item if `streams`, else of the whole body.
        streams: Whether `schema` describes one item of a stream (`itemSchema`).
        encodings: How properties of a form are written, by name; only properties that declare an encoding.
        examples: Examples of the body, in the document's order. They do not count when contents are compared.
    """

    media_type: str
    schema: Schema
    streams: bool = False
    encodings: tuple[Encoding, ...] = ()
    examples: tuple[Example, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A record of one declared response of an operation.

    Attributes:
        status: An HTTP status code, a range such as `4XX`, or `default`. A code has precedence over a range.
        schema: The schema of the body (of the first of `contents` in OpenAPI 3); None if no body is declared.
        contents: The media types of the body, preferred first; () in Swagger 2.0 (see `Operation.produces`).
        links: (name, link as written) pairs of the calls that may follow, sorted by name.
        examples: Examples of the body in Swagger 2.0, each with its media type; OpenAPI 3 has them in `contents`.
    """

    status: str
    schema: Schema | None
    headers: tuple[Header, ...] = ()
    doc: str = ""
    contents: tuple[Content, ...] = ()
    links: tuple[tuple[str, Constant], ...] = ()
    examples: tuple[Example, ...] = field(default=(), compare=False, repr=False)


class ServerAddress(NamedTuple):
    """A record of the parts of a server's URL; `host` is "" and `schemes` is () if they are not declared."""

    base_path: str
    host: str = ""
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A record of a variable in the URL of a server; `values` are the allowed values, () if any value is allowed."""

    name: str
    default: str
    values: tuple[str, ...] = ()
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A record of a base URL of the API.

    Attributes:
        url: As written: with `{name}` for each variable, perhaps relative to the document's URL.
        name: Its name (OpenAPI 3.2); "" for none.
    """

    url: str
    variables: tuple[ServerVariable, ...] = ()
    name: str = ""
    doc: str = ""

    @property
    def address(self) -> ServerAddress:
        """Return base path, host and schemes, with the variables' defaults; of an invalid URL "" as base path alone."""
        url = self.url
        for variable in self.variables:
            url = url.replace(f"{{{variable.name}}}", variable.default)
        try:
            parts = urlsplit(url)
        except ValueError:
            return ServerAddress("")
        schemes = (parts.scheme,) if parts.scheme in ("http", "https") else ()
        return ServerAddress(f"/{parts.path.strip('/')}", parts.netloc, schemes)


@dataclass(frozen=True, slots=True)
class Callback:
    """A record of a request that the service sends: a webhook, or a callback of an operation.

    Attributes:
        name: Its name in the document.
        expression: The runtime expression for the URL of a callback; "" for a webhook.
        operation: The request. Its `path` is "", and its parameters and body are received instead of sent.
    """

    name: str
    expression: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Operation:
    """A record of one operation: an HTTP method at a path, called in Python as `client.<group>.<actor>.<name>(...)`.

    Attributes:
        group, actor, name: The Python names; the actor is "" if the group has its methods directly.
        method: The HTTP method in upper case.
        result: The schema of the value that the method returns for the first declared success; Nothing for no value.
        other_results: (status, result) pairs of the other declared successes.
        id, tags, summary, doc: `operationId`, `tags`, `summary`, and `description` (else the summary), as declared.
        consumes, produces, schemes: Content types and URL schemes, as declared.
        plain: Whether requests follow the specification alone: in the dialect `plain`, and always in OpenAPI 3.
        alternative: Whether another method of the same path has the Python name. Then this one can't be called.
        tasks, guest: Whether it can run as a task (`_async`), and whether it needs no login.
        security: Alternatives; each is a combination of (scheme, scopes) pairs that are needed together.
        own_security: Whether the operation declares a `security` that differs from the document's.
        retry: Whether repeating is safe (`x-retry`): `read`, `converging` (idempotent) or `creating` (unsafe).
        exactly_one_of, at_least_one_of: Sets of wire names; a call must pass exactly one, or at least one, of the sets.
        max_items: The most records that a returned list has (`x-capped`); 0 for no known limit.
        removed_in, use_instead: The later release without it, and the dotted name of its replacement; "" for none.
        route: The path to request if the service does not serve the declared one; "" if it does.
        openapi: The version of OpenAPI whose rules apply, such as `3.1`; "" for Swagger 2.0.
        servers: Those of the operation, else of its path; () for those of the document.
        unplaced: Declared path parameters that the path has no place for. They can't be sent.
        sunset: The day on which it is to go away (`x-sunset`), as written; "" for none. OpenAPI 3 only.
    """

    group: str
    actor: str
    name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    responses: tuple[Response, ...]
    result: Schema
    id: str = ""
    tags: tuple[str, ...] = ()
    doc: str = ""
    summary: str = ""
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    security: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = ()
    schemes: tuple[str, ...] = ()
    deprecated: bool = False
    plain: bool = True
    alternative: bool = False
    tasks: bool = False
    guest: bool = False
    retry: str = "creating"
    exactly_one_of: tuple[tuple[str, ...], ...] = ()
    at_least_one_of: tuple[tuple[str, ...], ...] = ()
    max_items: int = 0
    removed_in: str = ""
    use_instead: str = ""
    own_security: bool = False
    route: str = ""
    other_results: tuple[tuple[str, Schema], ...] = ()
    openapi: str = ""
    servers: tuple[Server, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    unplaced: tuple[Parameter, ...] = ()
    sunset: str = ""

    @property
    def dotted(self) -> str:
        """Return the dotted Python name, as in `pets.orders.create`."""
        return ".".join(part for part in (self.group, self.actor, self.name) if part)

    @property
    def place(self) -> str:
        """Return method and path, as in `POST /pets/orders`. Changes and errors name an operation so."""
        return f"{self.method} {self.path}"

    @property
    def called_path(self) -> str:
        """Return the path template of the request: `route` if there is one, else the declared path."""
        return self.route or self.path

    @property
    def deprecation(self) -> str:
        """Return a sentence that the operation is deprecated, or not in a later release; "" if it is neither."""
        if not (self.deprecated or self.removed_in):
            return ""
        reason = f"is not in release {self.removed_in}" if self.removed_in else "is deprecated"
        return f"{self.dotted}() {reason}{f': use {self.use_instead}()' if self.use_instead else ''}."

    @property
    def body(self) -> Parameter | None:
        """Return the request body of an OpenAPI 3 operation; None if there is none, and always in Swagger 2.0."""
        return next((parameter for parameter in self.parameters if parameter.contents), None)

    def parameter(self, name: str) -> Parameter | None:
        """Return the first parameter with that wire name, which several locations can have; None if there is none."""

        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True, slots=True)
class Definition:
    """A record of a named schema of the document, to which a Reference with that name leads."""

    name: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Tag:
    """A record of a tag of the document; `doc` is its description, "" for none."""

    name: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class OAuthFlow:
    """A record of one flow of an OAuth2 scheme in OpenAPI 3; URLs that it does not declare are "".

    Attributes:
        kind: `implicit`, `password`, `clientCredentials`, `authorizationCode` or `deviceAuthorization`.
        scopes: (name, description) pairs, sorted.
    """

    kind: str
    authorization_url: str = ""
    token_url: str = ""
    refresh_url: str = ""
    device_authorization_url: str = ""
    scopes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityDefinition:
    """A record of one security scheme of the document. Values that the document does not declare are None.

    Attributes:
        kind: `basic`, `apiKey` or `oauth2`; in OpenAPI 3 also `bearer`, `http` (another scheme of HTTP),
            `openIdConnect` or `mutualTLS`.
        parameter: The header, query parameter or cookie that carries an API key.
        location: Where that parameter is: `header`, `query` or `cookie`.
        flow: The OAuth2 flow, as Swagger 2.0 names it (`application`, `accessCode`, `password`, `implicit`); in OpenAPI
            3 that of the `flows` that needs the least from the user. The URLs are those of this flow.
        authorization_url, token_url: Where OAuth2 codes and tokens are requested.
        scopes: The names of the OAuth2 scopes of all flows, sorted.
        bearer_format: The format that tokens must have, such as `JWT` (the extension `x-bearer-format`).
        flows: All OAuth2 flows; () in Swagger 2.0.
        http_scheme: The scheme of `http`, in lower case, such as `digest`.
        discovery_url: Where the configuration of OpenID Connect, or of OAuth2 (RFC 8414), is.
    """

    name: str
    kind: str
    parameter: str | None = None
    location: str | None = None
    flow: str | None = None
    authorization_url: str | None = None
    token_url: str | None = None
    scopes: tuple[str, ...] = ()
    bearer_format: str | None = None
    flows: tuple[OAuthFlow, ...] = ()
    http_scheme: str = ""
    discovery_url: str = ""
    doc: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Publisher:
    """A record of an API's publisher and of web addresses, as written in the document; "" for what is not declared.

    Attributes:
        name, email, url: Of the person or organisation to contact.
    """

    name: str = ""
    email: str = ""
    url: str = ""
    license_name: str = ""
    license_url: str = ""
    terms_url: str = ""
    documentation_url: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """A record of the API of one release. Operations are sorted by path and method, definitions by name.

    Attributes:
        base_path, host, schemes: The address of the service; in OpenAPI 3 that of the first server, with the default
            values of its variables. There they serve comparisons and examples: a client uses `servers`.
        servers: The base URLs of operations without their own; at least one in OpenAPI 3, () in Swagger 2.0.
        openapi: The version of OpenAPI, such as `3.1`; "" for Swagger 2.0.
        webhooks: Requests that the service sends, sorted by name.
        package: The distribution name that the user chose for the SDK; "" for the one made of the release.
    """

    release: str
    title: str
    version: str
    base_path: str
    operations: tuple[Operation, ...]
    definitions: tuple[Definition, ...] = ()
    tags: tuple[Tag, ...] = ()
    security_definitions: tuple[SecurityDefinition, ...] = ()
    host: str = ""
    schemes: tuple[str, ...] = ()
    doc: str = ""
    waiters: tuple[WaiterSpec, ...] = ()  # sorted by name
    dialect: str = PLAIN  # the name of the document's dialect
    security: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] | None = None  # None: no operation needs a login
    publisher: Publisher = Publisher()
    openapi: str = ""
    servers: tuple[Server, ...] = ()
    webhooks: tuple[Callback, ...] = ()
    package: str = ""

    @property
    def callable_operations(self) -> tuple[Operation, ...]:
        """Return the operations that have a Python method: all but the `alternative` ones."""
        return tuple(operation for operation in self.operations if not operation.alternative)

    def limited_to(self, groups: Collection[str] | None) -> Api:
        """Return this API with only the operations of these groups; None means all. Unknown groups have no effect."""
        if groups is None:
            return self
        return replace(self, operations=tuple(operation for operation in self.operations if operation.group in groups))

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation with that method (in any case) and path; None if there is none."""
        wanted = (method.upper(), path)
        return next((operation for operation in self.operations if (operation.method, operation.path) == wanted), None)

    def definition(self, name: str) -> Schema | None:
        """Return the schema with that name; None if there is none."""
        return self.schemas.get(name)

    @property
    def schemas(self) -> dict[str, Schema]:
        """Return the schemas of the definitions, by name."""
        return {definition.name: definition.schema for definition in self.definitions}

    def waits(self) -> tuple[tuple[WaiterSpec, Operation], ...]:
        """Return (waiter, operation that it polls) pairs; waiters whose operation is not in the API are left out."""
        asked = ((waiter, self.operation(waiter.method, waiter.path)) for waiter in self.waiters)
        return tuple((waiter, operation) for waiter, operation in asked if operation)


def wait_method(waiter: WaiterSpec, operation: Operation) -> Operation:
    """Return the method `client.wait.<waiter.name>` as an operation: its name, parameters, result and description.

    For a waiter with a `list_entry`, the parameter that selects the entry comes first, and the result is one item of
    the list. A waiter with `missing_is_success` returns nothing. `operation` is the one that the waiter polls.
    """
    entry = waiter.list_entry
    own = [Parameter(entry.name, entry.key, "formData", Scalar(entry.kind), True, entry.doc)] if entry else []
    result = operation.result.items if entry and isinstance(operation.result, Array) else operation.result
    return replace(
        operation,
        group="wait",
        actor="",
        name=waiter.name,
        parameters=(*own, *operation.parameters),
        result=Nothing() if waiter.missing_is_success else result,
        doc=waiter.doc,
        tasks=False,
        use_instead="",
    )
