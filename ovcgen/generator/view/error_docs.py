"""What the docstring of a method says of errors: the types of their bodies, where the document declares them."""

from __future__ import annotations

from ovcgen.generator.view.scoped_names import Words
from ovcgen.generator.view.shapes import Shapes, error_key
from ovcgen.model import media
from ovcgen.model.api import Operation

OTHERS = "default"
NOTHING_SAID = {"Any"}


def errors_text(operation: Operation, shapes: Shapes) -> str:
    """`Errors have a .body: types.NotFound (404), types.Error (any other).`; "" where nothing is known of them."""
    statuses: dict[str, list[str]] = {}
    for status, schema in media.error_shapes(operation):
        annotation = shapes.annotation(schema, error_key(operation, status), Words(types="types"))
        statuses.setdefault(annotation, []).append(status)
    if statuses.keys() <= NOTHING_SAID:
        return ""
    only = len(statuses) == 1 and [OTHERS] in statuses.values()
    told = [annotation if only else f"{annotation} ({_listed(each)})" for annotation, each in statuses.items()]
    return f"Errors have a .body: {', '.join(told)}."


def _listed(statuses: list[str]) -> str:
    return ", ".join("any other" if status == OTHERS else status for status in statuses)
