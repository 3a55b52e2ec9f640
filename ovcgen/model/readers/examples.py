"""Read the examples of schemas and of Swagger 2.0 responses, in all the notations that vendors use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.model.api import Example

Body = Mapping[str, Any]


def example(body: Body) -> Json:
    """Return the first example of a schema or parameter object; None if there is none, or if it is null.

    `example` has precedence over `examples` (a list in OpenAPI 3.1), `x-example` and `x-examples` (an object: examples
    by name, or values by media type).
    """
    if "example" in body:
        return body["example"]
    listed = body.get("examples")
    if isinstance(listed, list) and listed:
        return listed[0]
    if "x-example" in body:
        return body["x-example"]
    named = body.get("x-examples")
    if isinstance(named, dict) and named:
        return _value(next(iter(named.values())))
    return named[0] if isinstance(named, list) and named else None


def _value(described: Json) -> Json:
    """Return the value of a named example, which can be an object with the key `value`."""
    is_object = isinstance(described, dict) and described.keys() <= {"value", "summary", "description"}
    return described.get("value", described) if is_object else described


def examples_by_type(body: Body) -> tuple[Example, ...]:
    """Return the examples of a Swagger 2.0 response object, from its `examples` and `x-examples`; () for none.

    A key with a slash is the media type of the example, any other key its name.
    """
    found = []
    for key in ("examples", "x-examples"):
        listed = body.get(key)
        for name, value in listed.items() if isinstance(listed, dict) else ():
            is_type = "/" in name
            found.append(Example(value if is_type else _value(value), "" if is_type else name, name if is_type else ""))
    return tuple(found)
