"""Match path templates with their parameters: `/pets/{id}` needs a parameter `id`, and the other way round."""

from __future__ import annotations

import re
from typing import Any

from ovcgen.documents.document import VERBS, Document
from ovcgen.documents.repair.context import LEFT_OUT, Body, RepairContext, RepairPass
from ovcgen.documents.repair.report_body_conflicts import resolved_parameter

SLOT = re.compile(r"\{([^{}]+)\}")


def with_path_parameters(document: Document, findings: RepairPass) -> dict[str, Any]:
    """Return the document in which each operation has exactly the path parameters that its path template names.

    The parameters of its path item count, too, and references to parameters are followed. A missing parameter is added
    to the operation as a required string. A path parameter that the template does not have is left out. Each change is
    added to the problems of `findings`. The given document is not changed.
    """
    root = RepairContext(findings) / "paths"
    items = {path: _item(document, root / path, path, item) for path, item in document["paths"].items()}
    return {**document, "paths": items}


def _item(document: Document, place: RepairContext, path: str, item: Body) -> Body:
    if not path.startswith("/"):
        return item
    slots = set(SLOT.findall(path))
    shared = item.get("parameters", [])
    result = dict(item)
    if any(_slot(document, json) not in (None, *slots) for json in shared):
        result["parameters"] = _fitting(document, place / "parameters", shared, slots)
    given = {_slot(document, json) for json in shared}
    for verb in VERBS:
        if isinstance(item.get(verb), dict):
            result[verb] = _operation(document, place / verb, item[verb], slots, given)
    return result


def _operation(document: Document, place: RepairContext, body: Body, slots: set[str], given: set[str | None]) -> Body:
    own = body.get("parameters", [])
    named = {_slot(document, json) for json in own} | given
    missing = sorted(slots - {name for name in named if name})
    if not missing and not (named - {None}) - slots:
        return body
    for name in missing:
        place.note(f"nothing describes {{{name}}} of the path", "read as a text that must be given")
    added = [{"name": name, "in": "path", "type": "string", "required": True} for name in missing]
    return {**body, "parameters": [*_fitting(document, place / "parameters", own, slots), *added]}


def _fitting(document: Document, place: RepairContext, parameters: list[Body], slots: set[str]) -> list[Body]:
    """Return the parameters without path parameters that the template does not have."""
    kept = []
    for number, parameter in enumerate(parameters):
        name = _slot(document, parameter)
        if name is None or name in slots:
            kept.append(parameter)
        else:
            (place / number).note(f"the path has no {{{name}}}", LEFT_OUT)
    return kept


def _slot(document: Document, body: Body) -> str | None:
    """Return the name of a path parameter; None for a parameter in another location."""
    body = resolved_parameter(document, body)
    return str(body.get("name")) if body.get("in") == "path" else None
