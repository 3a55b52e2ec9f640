"""Define a request as values that can be validated against several documents."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from ovcgen.documents.depth_limit import read_json
from ovcgen.model.api import Operation
from ovcgen.model.schema import Array, Json, Schema
from ovcgen.runtime.redaction import HIDDEN
from ovcgen.runtime.urls import split_url

PLACES = ("path", "query", "header", "formData", "cookie", "querystring")
SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
SLOT = re.compile(r"\{([^{}]+)\}")

Texts = Mapping[str, list[str]]  # what was sent under a name, once or several times


@dataclass(frozen=True, slots=True)
class Request:
    """A record of a request as values, independent of a document, so that several documents can validate it.

    Attributes:
        method: The HTTP method, in upper case.
        path: The path template of the operation, such as `/pets/{id}`.
        texts: The values sent, by location (a member of PLACES) and then by name; each value is a list of texts, which
            has several if the name was sent several times.
        body: A tuple with the JSON body, or () for no JSON body. A body that is no JSON is in it as a string.
    """

    method: str
    path: str
    texts: Mapping[str, Texts] = field(default_factory=dict)
    body: tuple[Json, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return the request as JSON: `operation` (`GET /pets/{id}`), and those locations and `body` that have values.

        A name that was sent once has one text as value, otherwise a list of texts.
        """
        fields: dict[str, Json] = {"operation": f"{self.method} {self.path}"}
        for place in PLACES:
            if texts := self.texts.get(place):
                fields[place] = {
                    name: values[0] if len(values) == 1 else values for name, values in sorted(texts.items())
                }
        return {**fields, **({"body": self.body[0]} if self.body else {})}


def request_of(operation: Operation, values: Mapping[tuple[str, str], Json]) -> Request:
    """Return the request of an operation with these values.

    Args:
        operation: The operation.
        values: The JSON values to send, by (location, wire name). The one at the location `body` is the JSON body; if
            there are several, the last one. Lists under names that the operation does not declare, or whose parameter
            has `explode`, are sent as repeated names.

    Raises:
        KeyError: a location is neither `body` nor a member of PLACES.
    """
    texts: dict[str, dict[str, list[str]]] = {place: {} for place in PLACES}
    body: tuple[Json, ...] = ()
    for (place, name), value in values.items():
        if place == "body":
            body = (value,)
            continue
        parameter = next(
            (parameter for parameter in operation.parameters if (parameter.location, parameter.name) == (place, name)),
            None,
        )
        explode = parameter is not None and parameter.explode
        texts[place][name] = texts_to_send(value, parameter.schema if parameter and not explode else None)
    return Request(operation.method, operation.path, texts, body)


def texts_to_send(value: Json, schema: Schema | None = None) -> list[str]:
    """Return a JSON value as the texts to send under one name.

    A value that is no string is its JSON text (`true`, `1.5`, `null`). A list is one text if the `collectionFormat` of
    its schema has a separator (`csv`, `ssv`, `tsv`, `pipes`), else one text for each item; [] gives no text then.
    """
    if not isinstance(value, list):
        return [_text(value)]
    if isinstance(schema, Array) and schema.collection in SEPARATORS:
        return [SEPARATORS[schema.collection].join(map(_text, value))]
    return [_text(item) for item in value]


def recorded_request(operation: Operation, url: str, sent: str) -> Request:
    """Return the request that was recorded for an operation, without its headers and cookies.

    The body is JSON if the operation declares one, else a form, also if it was sent as a JSON object. Query and form
    fields that the recorder hid are left out. Anything before the path of the operation is ignored. A list that was
    sent to an OpenvCloud portal as JSON text becomes one text per item, but not if the operation is `plain`.

    Args:
        operation: The operation that was called.
        url: The URL of the request, as recorded.
        sent: The body of the request, as text.
    """
    parts = split_url(url)
    texts: dict[str, Texts] = {"path": _slots(operation.path, parts.path), "query": _known(parts.query)}
    if any(parameter.location == "body" for parameter in operation.parameters):
        return Request(operation.method, operation.path, texts, _body(sent))
    form: Texts = _fields(sent)
    if not operation.plain:
        texts["query"], form = _unwrapped(operation, texts["query"]), _unwrapped(operation, form)
    return Request(operation.method, operation.path, {**texts, "formData": form})


def _unwrapped(operation: Operation, fields: Texts) -> Texts:
    """Return the fields with lists in repeated-key form. OpenvCloud portals also accept a list as JSON text."""
    lists = {parameter.name for parameter in operation.parameters if isinstance(parameter.schema, Array)}
    return {
        name: texts_to_send(found[0]) if name in lists and (found := _lists(values)) else values
        for name, values in fields.items()
    }


def _lists(values: list[str]) -> tuple[Json, ...]:
    """Return a tuple with the list that a single JSON text holds, or an empty one."""
    found = _body(values[0]) if len(values) == 1 and values[0].lstrip().startswith("[") else ()
    return tuple(item for item in found if isinstance(item, list))


def for_other_release(request: Request, operation: Operation) -> Request:
    """Return the request as sent to the same operation of another release: with its method, path and path parameters.

    A path parameter that only one of the releases has stands for the one at its place among those that only the other
    release has, in the order of the paths. `request` is not changed.
    """
    slots = request.texts.get("path", {})
    before, after = SLOT.findall(request.path), SLOT.findall(operation.path)
    gone, new = ([name for name in names if name not in others] for names, others in ((before, after), (after, before)))
    renamed = dict(zip(gone, new, strict=False))
    values = {renamed.get(name, name): texts for name, texts in slots.items() if name in renamed or name not in gone}
    return Request(operation.method, operation.path, {**request.texts, "path": values}, request.body)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _known(form: str) -> dict[str, list[str]]:
    """Return the form fields, without those whose value the recorder hid."""
    found = parse_qs(form, keep_blank_values=True)
    return {name: values for name, values in found.items() if HIDDEN not in values}


def _fields(sent: str) -> dict[str, list[str]]:
    """Return the fields of a form. Portals also accept a form sent as a JSON object."""
    if not sent.lstrip().startswith("{"):
        return _known(sent)
    body = _body(sent)
    fields: Any = body[0] if body and isinstance(body[0], dict) else {}
    return {name: texts_to_send(value) for name, value in fields.items() if value is not None and value != HIDDEN}


def _body(sent: str) -> tuple[Json, ...]:
    """Return a tuple with the parsed body (the text itself if it is not JSON), or an empty one."""
    try:
        return (read_json(sent),) if sent.strip() else ()
    except ValueError:
        return (sent,)


def _slots(template: str, path: str) -> dict[str, list[str]]:
    """Return the values of the path parameters. Any prefix before the path is ignored."""
    pieces = SLOT.split(template)
    pattern = "".join("([^/]+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))
    filled = re.search(f"{pattern}/?$", path)
    return {name: [unquote(value)] for name, value in zip(pieces[1::2], filled.groups(), strict=True)} if filled else {}
