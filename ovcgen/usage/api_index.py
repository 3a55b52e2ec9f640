"""Index the Python names of one release: groups, actors, operations, waiters and the parts of responses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ovcgen.diff.change import joined
from ovcgen.model.api import Api, Operation
from ovcgen.model.schema import Anything, Array, Map, Nothing, Record, Scalar, Schema
from ovcgen.model.schema_paths import piece
from ovcgen.normalise.dialects import DIALECTS

KINDS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class Surface:
    """The Python names of one release.

    Attributes:
        operations: Operations by dotted name, such as `cloudapi.machines.get`.
        waiters: Dotted name of the operation that a waiter polls, by the waiter's name.
        groups: Names of all groups.
        parts: Paths of all groups and actors, such as `("cloudapi",)` and `("cloudapi", "machines")`.
        by_path: Operations by URL path.
        old_clients: Expressions that create a client of OpenvCloud's own, from the dialect.
        client_roots: First names of these expressions.
        shape: `shape(dotted, member)` is the schema at that path of a response (cached).
        uses_of_definition: All (operation, path) whose response has that named schema (cached).
    """

    def __init__(self, api: Api) -> None:
        self.operations = {operation.dotted: operation for operation in api.callable_operations}
        self.waiters = {waiter.name: operation.dotted for waiter, operation in api.waits()}
        self.groups = {operation.group for operation in self.operations.values()}
        self.parts = {path for operation in self.operations.values() for path in _paths(operation)}
        self._definitions = {definition.name: definition.schema for definition in api.definitions}
        self._actors: dict[str, list[tuple[str, ...]]] = {}
        for path in sorted(self.parts):
            if len(path) == 2:
                self._actors.setdefault(path[1], []).append(path)
        self._named: dict[str, list[str]] = {}
        for dotted in sorted(self.operations):
            self._named.setdefault(dotted.rpartition(".")[2], []).append(dotted)
        self.by_path = {operation.path: operation for operation in self.operations.values()}
        self.old_clients = DIALECTS[api.dialect].old_clients
        self.client_roots = {client.partition(".")[0] for client in self.old_clients}
        self.shape = cache(self._shape)
        self.uses_of_definition = cache(self._uses_of_definition)

    def actors(self, name: str) -> list[tuple[str, ...]]:
        """Return the paths of all actors with that name."""
        return self._actors.get(name, [])

    def called(self, name: str) -> list[str]:
        """Return the dotted names of all operations whose last name is `name`."""
        return self._named.get(name, [])

    def takes(self, dotted: str, keyword: str) -> bool:
        """Return whether an operation accepts that keyword. Keywords that begin with `_` are always accepted."""
        return keyword.startswith("_") or any(
            parameter.key == keyword for parameter in self.operations[dotted].parameters
        )

    def in_order(self, dotted: str) -> list[str]:
        """Return the keywords in the order in which OpenvCloud's own client accepts positional values."""
        return [
            parameter.key
            for parameter in self.operations[dotted].parameters
            if parameter.declared and not parameter.key.startswith("_")
        ]

    def is_client(self, spelled: str) -> bool:
        """Return whether an expression such as `j.clients.portal.getByInstance()` creates a client of the dialect."""
        return any(f".{spelled}".endswith(f".{client.partition('.')[2]}") for client in self.old_clients)

    def leads_to_client(self, spelled: str) -> bool:
        """Return whether an attribute of that call is a client of the dialect."""
        starts = (client.partition(".")[2].partition("()")[0] + "()" for client in self.old_clients)
        return any(f".{spelled}".endswith(f".{start}") for start in starts)

    def inside(self, dotted: str, member: str, key: str | None) -> str | None:
        """Return the path of a part of a response, one step below `member`; None if there is none.

        `key` is the key to read; None stands for the items of a list.
        """
        match self.shape(dotted, member):
            case Array() if key is None:
                return joined(member, "[]")
            case Record() if key is not None:
                return joined(member, key)
            case Map() if key is not None:
                return joined(member, "*")
            case Anything() if key is not None:
                return joined(member, key)
        return None

    def kind(self, dotted: str, member: str) -> str:
        """Return the Python type of a part of a response, such as "str"; "" if it is not known."""
        match self.shape(dotted, member):
            case Scalar(kind):
                return KINDS[kind]
            case Array():
                return "list"
            case Record() | Map():
                return "dict"
            case Nothing():
                return "NoneType"
        return ""

    def _shape(self, dotted: str, member: str) -> Schema:
        """Return the schema at that path of the operation's response."""
        return piece(self.operations[dotted].result, member, self._definitions)

    def _uses_of_definition(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return all (operation, path) whose response has the named schema."""
        found = []
        for dotted, operation in sorted(self.operations.items()):
            found += [(dotted, member) for member, each in _named(operation.result, "") if each == name]
        return tuple(found)


def _paths(operation: Operation) -> Iterator[tuple[str, ...]]:
    yield (operation.group,)
    if operation.actor:
        yield (operation.group, operation.actor)


def _named(schema: Schema, member: str) -> Iterator[tuple[str, str]]:
    """Yield (path, name) of the named schemas at the top of a response, or in its lists."""
    match schema:
        case Array(items):
            yield from _named(items, joined(member, "[]"))
        case _ if hasattr(schema, "name"):
            yield member, schema.name
