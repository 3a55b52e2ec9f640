"""What Swagger lets paths and operations share is written out, so that nothing behind has to look for it."""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.documents.document import Document
from ovcgen.normalise.places import VERBS, DanglingReference, resolved
from ovcgen.normalise.walk import Body, each_path


def write_out(document: Document) -> Document:
    """Every operation has its own parameters and responses, those of its path included, and no reference to one."""

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
    """An operation's own parameter stands for its path's of the same name and place."""
    return list({(parameter["in"], parameter["name"]): parameter for parameter in parameters}.values())


def _fitting(parameters: list[Body]) -> list[Body]:
    """The parameters, where none that excludes another is required: a body beside a form, or one of unnamed bodies."""
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
