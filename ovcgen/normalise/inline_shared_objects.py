"""Copy shared parameters and responses into each operation, so that later steps need no references to them."""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.documents.document import VERBS, Document
from ovcgen.normalise.reference_resolution import DanglingReference, resolved
from ovcgen.normalise.transform import Body, each_path


def inline_references(document: Document) -> Document:
    """Return the document with references to path items, parameters and responses replaced by what they refer to.

    The parameters of a path item are copied into each of its operations, unless the operation has one of the same name
    and location. References to schemas are kept. `required` is removed from parameters that exclude each other, such as
    a body and a form.

    Raises:
        DanglingReference: a reference leads nowhere, out of the document or in a circle, or that of a parameter leads
            to something else.
    """

    def written_out(item: Body) -> Body:
        item = {**resolved(document, item), **{key: item[key] for key in item if key != "$ref"}}
        common = item.pop("parameters", [])
        return {
            key: _operation(document, body, common) if key in VERBS else body  # the rest are extensions
            for key, body in item.items()
        }

    return each_path(document, written_out)


def _operation(document: Document, body: Body, common: list[Body]) -> Body:
    parameters = [*common, *body.get("parameters", ())]
    answers = {
        status: resolved(document, answer) if isinstance(answer, dict) and not status.startswith("x-") else answer
        for status, answer in body.get("responses", {}).items()
    }
    distinct = _fitting(_distinct(_parameter(document, parameter) for parameter in parameters))
    own = {"parameters": distinct} if parameters else {}
    return {**body, **own, "responses": answers}


def _parameter(document: Document, body: Body) -> Body:
    parameter = resolved(document, body)
    if not parameter.keys() >= {"in", "name"}:
        raise DanglingReference(str(body.get("$ref")))
    return parameter


def _distinct(parameters: Iterable[Body]) -> list[Body]:
    """Return the parameters without those of the path that the operation overrides (same name and location)."""
    return list({(parameter["in"], parameter["name"]): parameter for parameter in parameters}.values())


def _fitting(parameters: list[Body]) -> list[Body]:
    """Return the parameters with `required` removed where they exclude each other.

    A body excludes a form, and an unnamed body excludes another body.
    """
    bodies = [parameter for parameter in parameters if parameter["in"] == "body"]
    form = [parameter for parameter in parameters if parameter["in"] == "formData"]
    exclude = [*bodies, *form] if bodies and form else bodies if any(map(_is_unnamed, bodies)) and bodies[1:] else []
    if not any(body.get("required") for body in exclude):
        return parameters
    return [
        {key: value for key, value in parameter.items() if key != "required"} if parameter in exclude else parameter
        for parameter in parameters
    ]


def _is_unnamed(body: Body) -> bool:
    return body.get("x-ovcgen-unnamed") is True
