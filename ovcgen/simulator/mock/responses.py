"""Build the response of an operation: choose the declared response, its media type and its body."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from ovcgen.model.api import Content, Example, Header, Operation, Response
from ovcgen.model.media import status_range
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, File, Nothing, Schema
from ovcgen.model.value_validation import SchemaValidator
from ovcgen.runtime.content_type_choice import fits
from ovcgen.runtime.media_types import is_json, is_text, plain_type
from ovcgen.runtime.record_parsers import EVENT_STREAM, is_sequential
from ovcgen.simulator.mock.problem_details import RequestRefused
from ovcgen.simulator.mock.response_preferences import Preferences, concrete_media_type, negotiated_media_type
from ovcgen.simulator.mock.sample_bodies import CONTENT, BodySamples
from ovcgen.simulator.responses import HttpResponse

Json = Any
WITHOUT_BODY = (204, 205, 304)
DEFAULT_CODES = {"1": 200, "2": 200, "3": 302, "4": 400, "5": 500}  # of a range
JSON = "application/json"
# What the server itself sends, or what would make the body unreadable.
OWN_HEADERS = (
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "server",
    "transfer-encoding",
)
LONGEST_HEADER = 2000


class MockResponses:
    """A builder of the mock's responses for the operations of one API. Sample values are cached."""

    def __init__(self, resolver: Resolver) -> None:
        self._validator = SchemaValidator(resolver, is_request=False, is_strict=True)
        self._samples = {wanted: BodySamples(resolver, has_examples=wanted) for wanted in (True, False)}
        self._known: dict[tuple[int, bool], tuple[Schema, Json]] = {}  # samples by the id of their schema
        self._lock = threading.Lock()  # samples are made one after the other

    def response(self, operation: Operation, wanted: Preferences, accept: str | None) -> HttpResponse:
        """Return the response of an operation: its body is an example of the document, else made from its schema.

        Without a wanted status, it is the first declared 2xx, else `default`, else the range `3XX`, else the lowest
        status; 204 if none is declared. `default` is sent with 200, and a range such as `4XX` with its usual status,
        here 400. A status from 300 on is sent even if the client accepts none of its media types. 204, 205 and 304 have
        no body.

        Args:
            operation: The operation.
            wanted: The preferences of the client, such as a status or an example.
            accept: The request's `Accept` header; None for none.

        Raises:
            RequestRefused: the operation declares no such status (400) or example (400), or no media type that the
                client accepts (406).
        """
        status, declared = _chosen(operation, wanted.code)
        contents = [] if status in WITHOUT_BODY else contents_of(operation, declared)
        headers = tuple(self._headers(declared.headers))
        if not contents:
            return HttpResponse(status, headers=headers)
        kinds = [content.media_type for content in contents]
        kind = negotiated_media_type(kinds, accept) or ("" if status < 300 else kinds[0])
        if not kind:
            raise RequestRefused(406, f"The request accepts {accept!a:.100}. {operation.place} has {', '.join(kinds)}.")
        content = contents[kinds.index(kind)]
        sent = concrete_media_type(kind, accept)
        return HttpResponse(status, self._body(operation, content, sent, wanted), sent, headers)

    def _body(self, operation: Operation, content: Content, kind: str, wanted: Preferences) -> bytes:
        example = self._example(operation, content, kind, wanted)
        if example is not None and (example.is_text or (isinstance(example.value, str) and not is_json(kind))):
            return str(example.value).encode("utf-8", "replace")
        value = self._sample(content, wanted) if example is None else example.value
        return body_bytes(value, kind, is_list=example is not None or not content.streams)

    def _example(self, operation: Operation, content: Content, kind: str, wanted: Preferences) -> Example | None:
        """Return the example that the client names, else the first that fits the schema; None if there is none."""
        if wanted.example:
            for example in content.examples:
                if example.name == wanted.example:
                    return example
            names = ", ".join(example.name for example in content.examples if example.name)
            raise RequestRefused(
                400, f"{operation.place} has no example {wanted.example!a:.100} of {kind}. It has: {names or 'none'}."
            )
        schema = Array(content.schema) if content.streams else content.schema
        for example in content.examples if not wanted.dynamic else ():
            if example.is_text or not is_json(kind) or self._validator.is_valid(schema, example.value):
                return example
        return None

    def _sample(self, content: Content, wanted: Preferences) -> Json:
        return self._sample_of(content.schema, has_examples=not wanted.dynamic)

    def _sample_of(self, schema: Schema, *, has_examples: bool = True) -> Json:
        key = id(schema), has_examples
        with self._lock:
            if key not in self._known:
                self._known[key] = schema, self._samples[has_examples].body(schema)
            return self._known[key][1]

    def _headers(self, declared: Sequence[Header]) -> Iterator[tuple[str, str]]:
        for header in declared:
            if header.name.lower() in OWN_HEADERS:
                continue
            value = self._sample_of(header.schema)
            text = json.dumps(value) if header.content_type else _header_text(value, explode=header.explode)
            text = text.encode("latin-1", "replace").decode("latin-1")
            if all(part.isprintable() for part in (header.name, text)) and ":" not in header.name:
                yield header.name, text[:LONGEST_HEADER]


def _chosen(operation: Operation, code: str) -> tuple[int, Response]:
    """Return the status to send and its declared response.

    `code` is the wanted status; "" means the first declared success.

    Raises:
        RequestRefused: no response is declared for `code`.
    """
    by_status = {response.status: response for response in operation.responses}
    if code:
        for key in (code, status_range(code), "default"):
            if key in by_status:
                return int(code), by_status[key]
        listed = ", ".join(sorted(by_status)) or "none"
        raise RequestRefused(400, f"{operation.place} declares no response {code}. It declares: {listed}.")
    ordered = [status for status in sorted(by_status) if status[0] == "2"]
    ordered += [status for status in ("default", "3XX", *sorted(by_status)) if status in by_status]
    if not ordered:
        return 204, Response("204", None)
    first = ordered[0]
    status = int(first) if first.isdecimal() else DEFAULT_CODES.get(first[0], 200)
    return (status if 200 <= status <= 599 else 200), by_status[first]


def contents_of(operation: Operation, response: Response) -> list[Content]:
    """Return a Content (media type, schema, examples) for each media type of a response; [] for no body.

    In Swagger 2.0, the media types are those of `produces` and of the examples; without any, application/json, or
    application/octet-stream for a file.
    """
    if operation.openapi:
        return list(response.contents)
    if (response.schema is None or isinstance(response.schema, Nothing)) and not response.examples:
        return []
    schema: Schema = response.schema or Nothing()
    default = "application/octet-stream" if isinstance(schema, File) else JSON
    produced = [kind for kind in operation.produces if "/" in kind and kind.isprintable() and kind.isascii()]
    kinds = dict.fromkeys([*produced, *(example.media_type for example in response.examples if example.media_type)])
    kinds = kinds or {default: None}
    return [Content(kind, schema, examples=_examples_for(kind, response.examples)) for kind in kinds]


def _examples_for(kind: str, examples: Sequence[Example]) -> tuple[Example, ...]:
    return tuple(example for example in examples if not example.media_type or fits(kind, example.media_type))


def body_bytes(value: Json, kind: str, *, is_list: bool = True) -> bytes:
    """Return a value as the bytes of a response body of the media type `kind`.

    JSON, streams of JSON records, XML, URL-encoded forms and text are written, text in UTF-8. For any other media type,
    strings and bytes are sent as they are, and other values as an invented text.

    Args:
        value: The JSON value.
        kind: The media type.
        is_list: For media types of streams, such as JSON lines: whether a list is the records, and not a single record.
    """
    if is_sequential(kind):
        records = value if isinstance(value, list) and is_list else [value]
        return b"".join(_record(record, kind) for record in records)
    if is_json(kind):
        value = value.decode() if isinstance(value, bytes) else value
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    if isinstance(value, bytes):
        return value
    if plain_type(kind).endswith("xml"):
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml(value, "root")}'.encode("utf-8", "replace")
    if plain_type(kind) == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode(value, doseq=True).encode()
    if is_text(kind) or isinstance(value, str):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return text.encode("utf-8", "replace")
    return CONTENT


def _record(record: Json, kind: str) -> bytes:
    text = json.dumps(record, ensure_ascii=False)
    if plain_type(kind) == EVENT_STREAM:
        is_event = isinstance(record, dict) and record.keys() <= {"data", "event", "id", "retry"} and "data" in record
        fields = record if is_event else {"data": record if isinstance(record, str) else text}
        lines = [
            f"{name}: {line}\n"
            for name, value in fields.items()
            for line in (value if isinstance(value, str) else json.dumps(value)).splitlines()
        ]
        return ("".join(lines) + "\n").encode("utf-8", "replace")
    start = "\x1e" if plain_type(kind).endswith("json-seq") else ""
    return f"{start}{text}\n".encode("utf-8", "replace")


def _xml(value: Json, name: str) -> str:
    """Return a value as an XML element with that name. A list is written as one element for each item."""
    tag = name if name.replace("-", "_").replace(".", "_").isidentifier() and name.isascii() else "item"
    if isinstance(value, dict):
        inner = "".join(_xml(member, key) for key, member in value.items())
    elif isinstance(value, list):
        return "".join(_xml(item, tag) for item in value) if tag != "root" else f"<root>{_xml(value, 'item')}</root>"
    elif isinstance(value, bool):
        inner = str(value).lower()
    else:
        inner = "" if value is None else escape(str(value))
    return f"<{tag}>{inner}</{tag}>"


def _header_text(value: Json, *, explode: bool) -> str:
    """Return a value as the text of a header, in the style `simple` of OpenAPI."""
    if isinstance(value, list):
        return ",".join(_header_text(item, explode=False) for item in value)
    if isinstance(value, dict):
        pairs = [(name, _header_text(member, explode=False)) for name, member in value.items()]
        return ",".join(f"{name}={text}" if explode else f"{name},{text}" for name, text in pairs)
    return value if isinstance(value, str) else json.dumps(value, default=str)
