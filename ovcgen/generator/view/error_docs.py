"""Write the sentence of a method's docstring about the types of error bodies."""

from __future__ import annotations

from ovcgen.generator.view.operation_schemas import error_key
from ovcgen.generator.view.schema_annotations import NamedTypes
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.model import media
from ovcgen.model.api import Operation

OTHERS = "default"
NOTHING_SAID = {"Any"}


def errors_text(operation: Operation, shapes: NamedTypes) -> str:
    """Return the docstring's sentence about the types of error bodies; "" if no type is known.

    It is `Errors have a .body: types.NotFound (404), types.Error (any other).`
    """
    statuses: dict[str, list[str]] = {}
    for status, schema in media.error_schemas(operation):
        annotation = shapes.annotation(schema, error_key(operation, status), ScopedNames(types="types"))
        statuses.setdefault(annotation, []).append(status)
    if statuses.keys() <= NOTHING_SAID:
        return ""
    only = len(statuses) == 1 and [OTHERS] in statuses.values()
    told = [annotation if only else f"{annotation} ({_listed(numbers)})" for annotation, numbers in statuses.items()]
    return f"Errors have a .body: {', '.join(told)}."


def _listed(statuses: list[str]) -> str:
    return ", ".join("any other" if status == OTHERS else status for status in statuses)
