"""Find the operation for a path, among the path templates and base paths of one API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import product
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from ovcgen.model.api import Api, Operation, Server

MOST_BASE_PATHS = 100  # of one operation


class Match(NamedTuple):
    """A record of the operation that a request calls, and the percent-encoded values of its path parameters by name."""

    operation: Operation
    values: Mapping[str, str]


class _Route(NamedTuple):
    """An operation, and the query fields that its path template requires.

    Attributes:
        query: The fields with a fixed value, as in `/?action=list`.
        variables: (field, path parameter) pairs of fields with any value, as in `/near?lat={latitude}`.
    """

    operation: Operation
    query: frozenset[tuple[str, str]]
    variables: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, operation: Operation, query: str) -> _Route:
        """Return the route of an operation. `query` is the query of its path template, or ""."""
        fields = parse_qsl(query, keep_blank_values=True)
        variables = tuple((name, value[1:-1]) for name, value in fields if value[:1] + value[-1:] == "{}")
        return cls(
            operation, frozenset(pair for pair in fields if (pair[0], pair[1][1:-1]) not in variables), variables
        )

    def values(self, query: str) -> dict[str, str] | None:
        """Return the percent-encoded values of the variables in a query; None if a required field is absent."""
        fields = dict(field.partition("=")[::2] for field in query.split("&")) if self.variables else {}
        is_met = self.query <= frozenset(parse_qsl(query, keep_blank_values=True))
        if not is_met or any(name not in fields for name, _ in self.variables):
            return None
        return {variable: fields[name] for name, variable in self.variables}


@dataclass
class _Node:
    """A node of the tree of paths, whose edges are fixed segments, and templates such as `{id}.json`."""

    fixed: dict[str, _Node] = field(default_factory=dict)
    templates: dict[str, _Node] = field(default_factory=dict)
    routes: dict[str, list[_Route]] = field(default_factory=dict)  # by method


class PathIndex:
    """An index of an API's operations, which finds the operation of a request by HTTP method and path.

    Attributes:
        paths: The path templates with their base paths, as the keys of a dict, in the order of the document.
    """

    def __init__(self, api: Api) -> None:
        self._root = _Node()
        self.paths: dict[str, None] = {}
        for operation in api.operations:
            for base in base_paths(operation, api):
                self._add(base.rstrip("/"), operation)

    def _add(self, base: str, operation: Operation) -> None:
        template, _, query = operation.called_path.partition("?")
        self.paths[base + operation.called_path] = None
        node = self._root
        for segment in (base + template).split("/")[1:]:
            children = node.templates if "{" in segment else node.fixed
            node = children.setdefault(segment if "{" in segment else unquote(segment), _Node())
        routes = node.routes.setdefault(operation.method, [])
        routes.append(_Route.of(operation, query))
        routes.sort(key=lambda route: -len(route.query) - len(route.variables))

    def find(self, method: str, path: str, query: str = "") -> Match | None:
        """Return the operation that a request calls; None if there is none.

        `method` is in upper case, and `path` percent-encoded with its base path; a final slash counts. Fixed segments
        have precedence over templates and are compared decoded. `query` counts for path templates that contain a query.
        """
        for node, values in _matching(self._root, path.split("/")[1:], {}):
            for route in node.routes.get(method, ()):
                found = route.values(query)
                if found is not None:
                    return Match(route.operation, {**values, **found})
        return None

    def methods(self, path: str) -> list[str]:
        """Return the HTTP methods of the operations at a path, sorted; [] for an unknown path."""
        return sorted({method for node, _ in _matching(self._root, path.split("/")[1:], {}) for method in node.routes})

    def nearest(self, path: str) -> list[str]:
        """Return up to three path templates that are most similar to an unknown path; [] if none is similar."""
        return get_close_matches(path[:200], self.paths, n=3, cutoff=0.5)


def base_paths(operation: Operation, api: Api) -> list[str]:
    """Return the base paths of an operation: the paths of its servers' URLs, with all values of server variables.

    The servers of the operation replace those of the API. At most 100 are returned, without duplicates. Without any
    servers, the only one is `api.base_path`.
    """
    servers = operation.servers or api.servers
    if not servers:
        return [api.base_path]
    return list(dict.fromkeys(base for server in servers for base in _base_paths(server)))[:MOST_BASE_PATHS]


def _base_paths(server: Server) -> Iterator[str]:
    listed = [list(dict.fromkeys((variable.default, *variable.values))) for variable in server.variables]
    for count, chosen in enumerate(product(*listed)):
        if count >= MOST_BASE_PATHS:
            return
        url = server.url
        for variable, value in zip(server.variables, chosen, strict=True):
            url = url.replace(f"{{{variable.name}}}", value)
        yield Server(url).address.base_path


def _matching(node: _Node, segments: list[str], values: dict[str, str]) -> Iterator[tuple[_Node, dict[str, str]]]:
    """Yield (node, path parameters by name) for each path of the tree that matches the segments."""
    if not segments:
        yield node, values
        return
    first, rest = segments[0], segments[1:]
    if (fixed := node.fixed.get(unquote(first))) is not None:
        yield from _matching(fixed, rest, values)
    for template, inner in node.templates.items():
        found = segment_values(template, first)
        if found is not None:
            yield from _matching(inner, rest, {**values, **found})


def segment_values(template: str, segment: str) -> dict[str, str] | None:
    """Return the values of a path segment's parameters by name; None if the segment does not match the template.

    The values stay percent-encoded, and no value is empty. All values but the last are as short as possible, so one
    pass over the segment is enough.

    Args:
        template: The template of the segment, such as `{name}.{format}`.
        segment: The segment of the request's path.
    """
    pieces = list(_pieces(template))
    found: dict[str, str] = {}
    at, waiting = 0, ""
    for number, (is_parameter, text) in enumerate(pieces):
        if is_parameter:
            waiting = text
            continue
        is_last = number == len(pieces) - 1
        start = segment.rfind(text) if is_last else segment.find(text, at + bool(waiting))
        if (
            start < at + bool(waiting)
            or (is_last and start + len(text) != len(segment))
            or (not waiting and start > at)
        ):
            return None
        if waiting:
            found[waiting] = segment[at:start]
        at, waiting = start + len(text), ""
    if waiting:
        if at >= len(segment):
            return None
        found[waiting] = segment[at:]
    return found if waiting or at == len(segment) else None


def _pieces(template: str) -> Iterable[tuple[bool, str]]:
    """Yield (True, name of the parameter) or (False, fixed text) for each part of the template of a segment."""
    while template:
        text, opened, rest = template.partition("{")
        if text:
            yield False, text
        name, closed, template = rest.partition("}")
        if opened and closed:
            yield True, name
        elif opened:
            yield False, f"{{{name}"
