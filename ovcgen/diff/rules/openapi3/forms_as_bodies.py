"""Find forms whose fields Python code passes in another way: Swagger 2.0 has a keyword for each, OpenAPI 3 one body."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.media_type_pairs import is_form
from ovcgen.diff.rules.registry import OPENAPI3, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation
from ovcgen.model.schema import Record

rule = OPENAPI3.operations.rule


@rule("form.became-body", wire=INFO, sdk=BREAKING)
def form_became_body(old: Operation, new: Operation) -> Iterator[Finding]:
    """The fields of a form are members of one body, because the document is of OpenAPI 3 now.

    Requests stay the same. Python code passed each field by its name and passes one dict as `body` now.
    """
    names = _fields(old)
    if names and new.openapi and new.body is not None:
        members = ", ".join(f'"{name}": ...' for name in names)
        yield Finding(
            "is one argument in Python now; its fields were arguments of their own.",
            Location(place="body"),
            before=names,
            after=new.body.key,
            hint=f"In Python, pass {new.body.key}={{{members}}}.",
        )


@rule("body.became-form", wire=INFO, sdk=BREAKING)
def body_became_form(old: Operation, new: Operation) -> Iterator[Finding]:
    """The members of a form are arguments of their own, because the document is of Swagger 2.0 now.

    Requests stay the same. Python code passed one dict as `body` and passes each field by its name now.
    """
    names = _fields(new)
    if names and old.openapi and old.body is not None:
        yield Finding(
            "is no argument in Python any more; its members are.",
            Location(place="body"),
            before=old.body.key,
            after=names,
            hint=f"In Python, pass {', '.join(map(quoted, names))} by name.",
        )


def _fields(operation: Operation) -> list[str]:
    """Return the fields of a form of Swagger 2.0; [] if the operation has none, or is of OpenAPI 3."""
    body = operation.body
    if operation.openapi or body is None or not all(map(is_form, body.contents)):
        return []
    return [member.name for member in body.schema.properties] if isinstance(body.schema, Record) else []
