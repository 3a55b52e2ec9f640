"""How a step goes over a document without writing into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ovcgen.spec import Document

Step = Callable[[Document], Document]
Body = dict[str, Any]

VERBS = ("delete", "get", "head", "options", "patch", "post", "put")


def each_operation(document: Document, change: Callable[[str, str, Body], Body]) -> Document:
    """The document with `change(path, verb, operation)` in place of every operation."""
    paths = {
        path: {
            verb: change(path, verb, body) if verb in VERBS and isinstance(body, dict) else body
            for verb, body in item.items()
        }
        for path, item in document.get("paths", {}).items()
    }
    return {**document, "paths": paths}


def each_parameter(document: Document, change: Callable[[Body], Body]) -> Document:
    """The document with `change(parameter)` in place of every parameter of an operation."""

    def changed(_path: str, _verb: str, body: Body) -> Body:
        if "parameters" not in body:
            return body
        return {**body, "parameters": [change(parameter) for parameter in body["parameters"]]}

    return each_operation(document, changed)


def operations(document: Document) -> Iterator[tuple[str, str, Body]]:
    """Every (path, verb, operation), sorted."""
    for path, item in sorted(document.get("paths", {}).items()):
        for verb in VERBS:
            if isinstance(item.get(verb), dict):
                yield path, verb, item[verb]
