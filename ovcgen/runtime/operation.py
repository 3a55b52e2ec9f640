"""What the runtime knows of a call: where it goes and what it takes. Generated SDKs write these values out."""

from __future__ import annotations

ASYNC = "_async"
TO = "_to"  # where a file goes
CONTENT_TYPE = "_content_type"  # how the body is sent, where there are several ways
IN_A_BODY = ("body", "member")


class MissingType:
    """The default of a parameter that has none."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = MissingType()
ANY_NUMBER = (None, None, None)


class ParameterSpec:
    """One thing an operation takes; `key` is its Python keyword where that is not the wire name.

    `kind` is `string`, `integer`, `number`, `boolean`, `array` (of `items`), `object`, `json` (any value, in a body),
    `file`, or `content` (a body that is no JSON). `collection` says how a list is written, with a word for each level
    of lists in lists. `empty` says that "" can be sent, whatever the kind. `choices` are all values it takes, `bounds`
    the least and the greatest number, and what it has to be a multiple of. `login` marks one that says who is calling:
    what the client's `auth` writes there need not be passed.

    `place` is `form`, `query`, `header`, `path`, `body`, or `member` (one member of a body that is an object). `format`
    is `date` or `date-time` for a text that dates stand for; `dates` are such texts inside of a body, as pairs of a
    path, in which `*` stands for any item or key, and the format.
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


class OperationSpec:
    """One call: where it goes, what it takes, and whether it can run as a task (`tasks`).

    `name` is how a caller spells it (`cloudapi.machines.create`); `answer` is `json`, `text` or `file`; `retry` says
    what may be sent twice (`read`, `converging`, `creating`). `one_of` are sets of keywords of which exactly one has
    to be given, `any_of` such of which at least one; `capped` is how many records a list holds at the most, 0 for no
    limit. `leaving` are keywords that a later release does not take, each with that release.

    `plain` calls follow Swagger alone: empty texts can be sent, and an answer is what its content type says.
    `consumes` and `accept` are content types, where they are not those of a form or of JSON. `content_types` are those
    that a request can have, where there are several. `alternatives` says that not all parameters fit into one request.
    `security` are the alternatives of schemes that go together; None for those of the client. `logins` are parameters
    that log in.
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
        "parameters",
        "path",
        "place",
        "plain",
        "required",
        "retry",
        "security",
        "tasks",
    )

    def __init__(
        self,
        name: str,
        method: str,
        path: str,
        parameters: tuple[ParameterSpec, ...] = (),
        *,
        tasks: bool = False,
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
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.parameters = parameters
        self.tasks = tasks
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
        self.place = f"{method} {path}"
        places = [parameter.place for parameter in parameters]
        self.alternatives = places.count("body") > 1 or ("form" in places and ("body" in places or "member" in places))
        own = (
            ([ASYNC] if tasks else []) + ([TO] if answer == "file" else []) + ([CONTENT_TYPE] if content_types else [])
        )
        self.known = frozenset([*(parameter.key for parameter in parameters), *own])
        self.required = tuple(
            parameter.key
            for parameter in parameters
            if parameter.required and parameter.default is MISSING and not parameter.login
        )
        self.logins = tuple(parameter for parameter in parameters if parameter.login)
