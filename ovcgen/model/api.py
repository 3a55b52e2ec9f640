"""One release's API as frozen values: everything behind the reader works on these and on nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ovcgen.model.schema import Array, Constant, Json, Nothing, Scalar, Schema
from ovcgen.model.waiter import WaiterSpec
from ovcgen.normalise.plain import PLAIN


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a caller sends. `name` is the wire name, `key` the Python keyword (the same wherever it can be)."""

    name: str
    key: str
    location: str  # query, formData, path, header, body
    schema: Schema
    required: bool = False
    doc: str = ""
    default: Constant | None = None
    allow_empty: bool = False
    validator: str = ""
    declared: bool = True  # False: works, but the document does not say so
    task: bool = False  # a Task stands for its value
    removed_in: str = ""  # the later release that does not take it any more
    login: bool = False  # says who is calling: the client's login may write it instead
    unnamed: bool = False  # a body whose name is ours

    @property
    def needed(self) -> bool:
        """Whether every call has to pass it: it is required, and no login can stand for it."""
        return self.required and not self.login


@dataclass(frozen=True, slots=True)
class Header:
    """One header of an answer."""

    name: str
    schema: Schema
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What an answer with this status (`"200"`, `"default"`) holds; `schema` is None where nothing is declared."""

    status: str
    schema: Schema | None
    headers: tuple[Header, ...] = ()
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of a service.

    `group`, `actor` and `name` are the Python names of `client.<group>.<actor>.<name>(...)`; `actor` is empty where a
    group holds its operations itself. `plain` says that calls follow Swagger alone. `alternative` marks the verb that
    is not used where a path has two.
    """

    group: str
    actor: str
    name: str
    method: str  # upper case
    path: str
    parameters: tuple[Parameter, ...]
    responses: tuple[Response, ...]
    result: Schema  # what a caller gets from a success, the first one that is declared
    id: str = ""  # operationId, as declared
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
    tasks: bool = False  # takes `_async`
    guest: bool = False  # needs no login
    retry: str = "creating"  # read, converging or creating
    exactly_one_of: tuple[tuple[str, ...], ...] = ()  # wire names of which exactly one set has to be sent
    at_least_one_of: tuple[tuple[str, ...], ...] = ()  # and of which at least one
    max_items: int = 0  # the most records that a list holds
    removed_in: str = ""  # the later release that does not have it any more
    use_instead: str = ""  # how the operation that takes its place is spelled, where there is one
    own_security: bool = False  # `security` is not that of the document
    route: str = ""  # the path that is called, where the declared one is not answered
    other_results: tuple[tuple[str, Schema], ...] = ()  # what the other declared successes give, by their status

    @property
    def dotted(self) -> str:
        """`pets.orders.create`: how a caller spells it."""
        return ".".join(part for part in (self.group, self.actor, self.name) if part)

    @property
    def place(self) -> str:
        """`POST /pets/orders`: how a change or an error names it."""
        return f"{self.method} {self.path}"

    @property
    def called_path(self) -> str:
        """The path of a request; as a rule the declared one."""
        return self.route or self.path

    @property
    def deprecation(self) -> str:
        """Why to stop calling it, in one sentence; "" where nothing speaks against it."""
        if not (self.deprecated or self.removed_in):
            return ""
        reason = f"is not in release {self.removed_in}" if self.removed_in else "is deprecated"
        return f"{self.dotted}() {reason}{f': use {self.use_instead}()' if self.use_instead else ''}."

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that wire name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named shape."""

    name: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Tag:
    """A document's own grouping, with its text."""

    name: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class SecurityDefinition:
    """One way to log in, as the document declares it; `settings` are its (key, value) pairs."""

    name: str
    kind: str  # basic, apiKey, oauth2
    settings: tuple[tuple[str, Constant], ...] = ()

    def setting(self, key: str) -> Json:
        """The declared value of that key, or None."""
        return next((value.value for name, value in self.settings if name == key), None)


@dataclass(frozen=True, slots=True)
class Api:
    """All that one release offers. Operations are sorted by path and method, definitions by name."""

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
    dialect: str = PLAIN  # the family of documents that it was read from
    security: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] | None = None  # None: no operation asks for a login

    @property
    def callable_operations(self) -> tuple[Operation, ...]:
        """Those that have a Python name: one a path where a path has two verbs."""
        return tuple(operation for operation in self.operations if not operation.alternative)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation at that verb and path."""
        wanted = (method.upper(), path)
        return next((operation for operation in self.operations if (operation.method, operation.path) == wanted), None)

    def definition(self, name: str) -> Schema | None:
        """The shape of that name."""
        return next((definition.schema for definition in self.definitions if definition.name == name), None)

    def waits(self) -> tuple[tuple[WaiterSpec, Operation], ...]:
        """The waiters whose operation is there, each with it."""
        asked = ((waiter, self.operation(waiter.method, waiter.path)) for waiter in self.waiters)
        return tuple((waiter, operation) for waiter, operation in asked if operation)


def waiting(waiter: WaiterSpec, operation: Operation) -> Operation:
    """`client.wait.<name>` in the form of a call: what a caller gives, and what he gets."""
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
