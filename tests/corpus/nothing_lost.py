"""Whether all that a document says is in its SDK or in a warning, by a walk over the raw document.

The walk shares nothing with ovcgen's own reading: it knows paths, verbs, parameters and references, and no more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from ovcgen.documents.document import Problem

VERBS = ("get", "put", "post", "delete", "options", "head", "patch")
VERBS_3 = (*VERBS, "trace", "query")  # those of OpenAPI 3
IGNORED = ("accept", "authorization", "content-type")  # headers that are no parameters in OpenAPI 3
OPERATIONS = ("OperationSpec", "StyledOperation")
PARAMETERS = {"ParameterSpec": "form", "StyledParameter": "query"}  # the usual place of each
PLACES = {"formData": "form", "member": "body"}
Calls = Mapping[tuple[str, str], frozenset[tuple[str, str]]]


class Said(NamedTuple):
    """A call, or a parameter of one, that a document says something of; `pointers` are the places where it does."""

    method: str
    path: str
    pointers: tuple[str, ...]
    parameter: tuple[str, str] | None = None  # place and name


def lost(document: Any, files: Mapping[str, str], problems: Iterable[Problem]) -> tuple[int, list[str]]:
    """How many calls and parameters there are, and those that are neither in the SDK nor in a warning."""
    calls = calls_of(files)
    told = [problem.pointer for problem in problems]
    said = list(said_by(document))
    skipped = {each[:2] for each in said if each.parameter is None and not _is_in(each, calls) and _is_told(each, told)}
    missing = [
        each for each in said if not _is_in(each, calls) and not _is_told(each, told) and each[:2] not in skipped
    ]
    return len(said), [f"{said.method} {said.path} {said.parameter or ''}".strip() for said in missing]


def number_of_calls(document: Any) -> int:
    """How many calls a document says something of."""
    return sum(said.parameter is None for said in said_by(document))


def calls_of(files: Mapping[str, str]) -> Calls:
    """The calls that an SDK can make, each with the places and names of what it sends."""
    found: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for name, text in files.items():
        if not name.endswith(".py") or "/_runtime/" in name or not any(f"{word}(" in text for word in OPERATIONS):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OPERATIONS:
                _, method, path = (ast.literal_eval(argument) for argument in node.args[:3])
                parameters = [each for each in ast.walk(node) if _is_parameter(each)]
                found[method, path] = found.get((method, path), frozenset()).union(map(_sent, parameters))
    return found


def _is_parameter(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PARAMETERS


def _sent(node: Any) -> tuple[str, str]:
    usual = PARAMETERS[node.func.id]
    place = next((ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg == "place"), usual)
    return PLACES.get(place, place), ast.literal_eval(node.args[0])


def said_by(document: Any) -> Iterator[Said]:
    """Every call and every parameter of a call."""
    paths = document.get("paths")
    verbs = VERBS_3 if "openapi" in document else VERBS
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if path.lower().startswith("x-"):
            continue
        item, here = _opened(document, item, f"/paths/{_escaped(path)}")
        for key in item if isinstance(item, dict) else ():
            if key.lower() not in verbs:
                continue
            call = Said(key.upper(), path, tuple(f"{each}/{key}" for each in here))
            yield call
            if isinstance(item[key], dict):
                yield from _parameters(document, item.get("parameters"), here, call)
                yield from _parameters(document, item[key].get("parameters"), call.pointers, call)


def _parameters(document: Any, listed: Any, holders: tuple[str, ...], call: Said) -> Iterator[Said]:
    """Yield the parameters in one list, which stands at these places.

    A warning about a later parameter of the same name and location is about the earlier one, too: it says that the
    later one counts, and the later one itself has to be in the SDK or in a warning.
    """
    found: list[Said] = []
    parameters = listed if isinstance(listed, list) else []
    for number, each in enumerate(parameters):
        if each in parameters[number + 1 :]:
            continue  # said again: one of them is enough
        body, where = _opened(document, each, "")
        places = (*(f"{holder}/parameters/{number}" for holder in holders), *where)
        place = str(body.get("in", "")) if isinstance(body, dict) else ""
        parameter = (PLACES.get(place, place), str(body.get("name"))) if isinstance(body, dict) else ("", "")
        found.append(Said(call.method, call.path, places, parameter))
    for number, said in enumerate(found):
        later = [other for other in found[number + 1 :] if other.parameter == said.parameter != ("", "")]
        yield said._replace(pointers=tuple(pointer for one in (said, *later) for pointer in one.pointers))


def _opened(document: Any, value: Any, pointer: str) -> tuple[Any, tuple[str, ...]]:
    """What a reference stands for, and the places passed on the way."""
    passed: list[str] = [pointer] if pointer else []
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        target = unquote(value["$ref"].removeprefix("#"))
        if target in passed:
            return None, tuple(passed)
        passed.append(target)
        own = {key: each for key, each in value.items() if key != "$ref"}
        found = document
        for step in target.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                found = found.get(step) if isinstance(found, dict) else None
        value = {**found, **own} if isinstance(found, dict) and own.keys() & set(VERBS) else found
    return value, tuple(passed)


def _is_in(said: Said, calls: Calls) -> bool:
    path = said.path if said.path.startswith("/") else f"/{said.path}"
    sent = calls.get((said.method, path.partition("#")[0] or "/"))
    return sent is not None and (said.parameter is None or said.parameter in sent)


def _is_told(said: Said, told: Iterable[str]) -> bool:
    """Whether a warning is about one of its places, or about what holds them."""
    return any(
        f"{each}/".startswith(f"{pointer}/") or (pointer.startswith(f"{each}/") and each.count("/") > 1)
        for each in told
        for pointer in said.pointers
    )


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
