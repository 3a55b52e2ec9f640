"""A call as it goes over the wire, in values that two documents can be asked about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ovcgen.documents.nesting import read_json
from ovcgen.model.api import Operation
from ovcgen.model.schema import Array, Json, Schema
from ovcgen.runtime.redaction import HIDDEN

PLACES = ("path", "query", "header", "formData")
SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
SLOT = re.compile(r"\{([^{}]+)\}")

Texts = Mapping[str, list[str]]  # what was sent under a name, once or several times


@dataclass(frozen=True, slots=True)
class Request:
    """The texts in each place, and the body where one is sent."""

    method: str
    path: str  # as the document has it, with its slots
    texts: Mapping[str, Texts] = field(default_factory=dict)
    body: tuple[Json, ...] = ()  # of one value, or none

    def as_json(self) -> dict[str, Json]:
        """For people and programs: what is empty is left out."""
        told: dict[str, Json] = {"operation": f"{self.method} {self.path}"}
        for place in PLACES:
            if texts := self.texts.get(place):
                told[place] = {name: each[0] if len(each) == 1 else each for name, each in sorted(texts.items())}
        return {**told, **({"body": self.body[0]} if self.body else {})}


def request_of(operation: Operation, values: Mapping[tuple[str, str], Json]) -> Request:
    """The call with these values, by place and name."""
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
        texts[place][name] = written(value, parameter.schema if parameter else None)
    return Request(operation.method, operation.path, texts, body)


def written(value: Json, schema: Schema | None = None) -> list[str]:
    """A value as texts: lists as often as they say so, else in one."""
    if not isinstance(value, list):
        return [_text(value)]
    if isinstance(schema, Array) and schema.collection in SEPARATORS:
        return [SEPARATORS[schema.collection].join(map(_text, value))]
    return [_text(each) for each in value]


def recorded_request(operation: Operation, url: str, sent: str) -> Request:
    """What a recording sent for an operation; secrets that were taken out of it are left out."""
    parts = urlsplit(url)
    texts: dict[str, Texts] = {"path": _slots(operation.path, parts.path), "query": _known(parts.query)}
    if any(parameter.location == "body" for parameter in operation.parameters):
        return Request(operation.method, operation.path, texts, _body(sent))
    form: Texts = _fields(sent)
    if not operation.plain:
        texts["query"], form = _unwrapped(operation, texts["query"]), _unwrapped(operation, form)
    return Request(operation.method, operation.path, {**texts, "formData": form})


def _unwrapped(operation: Operation, fields: Texts) -> Texts:
    """The fields with lists that were sent as JSON text written as repeated keys; OpenvCloud portals take both."""
    lists = {parameter.name for parameter in operation.parameters if isinstance(parameter.schema, Array)}
    return {
        name: written(found[0]) if name in lists and (found := _lists(values)) else values
        for name, values in fields.items()
    }


def _lists(values: list[str]) -> tuple[Json, ...]:
    """The list that a single text of JSON holds, or nothing."""
    found = _body(values[0]) if len(values) == 1 and values[0].lstrip().startswith("[") else ()
    return tuple(json for json in found if isinstance(json, list))


def moved(request: Request, operation: Operation) -> Request:
    """The same request where another release has that operation: its slots may have other names."""
    slots = request.texts.get("path", {})
    names = [parameter.name for parameter in operation.parameters if parameter.location == "path"]
    renamed = slots if set(names) == set(slots) else dict(zip(names, slots.values(), strict=False))
    return Request(operation.method, operation.path, {**request.texts, "path": renamed}, request.body)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _known(form: str) -> dict[str, list[str]]:
    found = parse_qs(form, keep_blank_values=True)
    return {name: values for name, values in found.items() if HIDDEN not in values}


def _fields(sent: str) -> dict[str, list[str]]:
    """The fields of a form; some clients send them as JSON, which portals take as well."""
    if not sent.lstrip().startswith("{"):
        return _known(sent)
    body = _body(sent)
    fields: Any = body[0] if body and isinstance(body[0], dict) else {}
    return {name: written(value) for name, value in fields.items() if value is not None and value != HIDDEN}


def _body(sent: str) -> tuple[Json, ...]:
    try:
        return (read_json(sent),) if sent.strip() else ()
    except ValueError:
        return (sent,)


def _slots(template: str, path: str) -> dict[str, list[str]]:
    """The values in the slots of a path, whatever stands before it."""
    pieces = SLOT.split(template)
    pattern = "".join("([^/]+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))
    filled = re.search(f"{pattern}/?$", path)
    return {name: [unquote(value)] for name, value in zip(pieces[1::2], filled.groups(), strict=True)} if filled else {}
