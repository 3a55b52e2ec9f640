"""Read what bodies consist of: media types, encodings, headers, responses and request bodies."""

from __future__ import annotations

from typing import Any

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import excerpt
from ovcgen.model import media
from ovcgen.model.api import Content, Encoding, Example, Header, Parameter, Response
from ovcgen.model.readers.openapi3.document_state import IGNORED, LEFT_OUT, Body, DocumentPlace
from ovcgen.model.readers.openapi3.schemas import schema
from ovcgen.model.schema import Anything, Constant, File, Schema, Traits

BODY = "body"  # the name and keyword of every request body
STATUSES = "12345"
BESIDE = ("type", "format", "items", "enum", "default", "minimum", "maximum", "pattern")  # as in Swagger 2.0
EXAMPLE_VALUES = ("dataValue", "value", "serializedValue")
WITHOUT_BODY = ("204", "205", "304")  # RFC 9110


def contents(place: DocumentPlace, body: Body) -> tuple[Content, ...]:
    """Return the media types of a body, preferred first (see `media.preference`); () if it has none.

    `body` is the object that has the key `content`. Media types that can't be read are reported and left out; null for
    a media type is read as a body of any value.
    """
    listed = place.objects(body, "content") if "content" in body else {}
    found = []
    for name, value in listed.items():
        at, media_type = (place / "content" / name).followed(value)
        if not media.SENDABLE.fullmatch(name):
            (place / "content" / name).note(f"{excerpt(name)} is no media type", LEFT_OUT)
        elif isinstance(media_type, dict):
            found.append(_content(at, name, media_type))
        elif media_type is None and value is None:
            found.append(Content(name, Anything()))
        elif media_type is not None:
            at.note(f"{excerpt(media_type)} is no object", LEFT_OUT)
    return tuple(sorted(found, key=lambda content: (media.preference(content.media_type), content.media_type)))


def _content(place: DocumentPlace, name: str, body: Body) -> Content:
    key = "itemSchema" if "itemSchema" in body and "schema" not in body else "schema"
    for unsupported in ("prefixEncoding", "itemEncoding"):
        if unsupported in body:
            (place / unsupported).note("parts by their position are not supported", IGNORED)
    declared = body.get(key)
    if declared is None:
        read: Schema = Anything()
    elif _is_binary(place / key, declared):
        read = File(Traits(doc=_text(declared)))
    else:
        read = schema(place / key, declared)
    encodings = sorted(place.entries(body, "encoding"), key=lambda entry: entry[0]) if "encoding" in body else []
    return Content(
        name,
        read,
        streams=key == "itemSchema",
        encodings=tuple(_encoding(at, part, value) for part, at, value in encodings),
        examples=_examples(place, body) if "example" in body or "examples" in body else (),
    )


def _examples(place: DocumentPlace, body: Body) -> tuple[Example, ...]:
    """Return the examples of a media type: `example`, then `examples`. Examples in other files are left out."""
    found = [Example(body["example"])] if "example" in body else []
    for name, at, value in place.entries(body, "examples"):
        declared = _target(at, value)
        key = next((key for key in EXAMPLE_VALUES if isinstance(declared, dict) and key in declared), "")
        if key:
            found.append(Example(declared[key], name, is_text=key == "serializedValue"))
    return tuple(found)


def _target(place: DocumentPlace, value: Json) -> Json:
    """Return an example after following its references; None if a reference has no target."""
    passed: set[str] = set()
    while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        path = None if reference in passed else place.state.references.target(reference, place.path)
        passed.add(reference)
        value = None if path is None else place.state.references.value(path)
    return value


def _text(body: Json) -> str:
    text = body.get("description") if isinstance(body, dict) else None
    return text.strip() if isinstance(text, str) else ""


def _is_binary(place: DocumentPlace, body: Json) -> bool:
    """Return whether a schema, or the one it refers to, describes bytes."""
    if isinstance(body, dict) and "$ref" in body:
        path = place.state.references.target(body["$ref"], place.path) if isinstance(body["$ref"], str) else None
        body = place.state.references.value(path) if path else None
    if not isinstance(body, dict) or body.get("type", "string") not in ("string", "file", ["string", "null"]):
        return False
    if "contentMediaType" in body and "contentEncoding" not in body:
        return True
    return body.get("format") == "binary" or body.get("type") == "file"


def _encoding(place: DocumentPlace, name: str, body: Body) -> Encoding:
    types = place.member(body, "contentType")
    return Encoding(
        name,
        content_types=tuple(filter(None, (word.strip() for word in types.split(",")))),
        headers=headers(place, body),
        style=place.member(body, "style"),
        explode=place.flag(body, "explode") if "explode" in body else None,
        allow_reserved=place.flag(body, "allowReserved") if "allowReserved" in body else None,
    )


def headers(place: DocumentPlace, body: Body) -> tuple[Header, ...]:
    """Return the headers of a response or part, sorted by name; () for none.

    `body` is the object that has the key `headers`. Content-Type is left out, as the media type says it. Headers that
    can't be read are reported and left out.
    """
    listed = place.objects(body, "headers") if "headers" in body else {}
    found = []
    for name, value in sorted(listed.items()):
        if name.lower() == "content-type":  # the media type says it
            continue
        at, header = (place / "headers" / name).followed(value)
        if isinstance(header, dict):
            found.append(_header(at, name, header))
        elif header is not None or value is None:
            at.note(f"{excerpt(header)} is no header", LEFT_OUT)
    return tuple(found)


def _header(place: DocumentPlace, name: str, body: Body) -> Header:
    content_type, described = described_by(place, body)
    return Header(
        name,
        described,
        place.member(body, "description").strip(),
        required="required" in body and place.flag(body, "required"),
        explode="explode" in body and place.flag(body, "explode"),
        content_type=content_type,
        deprecated="deprecated" in body and place.flag(body, "deprecated"),
    )


def described_by(place: DocumentPlace, body: Body) -> tuple[str, Schema]:
    """Return (media type, schema) of a parameter or header; the media type is "" if it has a `schema`.

    `schema` has precedence over `content`. Of several media types the preferred one is taken, which is reported.
    Without either of both the schema is read from the keys of `body` itself (`type`, `format`, ...), as in Swagger 2.0;
    without a `type` it is Anything. Both are reported.
    """
    if "content" in body and "schema" not in body:
        listed = contents(place, body)
        if listed:
            if len(listed) > 1:
                (place / "content").note("it has several media types", f"{listed[0].media_type} is taken")
            return listed[0].media_type, listed[0].schema
    if "schema" in body:
        return "", schema(place / "schema", body["schema"])
    return "", _without_schema(place, body)


def _without_schema(place: DocumentPlace, body: Body) -> Schema:
    """Return the schema of a parameter that declares none: its own keys, as Swagger 2.0 has them, else Anything."""
    own = {key: body[key] for key in BESIDE if key in body}
    if "type" in own:
        place.note("its type stands beside it, as in Swagger 2.0", "read as its `schema`")
        return schema(place, own)
    place.note("it has neither a `schema` nor a `content`", "it may be anything (`Any`)")
    return Anything()


def request_body(place: DocumentPlace, value: Json) -> Parameter | None:
    """Return the request body as a parameter with the name and location `body`.

    The result is None if `value` can't be read as a request body, which is reported. A body without media types is
    reported, too; it may be anything. `place` is that of `value`, which may be a Reference Object.
    """
    at, body = place.followed(value)
    if not isinstance(body, dict):
        if body is not None or value is None:
            at.note(f"{excerpt(body)} is no request body", LEFT_OUT)
        return None
    listed = contents(at, body)
    if not listed:
        at.note("it has no media type", "its content may be anything")
        listed = (Content("*/*", Anything()),)
    first = media.value_schema(listed[0])
    return Parameter(
        name=BODY,
        key=BODY,
        location=BODY,
        schema=first,
        required="required" in body and at.flag(body, "required"),
        doc=at.member(body, "description").strip(),
        default=first.traits.default,
        unnamed=True,
        contents=listed,
    )


def responses(place: DocumentPlace, body: Body) -> tuple[Response, ...]:
    """Return the responses of an operation object, sorted by status; () if it declares none.

    A response that can't be read is reported, and has no schema. One with an invalid status is reported and left out,
    and so is a second one with the same status; `4xx` and `4XX` are the same. Extensions (`x-...`) are left out. The
    statuses 204, 205 and 304 have no body, whatever the document says.

    """
    found: dict[str, Response] = {}
    for key, value in place.objects(body, "responses", extensible=True).items():
        status = _status(key)
        if not status:
            (place / "responses" / key).note(f"{excerpt(key)} is no status", LEFT_OUT)
        elif status in found:
            (place / "responses" / key).note("that status is there twice", LEFT_OUT)
        else:
            found[status] = _response(place / "responses" / key, status, value)
    return tuple(found[status] for status in sorted(found))


def _status(key: str) -> str:
    """Return a status code, a range as `4XX`, or `default`; "" for anything else."""
    word = key.strip().upper()
    if word == "DEFAULT":
        return "default"
    is_status = len(word) == 3 and word[0] in STATUSES and (word[1:] == "XX" or (word.isascii() and word.isdigit()))
    return word if is_status else ""


def _response(place: DocumentPlace, status: str, value: Json) -> Response:
    at, body = place.followed(value)
    if not isinstance(body, dict):
        if body is not None or value is None:
            at.note(f"{excerpt(body)} is no response", "any answer is taken")
        return Response(status, None)
    key = ("response", at.path)
    shared: tuple[Any, ...] | None = at.state.shared.get(key)
    if shared is None:
        found = tuple(header for header in headers(at, body) if header.name.lower() != "content-type")
        shared = found, at.member(body, "description").strip(), contents(at, body), _links(at, body)
        at.state.shared[key] = shared
    found, doc, listed, links = shared
    if status in WITHOUT_BODY:
        listed = ()
    return Response(status, media.response_schema(listed[0]) if listed else None, found, doc, listed, links)


def _links(place: DocumentPlace, body: Body) -> tuple[tuple[str, Constant], ...]:
    """Return the links of a response as they are written, without their descriptions."""
    found = []
    for name, value in sorted(place.objects(body, "links").items()) if "links" in body else ():
        at, link = (place / "links" / name).followed(value)
        if isinstance(link, dict):
            kept = {key: inner for key, inner in link.items() if key != "description" and not key.startswith("x-")}
            found.append((name, Constant.of(kept)))
        elif link is not None or value is None:
            at.note(f"{excerpt(link)} is no link", LEFT_OUT)
    return tuple(found)
