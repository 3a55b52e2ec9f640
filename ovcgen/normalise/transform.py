"""Apply a function to all paths, operations or parameters of a document, without modifying the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ovcgen.documents.document import VERBS, Document
from ovcgen.normalise.reference_resolution import is_path

Step = Callable[[Document], Document]
Body = dict[str, Any]


def each_path(document: Document, change: Callable[[Body], Body]) -> Document:
    """Return a copy of the document with every path item replaced by `change(item)`. Extensions of `paths` are kept."""
    paths = document.get("paths", {})
    return {**document, "paths": {path: change(paths[path]) if is_path(path) else paths[path] for path in paths}}


def each_operation(document: Document, change: Callable[[str, str, Body], Body]) -> Document:
    """Return a copy of the document with every operation replaced by `change(path, verb, operation)`.

    Verbs are in lower case. Other keys of path items, such as `parameters`, are kept as they are.
    """
    paths = {
        path: {verb: change(path, verb, body) if verb in VERBS else body for verb, body in item.items()}
        if is_path(path)
        else item
        for path, item in document.get("paths", {}).items()
    }
    return {**document, "paths": paths}


def each_parameter(document: Document, change: Callable[[Body], Body]) -> Document:
    """Return a copy of the document with every parameter of an operation replaced by `change(parameter)`.

    Parameters of path items are not changed: use `inline_shared_objects.inline_references` first.
    """

    def changed(_path: str, _verb: str, body: Body) -> Body:
        if "parameters" not in body:
            return body
        return {**body, "parameters": [change(parameter) for parameter in body["parameters"]]}

    return each_operation(document, changed)
