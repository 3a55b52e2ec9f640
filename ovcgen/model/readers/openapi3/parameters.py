"""Read parameters: their place, their style, and those that a path template needs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import HEADER_NAME, excerpt
from ovcgen.model.api import Parameter, SecurityDefinition
from ovcgen.model.readers.openapi3.bodies import described_by
from ovcgen.model.readers.openapi3.document_state import IGNORED, LEFT_OUT, Body, DocumentPlace
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Scalar
from ovcgen.model.styled_runtime_specs import STRUCTURED, has_nested_members
from ovcgen.runtime.known_secrets import is_secret
from ovcgen.runtime.parameter_styles import DEEP, EXPLODED

# The styles of each location, the default first (OpenAPI 3.2, Parameter Object).
STYLES = {
    "path": ("simple", "matrix", "label"),
    "query": ("form", "spaceDelimited", "pipeDelimited", DEEP),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
    "querystring": ("",),
}
NOT_PARAMETERS = ("accept", "content-type", "authorization")  # headers that are described elsewhere
SLOT = re.compile(r"\{([^{}]+)\}")


def parameters(
    place: DocumentPlace, listed: Iterable[tuple[DocumentPlace, Json]], path: str
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Return (parameters, unplaced): the parameters of an operation, and path parameters that can't be sent.

    The path template has no variable for an unplaced parameter, which is reported.

    Args:
        place: The place of the operation.
        listed: The parameters of the path item, then of the operation, each with its place. A later parameter overrides
            an earlier one with the same name and location. Parameters that can't be read are reported and left out.
        path: The path template. A parameter is added for each variable of the template that no parameter describes. If
            there is exactly one such variable, and exactly one path parameter that is not in the template, the
            parameter is used for the variable, and the keyword is the name of the parameter.
    """
    found: dict[tuple[str, str], Parameter] = {}
    unplaced: dict[str, tuple[DocumentPlace, Parameter]] = {}
    slots = dict.fromkeys(SLOT.findall(path))
    for at, value in listed:
        read = _shared(at, value)
        if read is not None and read.location == "path" and read.name not in slots:
            unplaced[read.name] = (at, read)
        elif read is not None:
            found[read.location, read.name] = read
    missing = [name for name in slots if ("path", name) not in found]
    if len(missing) == len(unplaced) == 1:
        (name,), ((at, misnamed),) = missing, unplaced.values()
        at.note(f"the path has no {{{misnamed.name}}}", f"read as {{{name}}}, which nothing else describes")
        found["path", name] = replace(misnamed, name=name)
        return tuple(found.values()), ()
    for at, parameter in unplaced.values():
        at.note(f"the path has no {{{parameter.name}}}", LEFT_OUT)
    for name in missing:
        place.note(f"nothing describes {{{name}}} of the path", "read as a text that must be given")
        found["path", name] = Parameter(name, name, "path", Scalar("string"), required=True, style="simple")
    return tuple(found.values()), tuple(parameter for _, parameter in unplaced.values())


def _shared(place: DocumentPlace, value: Json) -> Parameter | None:
    """Return a parameter, read once for all references to it; None if it can't be sent, which is reported."""
    at, body = place.followed(value)
    if not isinstance(body, dict):
        if body is not None or value is None:
            at.note(f"{excerpt(body)} is no parameter", LEFT_OUT)
        return None
    key = ("parameter", at.path)
    if key not in at.state.shared:
        at.state.shared[key] = _parameter(at, body)
    read: Parameter | None = at.state.shared[key]
    return read


def _parameter(place: DocumentPlace, body: Body) -> Parameter | None:
    name, location = place.member(body, "name"), place.member(body, "in").lower()
    if not name or location not in STYLES:
        place.note(f"{excerpt(name)} in {excerpt(body.get('in'))} is no parameter", LEFT_OUT)
        return None
    if location == "header" and not HEADER_NAME.fullmatch(name := name.strip()):
        (place / "name").note(f"no header can be called {excerpt(name)}", LEFT_OUT)
        return None
    if location == "header" and name.lower() in NOT_PARAMETERS:
        place.note(f"the header {name} is no parameter in OpenAPI 3", IGNORED)
        return None
    content_type, described = described_by(place, body)
    style = "" if content_type else _style(place, body, location)
    required = "required" in body and place.flag(body, "required")
    if location == "path" and not required:
        place.note("a part of the path is always required", "read as `required: true`")
    return Parameter(
        name=name,
        key=name,
        location=location,
        schema=described,
        required=required or location == "path",
        doc=place.member(body, "description").strip() or described.traits.doc,
        default=described.traits.default,
        allow_empty="allowEmptyValue" in body and place.flag(body, "allowEmptyValue"),
        style=style,
        explode=bool(style) and place.flag(body, "explode", default=style in EXPLODED),
        allow_reserved="allowReserved" in body and place.flag(body, "allowReserved"),
        content_type=content_type,
        deprecated="deprecated" in body and place.flag(body, "deprecated"),
    )


def _style(place: DocumentPlace, body: Body, location: str) -> str:
    """Return the style of a parameter; the location's default for one that its location does not have."""
    declared = place.member(body, "style")
    styles = STYLES[location]
    if declared in styles:
        return declared
    if declared:
        (place / "style").note(f"a parameter in {location} has no style {excerpt(declared)}", f"read as {styles[0]!r}")
    return styles[0]


def note_nested_members(place: DocumentPlace, resolver: Resolver) -> None:
    """Report the parameters of style `deepObject` whose members are declared to be objects or lists.

    Only parameters that were read before are looked at; `place` is any place of the document.
    """
    read = [(path, each) for (kind, path), each in place.state.shared.items() if kind == "parameter" and each]
    for path, parameter in read:
        if parameter.style == DEEP and has_nested_members(parameter.schema, resolver, STRUCTURED):
            name = parameter.name
            place.at(path).note(
                "OpenAPI does not define objects and lists inside of a deepObject",
                f"sent as {name}[a][b]=1, and the items of a list as {name}[a]=1&{name}[a]=2",
            )


def with_logins(parameters: Iterable[Parameter], definitions: Collection[SecurityDefinition]) -> tuple[Parameter, ...]:
    """Return the parameters with `login` set on those that carry credentials.

    These are headers with a name that means a secret, and the keys of declared `apiKey` schemes (`definitions`). Upper
    and lower case in names make no difference.
    """
    keys = {(key.location, str(key.parameter).lower()) for key in definitions if key.kind == "apiKey"}
    return tuple(
        replace(parameter, login=True)
        if (parameter.location, parameter.name.lower()) in keys
        or (parameter.location == "header" and is_secret(parameter.name.lower()))
        else parameter
        for parameter in parameters
    )
