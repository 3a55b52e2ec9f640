"""Index the Python names of one release: groups, actors, operations, waiters and the parts of responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from ovcgen.diff.change import joined
from ovcgen.model.api import Api, Operation
from ovcgen.model.resolve import Resolver, kind_of
from ovcgen.model.scalars import PYTHON_NAMES
from ovcgen.model.schema import Anything, Array, Map, Record, Schema, Union
from ovcgen.normalise.dialect_registry import DIALECTS

PARTS_OF_A_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
BEFORE = re.compile(r"([^\W\d]\w*)\s*[./]+\s*$")
KINDS: dict[str | None, str] = {
    **PYTHON_NAMES,
    "array": "list",
    "object": "dict",
    "null": "NoneType",
}


class ApiIndex:
    """The Python names of one release.

    Attributes:
        operations: Operations by dotted name, such as `cloudapi.machines.get`.
        waiters: Dotted name of the operation that a waiter polls, by the waiter's name.
        groups: Names of all groups.
        parts: Paths of all groups and actors, such as `("cloudapi",)` and `("cloudapi", "machines")`.
        by_path: Operations by URL path, one for each of its HTTP methods.
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
        self._resolver = Resolver(api.schemas)
        self._actors: dict[str, list[tuple[str, ...]]] = {}
        for path in sorted(self.parts):
            if len(path) == 2:
                self._actors.setdefault(path[1], []).append(path)
        self.by_path: dict[str, list[Operation]] = {}
        for operation in self.operations.values():
            self.by_path.setdefault(operation.path, []).append(operation)
        self.old_clients = DIALECTS[api.dialect].old_clients
        self.client_roots = {client.partition(".")[0] for client in self.old_clients}
        self.shape = cache(self._shape)
        self.uses_of_definition = cache(self._uses_of_definition)

    def actors(self, name: str) -> list[tuple[str, ...]]:
        """Return the paths of all actors with that name, such as `("cloudapi", "machines")`; [] if there is none."""
        return self._actors.get(name, [])

    def takes(self, dotted: str, keyword: str) -> bool:
        """Return whether an operation accepts that Python keyword. Keywords that begin with `_` are always accepted.

        Raises KeyError if the release has no operation with the name `dotted`.
        """
        return keyword.startswith("_") or keyword in {parameter.key for parameter in self.operations[dotted].parameters}

    def in_order(self, dotted: str) -> list[str]:
        """Return the operation's keywords in the order in which OpenvCloud's own client accepts positional values.

        Undeclared parameters and keywords that begin with `_` are left out. Raises KeyError for an unknown operation.
        """
        parameters = self.operations[dotted].parameters
        return [parameter.key for parameter in parameters if parameter.declared and not parameter.key.startswith("_")]

    def is_client(self, expression: str) -> bool:
        """Return whether an expression such as `j.clients.portal.getByInstance()` creates OpenvCloud's own client.

        Only the end of the expression counts: the first name of the known expression (`j`) is not compared.
        """
        return any(f".{expression}".endswith(f".{client.partition('.')[2]}") for client in self.old_clients)

    def leads_to_client(self, expression: str) -> bool:
        """Return whether an expression begins one that creates a client, so that its attributes have to be followed."""
        starts = (client.partition(".")[2].partition("()")[0] + "()" for client in self.old_clients)
        return any(f".{expression}".endswith(f".{start}") for start in starts)

    def inside(self, dotted: str, member: str, key: str | None) -> str | None:
        """Return the path of a part of a response, one step below `member`; None if there is none.

        `key` is the key to read; None stands for the items of a list. Of an object, a union and a schema that allows
        any value every key has a path, also an undeclared one; of a map it is the path with `*`.
        """
        match self.shape(dotted, member):
            case Array() if key is None:
                return joined(member, "[]")
            case Record() | Anything() | Union() if key is not None:
                return joined(member, key)
            case Map() if key is not None:
                return joined(member, "*")
        return None

    def members(self, dotted: str, member: str) -> list[str]:
        """Return the paths of the declared properties of a part of a response; [] if it declares no properties."""
        match self.shape(dotted, member):
            case Record(properties=properties):
                return [joined(member, declared.name) for declared in properties]
        return []

    def kind(self, dotted: str, member: str) -> str:
        """Return the name of the Python type of a part of a response, such as "str" or "NoneType".

        The result is "" for a file, for a union and for a schema that allows any value.
        """
        return KINDS.get(kind_of(self.shape(dotted, member)), "")

    def _shape(self, dotted: str, member: str) -> Schema:
        """Return the schema at that path of the operation's response."""
        return self._resolver.at(self.operations[dotted].result, member)

    def _uses_of_definition(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return all (operation, path) whose response has the named schema."""
        found = []
        for dotted, operation in sorted(self.operations.items()):
            found += [(dotted, member) for member, definition in _named(operation.result, "") if definition == name]
        return tuple(found)


class OperationNames:
    """The names of all operations of a release, as written in Python and in URLs."""

    def __init__(self, api_index: ApiIndex) -> None:
        self._operations = api_index.operations
        self._methods: dict[str, set[str]] = {}
        for dotted, operation in api_index.operations.items():
            for name in (operation.name, operation.path.rstrip("/").rpartition("/")[2]):
                self._methods.setdefault(name, set()).add(dotted)

    @cached_property
    def _any(self) -> re.Pattern[str]:
        names = "|".join(re.escape(method) for method in sorted(self._methods, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)")

    def called(self, name: str) -> frozenset[str]:
        """Return the dotted names of the operations whose method has that name, in Python or at the end of the URL.

        Upper and lower case differ. The result is empty if there is none.
        """
        return frozenset(self._methods.get(name, ()))

    def named_in(self, text: str) -> frozenset[str]:
        """Return the dotted names of the operations that a text certainly names.

        These are a method after its actor (`machines.create`, `/machines/create`), and a method with a distinctive name
        (`convertToTemplate`; see `is_distinctive`).
        """
        if not self._methods:
            return frozenset()
        found: set[str] = set()
        for match in self._any.finditer(text):
            candidates = self._methods[match[0]]
            before = BEFORE.search(text, 0, match.start())
            behind = {candidate for candidate in candidates if before and before[1] in self._owners(candidate)}
            if behind:
                found |= behind
            elif is_distinctive(match[0]):
                found |= candidates
        return frozenset(found)

    def in_code(self, text: str) -> frozenset[str]:
        """Return the dotted names of all operations whose method follows a dot in a text.

        `x.create(` gives every `create`, whatever `x` is. The method's name is the one in Python or in the URL.
        """
        found = (match for match in self._any.finditer(text) if text[: match.start()].rstrip().endswith("."))
        return frozenset(dotted for match in found for dotted in self._methods[match[0]])

    def named_by_whole(self, text: str) -> frozenset[str]:
        """Return the dotted names of the operations whose method is the whole text, apart from `/`, `.` and blanks."""
        return self.called(text.strip("/. \t\n"))

    def with_actor_among(self, operations: Iterable[str], words: Iterable[str]) -> frozenset[str]:
        """Return those of `operations` (dotted names) whose actor occurs in the words.

        The words `image`, `self._images` and `ImageApi` all contain the actor `images`. An operation without an actor
        is found by its group, and any operation by the last but one step of its path.
        """
        parts = {part for word in words for part in _words_in(word)}
        return frozenset(
            operation for operation in operations if any(_words_in(owner) <= parts for owner in self._owners(operation))
        )

    def takes(self, dotted: str, positional: int, keywords: Iterable[str]) -> bool:
        """Return whether a call with these arguments can be a call of that operation.

        False if it passes too many values, or keywords of which none belongs to the operation. If it passes no
        keywords, or some that do not belong to the operation, a missing required parameter gives False as well.

        Args:
            dotted: Name of the operation.
            positional: Number of positional arguments.
            keywords: The keywords that are passed, as Python keywords or wire names.
        """
        passed = set(keywords)
        parameters = self._operations[dotted].parameters
        known = {name for parameter in parameters for name in (parameter.key, parameter.name)}
        required = [parameter for parameter in parameters[positional:] if parameter.required]
        has_all = all(parameter.key in passed or parameter.name in passed for parameter in required)
        if positional > len(parameters):
            return False
        if not passed:
            return has_all
        return passed <= known | {"_async", "_to"} or (has_all and bool(passed & known))

    def _owners(self, dotted: str) -> Iterator[str]:
        operation: Operation = self._operations[dotted]
        yield operation.actor or operation.group
        yield operation.path.rstrip("/").rpartition("/")[0].rpartition("/")[2]


def is_distinctive(name: str) -> bool:
    """Return whether a name has several words (`convertToTemplate`), so that other code hardly uses the same name.

    It has if it contains an upper-case letter, or an underscore between other characters.
    """
    return name != name.lower() or "_" in name.strip("_")


def _words_in(word: str) -> frozenset[str]:
    """Return the words in a name, in lower case and singular: `imageApi`, `_images` and `IMAGE` contain `image`."""
    return frozenset(part.lower().removesuffix("s") for part in PARTS_OF_A_NAME.findall(word))


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
