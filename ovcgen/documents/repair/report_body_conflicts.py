"""Report operations with several bodies, or with a body and a form: Swagger 2.0 allows only one of them."""

from __future__ import annotations

from typing import Any

from ovcgen.documents.document import VERBS, Document
from ovcgen.documents.pointers import at, reference_steps
from ovcgen.documents.repair.context import UNNAMED, Body, RepairContext, RepairPass

MEMBERS = "they are sent as members of one object"
ONE = "one of them can be sent"


def note_bodies(document: Document, findings: RepairPass) -> None:
    """Report each operation with several bodies, or with a body and a form, in `findings`. Nothing is changed.

    The parameters of the path item count, too, and references to parameters are followed. Bodies of the same name are
    one.
    """
    root = RepairContext(findings) / "paths"
    for path, item in document["paths"].items():
        for verb in VERBS if isinstance(item, dict) else ():
            if isinstance(item.get(verb), dict):
                own, shared = item[verb].get("parameters", []), item.get("parameters", [])
                _note(
                    root / path / verb / "parameters",
                    [resolved_parameter(document, parameter) for parameter in [*shared, *own]],
                )


def _note(place: RepairContext, parameters: list[Body]) -> None:
    """Report several bodies, or a body and a form, among the parameters of one operation."""
    bodies = {str(parameter.get("name")): parameter for parameter in parameters if parameter.get("in") == "body"}
    form = [str(parameter.get("name")) for parameter in parameters if parameter.get("in") == "formData"]
    if len(bodies) > 1:
        done = ONE if any(body.get(UNNAMED) for body in bodies.values()) else MEMBERS
        place.note(f"there are several bodies: {', '.join(bodies)}", done)
    if bodies and form:
        place.note(f"there is a body, {next(iter(bodies))}, and a form, of {', '.join(form)}", ONE)


def resolved_parameter(document: Document, body: Any) -> Body:
    """Return a parameter, or the parameter that it refers to, perhaps through several references.

    The result is {} if a reference leads to nothing or in a circle, or if the value is no object.
    """
    passed: set[str] = set()
    while isinstance(body, dict) and isinstance(target := body.get("$ref"), str):
        if target in passed:
            return {}
        passed.add(target)
        try:
            body = at(document, reference_steps(target))
        except LookupError:
            return {}
    return body if isinstance(body, dict) else {}
