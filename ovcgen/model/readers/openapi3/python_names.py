"""Give every operation and parameter of an OpenAPI 3 document a Python name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from ovcgen.model.api import Operation, Parameter
from ovcgen.normalise.names import METHOD_NAMES, identifiers, operation_identifiers

VERSION = re.compile(r"v?\d+([._]\d+)*([a-z]+\d*)?|api|rest", re.IGNORECASE)  # segments that any path may have
SLOT = re.compile(r"\{([^{}]+)\}")
ORDER = ("GET", "HEAD", "OPTIONS", "QUERY", "POST", "PUT", "PATCH", "DELETE")  # who gets a name that several want
PLACES = ("body", "path", "query", "header", "cookie", "querystring")
NO_WORD = re.compile(r"\W")
SEPARATOR = r"[/._-]"
LONGEST = 40  # a name made of method and path that is longer is no help
Spot = tuple[str, str]  # path and method


def named(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations with the Python names of their groups, methods and parameters, in the same order.

    The group is the operation's first tag, else the first segment of its path that is neither a parameter nor a
    version. Its name is its operationId without what group, path and method say already, else method and path. If
    several operations want one name, the first by method (GET first, see ORDER) and path gets it, and the others get
    their whole operationId, or method and path, or the operationId with a number.
    """
    wishes: dict[tuple[str, str, str], Operation] = {}
    places: dict[Spot, tuple[str, str, str]] = {}
    for operation in sorted(operations, key=_rank):
        group = next(iter(operation.tags), "") or _group(operation.path)
        for name in _wishes(operation, group):
            if name and (group, "", name) not in wishes:
                wishes[group, "", name] = operation
                places[operation.path, operation.method] = (group, "", name)
                break
    names = operation_identifiers(
        {place: (operation.path, operation.method.lower()) for place, operation in wishes.items()}
    )
    return [_named(operation, *names[places[operation.path, operation.method]]) for operation in operations]


def _wishes(operation: Operation, group: str) -> Iterator[str]:
    """Yield the names that an operation could have, the best first."""
    if operation.id:
        yield _telling_part(operation, group)
        yield operation.id
    derived = _name(operation, group)
    if not operation.id or len(derived) <= LONGEST:
        yield derived
    for number in count(2) if operation.id else ():
        yield f"{operation.id} {number}"
    yield f"{operation.method.lower()} {operation.path}"


def _telling_part(operation: Operation, group: str) -> str:
    """Return the operationId without the group in front (`pets/list`), and without path and method behind it.

    FastAPI makes operationIds such as `list_pets_pets__get`, of the function, the path and the method.
    """
    ending = f"{NO_WORD.sub('_', operation.path)}_{operation.method.lower()}"
    name = operation.id.removesuffix(ending) or operation.id
    words = rf"{SEPARATOR}+".join(map(re.escape, re.findall(r"[^\W_]+", group)))
    start = re.match(rf"(v\d+{SEPARATOR})?{words}", name, re.IGNORECASE)
    rest = name[start.end() :] if start else ""
    return rest.lstrip("/._-") if re.match(rf"{SEPARATOR}+[^\W\d_]", rest) else name


def _named(operation: Operation, group: str, actor: str, name: str) -> Operation:
    return replace(operation, group=group, actor=actor, name=name, parameters=with_keys(operation.parameters))


def _rank(operation: Operation) -> tuple[int, str, str]:
    known = operation.method in ORDER
    return ORDER.index(operation.method) if known else len(ORDER), operation.path, operation.method


def _group(path: str) -> str:
    """Return the first segment of a path that is neither a parameter nor a version; "root" if there is none."""
    segments = [segment for segment in re.split(r"[/?#]", path) if segment and not SLOT.search(segment)]
    if "#" in path and "=" in segments[-1]:  # `X-Amz-Target=Service.Action`: all actions of a service have one path
        return segments[-1].partition("=")[2].rpartition(".")[0] or segments[-1]
    return next((segment for segment in segments if not VERSION.fullmatch(segment)), *segments[:1] or ["root"])


def _name(operation: Operation, group: str) -> str:
    """Return method and path as a short name: `get issues` for `GET /repos/{owner}/issues` in the group `repos`.

    The names of parameters occur only at the end: `get by owner name` for `GET /repos/{owner}/{name}`.
    """
    segments = [segment for segment in re.split(r"[/?#]", operation.path) if segment]
    last = len(segments)
    while last and SLOT.fullmatch(segments[last - 1]):
        last -= 1
    words = [segment for segment in segments[:last] if not SLOT.fullmatch(segment) and not VERSION.fullmatch(segment)]
    if words and words[0].casefold() == group.casefold():
        words = words[1:]
    keys = {parameter.name: parameter.key for parameter in operation.parameters if parameter.location == "path"}
    ends = [keys.get(slot, slot) for slot in (segment.strip("{}") for segment in segments[last:])]
    return " ".join([operation.method.lower(), *words, *(["by", *ends] if ends else [])])


def with_keys(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters with keywords (`key`) that are valid Python names and different from each other.

    If several want one keyword, the first by location (see PLACES) gets it; the location is added to the others.
    """
    names = {parameter.key for parameter in parameters}
    wishes: dict[tuple[str, str], str] = {}
    for parameter in sorted(parameters, key=lambda parameter: (PLACES.index(parameter.location), parameter.name)):
        wish = parameter.key
        while wish in wishes.values() or (wish != parameter.key and wish in names):
            wish = f"{wish} {parameter.location}"
        wishes[parameter.location, parameter.name] = wish
    aside: Mapping[str, str] = {wish: f"{wish} {location}" for (location, _), wish in wishes.items()}
    keys = identifiers(aside, METHOD_NAMES, aside=aside, nameless="argument")
    return tuple(replace(parameter, key=keys[wishes[parameter.location, parameter.name]]) for parameter in parameters)
