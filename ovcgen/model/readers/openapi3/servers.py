"""Read servers and their variables."""

from __future__ import annotations

import re

from ovcgen.documents.repair.context import excerpt
from ovcgen.model.api import Server, ServerVariable
from ovcgen.model.readers.openapi3.document_state import LEFT_OUT, Body, DocumentPlace

VARIABLE = re.compile(r"\{([^{}]+)\}")
USUAL = Server("/")


def servers(place: DocumentPlace, body: Body) -> tuple[Server, ...]:
    """Return the `servers` of a document, path or operation; () if it declares none.

    Entries without a URL are reported and left out. A variable without a default has its first allowed value, else "".
    A default that is not among the allowed values is added to them. Both are reported.
    """
    found = []
    for number, value in enumerate(place.array(body, "servers") if "servers" in body else []):
        at = place / "servers" / number
        if isinstance(value, dict) and isinstance(value.get("url"), str):
            found.append(_server(at, value))
        else:
            at.note(f"{excerpt(value)} is no server", LEFT_OUT)
    return tuple(found)


def _server(place: DocumentPlace, body: Body) -> Server:
    url = body["url"].strip()
    variables = [_variable(at, name, value) for name, at, value in place.entries(body, "variables")]
    known = {variable.name for variable in variables}
    for name in dict.fromkeys(VARIABLE.findall(url)):
        if name not in known:
            place.note(f"nothing describes {{{name}}} of the URL", "its value has to be given")
    return Server(url, tuple(variables), place.member(body, "name"), place.member(body, "description").strip())


def _variable(place: DocumentPlace, name: str, body: Body) -> ServerVariable:
    values = place.names(body, "enum") if "enum" in body else ()
    default = place.member(body, "default")
    if "default" not in body:
        place.note("it has no default", f"read as {excerpt(values[0])}" if values else "its value has to be given")
        default = values[0] if values else ""
    elif values and default not in values:
        place.note(f"its default {excerpt(default)} is none of its values", "it is allowed as well")
        values = (*values, default)
    return ServerVariable(name, default, values, place.member(body, "description").strip())
