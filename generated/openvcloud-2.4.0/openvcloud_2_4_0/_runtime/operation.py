"""Define the records that describe an operation and its parameters to the runtime.

Generated SDKs contain these values as code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

TO = "_to"  # the path to write a file to
CONTENT_TYPE = "_content_type"  # the content type of the request, if there are several
STREAM = "_stream"  # whether to return the items of the response one by one
IN_A_BODY = ("body", "member")


class MissingType:
    """The type of MISSING, which stands for an argument that was not passed, as the default of a required keyword."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = MissingType()
ANY_NUMBER = (None, None, None)


class ParameterSpec:
    """One parameter of an operation.

    Attributes:
        name: The name on the wire.
        kind: `string`, `integer`, `number`, `boolean`, `array`, `object`, `json` (any JSON value, in a body), `file`,
            or `content` (a body that is not JSON).
        place: The location: `form`, `query`, `header`, `path`, `body`, or `member` (one member of an object that is the
            body).
        required: Whether a value must be sent.
        default: The value that is sent for a required parameter without a value; MISSING if there is none.
        items: The kind of the items of an `array`.
        collection: How a list is written (Swagger's `collectionFormat`); for lists of lists one word for each level,
            separated by spaces.
        empty: Whether the empty string is a valid value, for any kind.
        validator: The name of a rule in `arguments.RULES`; "" for none.
        choices: All valid values; () for any.
        bounds: The minimum, the maximum, and the number that the value must be a multiple of; None for no limit.
        login: Whether the parameter carries credentials. The client's `auth` may write it, so callers need not pass it.
        format: `date` or `date-time` if a string parameter also takes dates.
        dates: Such strings inside a body, as (path, format) pairs. `/` separates the steps of a path, and `*` stands
            for any item or key.
        in_body: Whether the parameter is the body or a member of it.
        key: The Python keyword; by default the wire name.
    """

    __slots__ = (
        "bounds",
        "choices",
        "collection",
        "dates",
        "default",
        "empty",
        "format",
        "in_body",
        "items",
        "key",
        "kind",
        "login",
        "name",
        "place",
        "required",
        "validator",
    )

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        place: str = "form",
        required: bool = False,
        default: object = MISSING,
        items: str = "",
        collection: str = "multi",
        empty: bool = False,
        validator: str = "",
        choices: tuple[object, ...] = (),
        bounds: tuple[float | None, float | None, float | None] = ANY_NUMBER,
        login: bool = False,
        format: str = "",
        dates: tuple[tuple[str, str], ...] = (),
        key: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.place = place
        self.required = required
        self.default = default
        self.items = items
        self.collection = collection
        self.empty = empty
        self.validator = validator
        self.choices = choices
        self.bounds = bounds
        self.login = login
        self.format = format
        self.dates = dates
        self.in_body = place in IN_A_BODY
        self.key = key or name


class PageScheme(NamedTuple):
    """How a long list is divided into pages.

    Attributes:
        kind: `link` (the header `Link` leads on), `cursor`, `offset` (counts records) or `page` (counts pages).
        keyword: The keyword of the argument that selects the page; "" for `link`.
        place: The dotted path in the decoded response: of the next cursor for `cursor`, else of the list; "" if the
            response is the list.
    """

    kind: str
    keyword: str = ""
    place: str = ""


class WireFormat:
    """How the calls of an operation are checked, written and read, if it is not the way of Swagger 2.0.

    Attributes:
        check: Does what `arguments.check_values` does.
        fill: Does what `request_building.fill` does.
        decode: Does what `response_decoding.decode` does.
    """

    __slots__ = ("check", "decode", "fill")

    def __init__(
        self,
        check: Callable[..., list[tuple[ParameterSpec, Any]]],
        fill: Callable[..., None],
        decode: Callable[..., Any],
    ) -> None:
        self.check = check
        self.fill = fill
        self.decode = decode


class OperationSpec:
    """One operation: its URL, its parameters and how its response is read.

    The attributes `place`, `alternatives`, `known`, `required` and `logins` follow from the arguments.

    Attributes:
        name: The name that callers use (`pets.create`).
        method, path: The HTTP method in upper case, and the path with `{name}` for each path parameter.
        parameters: The parameters, in document order.
        place: Method and path, for messages (`POST /pets`).
        switches: Further boolean keywords; each is sent as a parameter if it is True.
        answer: The type of the result: `json`, `text` or `file`.
        retry: The effect of repeating a call: `read` changes nothing, `converging` reaches the same state again,
            `creating` may create a second object.
        one_of: Sets of keywords of which exactly one must be given.
        any_of: Sets of keywords of which at least one must be given.
        capped: The largest number of records that the service returns; 0 for no limit.
        leaving: Pairs (keyword, release) of a keyword and the later release that no longer takes it.
        plain: Whether the service follows Swagger without special rules of its own: empty strings can be sent, and
            the content type of a response decides how it is decoded.
        consumes: The content type of the request if it is not the usual one for forms or JSON.
        content_types: The content types that a request may have, if there are several.
        accept: The Accept header if it is not JSON.
        security: The alternatives (OR); each is a group of scheme names, all needed (AND). An empty group, or () in
            place of the alternatives, stands for no login. None takes the client's.
        pages: How the result is divided into pages; None if the document does not say so.
        alternatives: Whether some parameters exclude each other, because a request has only one body.
        known: All keywords that the call takes.
        required: The keywords that the caller must pass.
        logins: The parameters that carry credentials.
        wire: How calls are checked, written and read; None for the way of Swagger 2.0. A subclass sets it.
        servers: The servers of this operation; () if they are those of the client.
    """

    __slots__ = (
        "accept",
        "alternatives",
        "answer",
        "any_of",
        "capped",
        "consumes",
        "content_types",
        "known",
        "leaving",
        "logins",
        "method",
        "name",
        "one_of",
        "pages",
        "parameters",
        "path",
        "place",
        "plain",
        "required",
        "retry",
        "security",
        "switches",
    )

    wire: ClassVar[WireFormat | None] = None  # a subclass sets it
    servers: Any = ()  # a subclass has those of the operation, if they are not those of the client

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        parameters: tuple[ParameterSpec, ...] = (),
        *,
        switches: tuple[str, ...] = (),
        answer: str = "json",
        retry: str = "creating",
        one_of: tuple[tuple[str, ...], ...] = (),
        any_of: tuple[tuple[str, ...], ...] = (),
        capped: int = 0,
        leaving: tuple[tuple[str, str], ...] = (),
        plain: bool = False,
        consumes: str = "",
        content_types: tuple[str, ...] = (),
        accept: str = "",
        security: tuple[tuple[str, ...], ...] | None = None,
        pages: PageScheme | None = None,
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.parameters = parameters
        self.switches = switches
        self.answer = answer
        self.retry = retry
        self.one_of = one_of
        self.any_of = any_of
        self.capped = capped
        self.leaving = leaving
        self.plain = plain
        self.consumes = consumes
        self.content_types = content_types
        self.accept = accept
        self.security = security
        self.pages = pages
        self.place = f"{method} {path}"
        places = [parameter.place for parameter in parameters]
        self.alternatives = places.count("body") > 1 or ("form" in places and ("body" in places or "member" in places))
        own = [*switches, *([TO] if answer == "file" else ()), *([CONTENT_TYPE] if content_types else ())]
        self.known = frozenset([*(parameter.key for parameter in parameters), *own])
        self.required = tuple(
            parameter.key
            for parameter in parameters
            if parameter.required and parameter.default is MISSING and not parameter.login
        )
        self.logins = tuple(parameter for parameter in parameters if parameter.login)
