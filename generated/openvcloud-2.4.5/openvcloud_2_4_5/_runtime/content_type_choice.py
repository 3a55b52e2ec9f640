"""Choose the content type of a request if its operation declares several."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .errors import ArgumentError
from .media_types import is_json, plain_type
from .operation import CONTENT_TYPE, IN_A_BODY, OperationSpec, ParameterSpec
from .typeguards import is_dict, is_list

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
FORMS = (FORM, MULTIPART)
BYTES = (bytes, bytearray, memoryview, os.PathLike)

# Carries the content type of a request among the values to send.
CHOICE = ParameterSpec(CONTENT_TYPE, "string", place="content type")


def chosen_type(operation: OperationSpec, arguments: Mapping[str, object]) -> str:
    """Return the content type of one call: the caller's `_content_type`, else a declared one that fits the values.

    Without `_content_type`, a form is URL-encoded if that is declared and it has no file, else multipart. A list is a
    JSON patch if one is declared. Bytes and files get the first type that is neither JSON nor a range. All others get
    the operation's usual type; but if that is a JSON patch, another JSON type if one is declared.

    Raises:
        ArgumentError: `_content_type` is not declared, or the arguments can't be sent with it.
    """
    given = [parameter for parameter in operation.parameters if arguments.get(parameter.key) is not None]
    is_form = any(spec.place == "form" for spec in given)
    bodies = [arguments[spec.key] for spec in given if spec.place in IN_A_BODY]
    wanted = arguments.get(CONTENT_TYPE)
    if wanted is None:
        return _form_type(operation, arguments) if is_form and not bodies else _body_type(operation, bodies)
    if not isinstance(wanted, str) or not any(fits(wanted, type_) for type_ in operation.content_types):
        raise ArgumentError(
            f"{operation.name}() does not take {wanted!a:.60} for {CONTENT_TYPE!r}.",
            fix=f"Pass one of {', '.join(operation.content_types)}.",
        )
    if (plain_type(wanted) in FORMS and bodies) or (plain_type(wanted) not in FORMS and is_form):
        raise ArgumentError(
            f"{operation.name}() can't send these arguments as {plain_type(wanted)}.",
            fix="Send the parameters of a form as a form, and a body as another type.",
        )
    return wanted


def fits(wanted: str, declared: str) -> bool:
    """Return whether a content type matches the declared one, which may be a range such as `text/*` or `*/*`.

    Upper and lower case, and parameters such as `charset`, do not count. A content type that is not printable ASCII
    matches nothing.
    """
    kind, allowed = plain_type(wanted), plain_type(declared)
    if not wanted.isascii() or not wanted.isprintable():
        return False
    return kind == allowed or (allowed.endswith("/*") and (allowed == "*/*" or kind.startswith(allowed[:-1])))


def _form_type(operation: OperationSpec, arguments: Mapping[str, object]) -> str:
    """Return the content type of a form: multipart if it has a file or URL encoding is not declared."""
    declared = {plain_type(type_) for type_ in operation.content_types}
    has_file = any(
        parameter.kind == "file" and arguments.get(parameter.key) is not None for parameter in operation.parameters
    )
    return MULTIPART if has_file or FORM not in declared else FORM


def _body_type(operation: OperationSpec, bodies: list[Any]) -> str:
    """Return the content type of a body by its value.

    A list is a JSON patch if one is declared; bytes and files get a type that is not JSON.
    """
    usual = operation.consumes if plain_type(operation.consumes) not in FORMS and operation.consumes else JSON
    declared = [type_ for type_ in operation.content_types if plain_type(type_) not in FORMS]
    patches = [kind for kind in declared if plain_type(kind) == JSON_PATCH]
    others = [kind for kind in declared if is_json(kind) and kind not in patches]
    value = bodies[0] if bodies else None
    if is_list(value) and patches:
        return patches[0]
    if isinstance(value, BYTES) or callable(getattr(value, "read", None)):
        return next((kind for kind in declared if not is_json(kind) and "*" not in kind), usual)
    if is_dict(value) or plain_type(usual) == JSON_PATCH:
        return others[0] if others and plain_type(usual) == JSON_PATCH else usual
    return usual


def parameter_for_type(parameter: ParameterSpec, kind: str) -> ParameterSpec:
    """Return the body parameter with the `kind` that fits a content type: `json` for JSON, `content` for other types.

    `kind` is the content type. `text/plain` counts as JSON, unless the parameter is a string or `content`. A parameter
    that fits already is returned itself; a new one has none of its rules for values.
    """
    is_written = is_json(kind) or (plain_type(kind) == "text/plain" and parameter.kind not in ("string", "content"))
    if is_written == (parameter.kind != "content"):
        return parameter
    return ParameterSpec(
        parameter.name,
        "json" if is_written else "content",
        place=parameter.place,
        required=parameter.required,
        key=parameter.key,
    )
