"""Content types: which of those that an operation declares its request has, and which it asks for."""

from __future__ import annotations

import re

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import File, Scalar, Schema

JSON = "application/json"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"
IS_JSON = re.compile(r"[^/;]+/([^/;]*[+.-])?json\s*(;.*)?", re.IGNORECASE)
SENDABLE = re.compile(r"[!-~][ -~]*/[ -~]*[!-~]")  # what a header can hold


def is_json(kind: str) -> bool:
    """Whether a body of that type is JSON."""
    return IS_JSON.fullmatch(kind) is not None


def consumed(operation: Operation) -> str:
    """The type of the request's body, "" where it is the usual one: JSON for a body, else that of a form."""
    declared = _declared(operation.consumes)
    plain = [_main(each) for each in declared]
    if any(each.place == "body" for each in operation.parameters):
        found = [each for each in declared if _main(each) not in (FORM, MULTIPART)]
        if not found or any(_main(each) in (JSON, "*/*", "application/*") for each in found):
            return ""
        return next((each for each in found if is_json(each)), found[0])
    form = [each for each in operation.parameters if each.place == "formData"]
    if any(isinstance(each.schema, File) for each in form):
        return MULTIPART
    return MULTIPART if form and MULTIPART in plain and FORM not in plain else ""


def takes_json(operation: Operation, schema: Schema) -> bool:
    """Whether a body of that shape is written as JSON; under `text/plain` that holds for all but texts."""
    kind = consumed(operation) or JSON
    is_text = isinstance(schema, Scalar) and schema.kind == "string"
    return is_json(kind) or (_main(kind) == "text/plain" and not is_text)


def is_content(parameter: Parameter, operation: Operation) -> bool:
    """Whether bytes are sent as they are: a file, or a body that is no JSON."""
    if isinstance(parameter.schema, File):
        return True
    return parameter.place == "body" and not takes_json(operation, parameter.schema)


def accepted(operation: Operation) -> str:
    """What the request says it accepts, "" where that is JSON."""
    declared = _declared(operation.produces)
    if isinstance(operation.result, File):
        return ", ".join(declared) or "*/*"
    if not declared or JSON in map(_main, declared):
        return ""
    return ", ".join([each for each in declared if is_json(each)] or declared)


def _declared(kinds: tuple[str, ...]) -> list[str]:
    return [each for each in kinds if SENDABLE.fullmatch(each)]


def _main(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()
