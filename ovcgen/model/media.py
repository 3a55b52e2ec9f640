"""Content types: which of those that an operation declares its request has, which it asks for, and what comes then."""

from __future__ import annotations

import re

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, File, Nothing, Scalar, Schema, Traits
from ovcgen.runtime.media import is_json, is_text, plain_type

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
MULTIPART = "multipart/form-data"
FIELDS = ("formData", "query")
FORM = "application/x-www-form-urlencoded"
SENDABLE = re.compile(r"[!-~][ -~]*/[ -~]*[!-~]")  # what a header can hold


def consumed(operation: Operation) -> str:
    """The type of the request's body, "" where it is the usual one: JSON for a body, else that of a form."""
    declared = _declared(operation.consumes)
    plain = [plain_type(each) for each in declared]
    if any(parameter.location == "body" for parameter in operation.parameters):
        found = [each for each in declared if plain_type(each) not in (FORM, MULTIPART)]
        if not found or any(plain_type(each) in (JSON, "*/*", "application/*") for each in found):
            return ""
        return next((each for each in found if is_json(each)), found[0])
    form = [parameter for parameter in operation.parameters if parameter.location == "formData"]
    if any(isinstance(parameter.schema, File) for parameter in form):
        return MULTIPART
    return MULTIPART if form and MULTIPART in plain and FORM not in plain else ""


def content_types(operation: Operation) -> tuple[str, ...]:
    """The types that a request can have, as declared; () where there are not several."""
    places = {parameter.location for parameter in operation.parameters}
    declared = dict.fromkeys(_declared(operation.consumes))
    fitting = [
        each
        for each in declared
        if ("formData" in places if plain_type(each) in (FORM, MULTIPART) else "body" in places)
    ]
    return tuple(fitting) if operation.plain and len(fitting) > 1 else ()


def takes_patches(parameter: Parameter, operation: Operation) -> bool:
    """Whether a body can also be a JSON patch (RFC 6902), which is a list."""
    return parameter.location == "body" and JSON_PATCH in map(plain_type, content_types(operation))


def takes_bytes(parameter: Parameter, operation: Operation) -> bool:
    """Whether a body can be sent as bytes, under a type that is no JSON, beside JSON."""
    return parameter.location == "body" and any(
        not is_json(type_) and plain_type(type_) not in (FORM, MULTIPART) for type_ in content_types(operation)
    )


def is_member(parameter: Parameter, operation: Operation) -> bool:
    """Whether it is one member of the body: of several bodies that all have names."""
    bodies = [parameter for parameter in operation.parameters if parameter.location == "body"]
    if parameter.location != "body" or len(bodies) < 2 or any(body.unnamed for body in bodies):
        return False
    return all(takes_json(operation, body.schema) for body in bodies)


def takes_json(operation: Operation, schema: Schema) -> bool:
    """Whether a body of that shape is written as JSON; under `text/plain` that holds for all but texts."""
    kind = consumed(operation) or JSON
    is_string = isinstance(schema, Scalar) and schema.kind == "string"
    return is_json(kind) or (plain_type(kind) == "text/plain" and not is_string)


def is_content(parameter: Parameter, operation: Operation) -> bool:
    """Whether bytes are sent as they are: a file, or a body that is no JSON."""
    if isinstance(parameter.schema, File):
        return True
    return parameter.location == "body" and not takes_json(operation, parameter.schema)


def takes_empty(parameter: Parameter, operation: Operation) -> bool:
    """Whether "" stands for no value, as in `?verbose=`; texts can be empty anyhow."""
    is_text = isinstance(parameter.schema, Scalar) and parameter.schema.kind == "string"
    return operation.plain and parameter.allow_empty and parameter.location in FIELDS and not is_text


def takes_dates(parameter: Parameter, operation: Operation) -> bool:
    """Whether the runtime writes a date as its text: wherever JSON is written, and in fields that hold no objects."""
    if not operation.plain or is_content(parameter, operation):
        return False
    return parameter.location == "body" or isinstance(parameter.schema, Array | Scalar)


def accepted(operation: Operation) -> str:
    """What the request says it accepts, "" where that is JSON."""
    declared = _declared(operation.produces)
    if isinstance(operation.result, File):
        return ", ".join(declared) or "*/*"
    if not declared or JSON in map(plain_type, declared):
        return ""
    return ", ".join([each for each in declared if is_json(each)] or declared)


def error_shapes(operation: Operation) -> tuple[tuple[str, Schema], ...]:
    """What errors hold as JSON, by their status; `default` says it for all others, where it stands beside a success."""
    if not answers_json(operation.produces):
        return ()
    others = "default" if any(response.status.startswith("2") for response in operation.responses) else ""
    return tuple(
        (response.status, response.schema)
        for response in operation.responses
        if response.schema is not None and (response.status[:1] in "45" or response.status == others)
    )


def answers_json(produces: tuple[str, ...]) -> bool:
    """Whether an answer can be JSON: that is among the types, or they leave it open."""
    kinds = _declared(produces)
    return not kinds or any(is_json(kind) or "*" in kind for kind in kinds)


def answered(produces: tuple[str, ...], declared: Schema) -> Schema:
    """Return what a success gives: the declared shape, or, where none of the types can hold that, a text or bytes.

    A success without a shape may have an empty body: then a text is None, and bytes are empty.
    """
    if answers_json(produces) or isinstance(declared, File):
        return declared
    texts = [is_text(each) for each in _declared(produces)]
    traits = Traits(doc=declared.traits.doc, nullable=isinstance(declared, Nothing))
    if not any(texts):
        return File(Traits(doc=declared.traits.doc))
    if isinstance(declared, Scalar):
        return declared
    return Scalar("string", traits) if all(texts) else Anything(traits)


def _declared(kinds: tuple[str, ...]) -> list[str]:
    return [kind for kind in kinds if SENDABLE.fullmatch(kind)]
