"""Arguments for the operations of an OpenAPI 3 document, and a judge of the requests: none of ovcgen's readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from ovcgen.model.api import Operation
from tests.corpus.document_values import Document
from tests.corpus.receiving import Received, fields_and_files
from tests.corpus.values import ASCII, WORDS, NoValue

STYLES = {
    "path": "simple",
    "header": "simple",
    "query": "form",
    "cookie": "form",
}  # by default
SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
LIMITS = {"enum", "const", "pattern", "format", "maxLength", "minLength", "allOf", "anyOf", "oneOf", "not", "$ref"}
UNDECLARED = {"in": "path", "schema": {"type": "string"}}  # what only the path speaks of
UNSENT = ("connection", "content-length", "host", "transfer-encoding")  # headers that the connection itself has
NOTHING = (None, "", [], {})
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Declared(NamedTuple):
    """What the document itself says about the request of one operation: parameters by location and name, and bodies."""

    parameters: dict[tuple[str, str], dict[str, Any]]
    bodies: dict[str, Any]


def declared(document: Document, operation: Operation) -> Declared:
    """Return what the document says about a request; raise NoValue if the path is written in another way there."""
    item = document.followed((document.raw.get("paths") or {}).get(operation.path))
    others = (item.get("additionalOperations") or {}) if isinstance(item, dict) else {}
    raw = (item.get(operation.method.lower()) or others.get(operation.method)) if isinstance(item, dict) else None
    if not isinstance(raw, dict):
        raise NoValue(operation.place)
    listed = [document.followed(each) for each in [*(item.get("parameters") or []), *(raw.get("parameters") or [])]]
    parameters = {(each.get("in"), each.get("name")): each for each in listed if isinstance(each, dict)}
    body = document.followed(raw.get("requestBody"))
    return Declared(parameters, (body.get("content") or {}) if isinstance(body, dict) else {})


class DocumentArguments:
    """Chooses arguments among the samples of the document's own schemas: the same ones for the same seed."""

    def __init__(self, document: Document, seed: int) -> None:
        self._document = document
        self._random = Random(seed)  # noqa: S311 - nothing is kept secret with it

    def arguments(self, operation: Operation, *, all_of_them: bool) -> dict[str, Any]:
        """Return the keywords of one call; raise NoValue where a required one can't be made."""
        said = declared(self._document, operation)
        found: dict[str, Any] = {}
        for parameter in operation.parameters:
            if not (all_of_them or parameter.required):
                continue
            try:
                if parameter.contents:
                    media_type = parameter.contents[0].media_type
                    found[parameter.key] = self._body(said, media_type)
                    if "*" in media_type:
                        found["_content_type"] = media_type.replace("*/*", "application/json").replace("*", "x-any")
                else:
                    found[parameter.key] = self._value(said, parameter.location, parameter.name)
            except NoValue:
                if parameter.required:
                    raise
        return found

    def _value(self, said: Declared, location: str, name: str) -> Any:
        parameter = said.parameters.get((location, name), UNDECLARED if location == "path" else None)
        if parameter is None:
            raise NoValue(name)
        content = next(iter((parameter.get("content") or {}).values()), parameter)
        schema = self._document.followed(self._document.followed(content).get("schema", {}))
        if isinstance(schema, dict) and schema.get("type") == "string" and not schema.keys() & LIMITS:
            return self._random.choice(ASCII if location in ("header", "cookie") else WORDS)
        fitting = [value for value in self._document.samples(schema) if _can_be_sent(value, location)]
        if not fitting:
            raise NoValue(name)
        value = self._random.choice(fitting)
        is_item = isinstance(schema, dict) and schema.get("type") == "array" and not isinstance(value, list)
        return [value] if is_item else value  # an enum that is written beside `type: array` means the items

    def _body(self, said: Declared, media_type: str) -> Any:
        content = self._document.followed(said.bodies.get(media_type))
        schema = content.get("schema", {}) if isinstance(content, dict) else {}
        if not _is_structured(media_type):
            return "some text ü" if media_type.startswith("text/") else b"some bytes"
        values = [value for value in self._document.samples(schema) if value is not None]
        if media_type in (FORM, MULTIPART):
            values = [value for value in values if isinstance(value, dict)]
        if not values:
            raise NoValue(media_type)
        value = self._random.choice(values)
        return self._with_files(schema, value) if media_type == MULTIPART else value

    def _with_files(self, schema: Any, value: Any) -> Any:
        properties = (self._document.followed(schema) or {}).get("properties") or {}
        files = {name for name, each in properties.items() if _is_file(self._document.followed(each))}
        return {name: b"some bytes" if name in files else each for name, each in value.items()}


def _is_structured(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip().lower()
    return plain in (FORM, MULTIPART) or plain.endswith(("/json", "+json", "/*"))


def _is_file(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    is_binary = schema.get("format") == "binary" or schema.get("contentMediaType") == "application/octet-stream"
    return is_binary and "contentEncoding" not in schema


def _can_be_sent(value: Any, location: str) -> bool:
    """Return whether a value can stand outside of a body, where null, nothing and nested values have no form."""
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    if value in NOTHING or any(each in NOTHING or isinstance(each, dict | list) for each in inner):
        return False
    texts = [each for each in inner if isinstance(each, str)]
    if location in ("header", "cookie"):
        return all(each.isascii() and each.isprintable() and each == each.strip() for each in texts)
    return location != "path" or not any(each in (".", "..") for each in texts)


class RequestJudge:
    """Reads a request as the document describes it, and compares what it reads with the arguments of the call."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def objection(self, received: Received, operation: Operation, arguments: dict[str, Any]) -> str:
        """Return what is wrong with a request; "" if nothing is."""
        said = declared(self._document, operation)
        keys = {(each.location, each.name): each.key for each in operation.parameters}
        given = {spot: arguments[key] for spot, key in keys.items() if key in arguments}
        target, _, query = received.target.partition("?")
        path, _, fixed = operation.path.partition("#")[0].partition("?")
        objections = [_path_objection(path, target, said, given)]
        headers = {name.lower(): value for name, value in received.headers}
        cookies = [tuple(each.partition("=")[::2]) for each in headers.get("cookie", "").split("; ") if each]
        expected = {place: list(_pairs(said, given, place)) for place in ("query", "cookie", "header")}
        expected["query"] += parse_qsl(fixed, keep_blank_values=True)
        whole = next((value for (location, _), value in given.items() if location == "querystring"), None)
        objections.append(_query_objection(query, expected["query"], whole))
        if sorted((name, canonical(unquote(value))) for name, value in cookies) != sorted(expected["cookie"]):
            objections.append(f"the cookies {cookies!r:.300} of {expected['cookie']!r:.300}")
        for name, text in expected["header"]:
            if headers.get(name.lower()) != text:
                objections.append(f"the header {name}: {headers.get(name.lower())!r:.200} of {text!r:.200}")
        body = next((each for each in operation.parameters if each.contents and each.key in arguments), None)
        if body:
            objections.append(_body_objection(received, headers.get("content-type", ""), arguments[body.key]))
        return "; ".join(filter(None, objections))


def _path_objection(path: str, target: str, said: Declared, given: dict[tuple[str, str], Any]) -> str:
    def filled(found: re.Match[str]) -> str:
        name = found.group(1)
        style, explode, _ = _written(said.parameters.get(("path", name), UNDECLARED))
        return _path_text(name, given[("path", name)], style, explode=explode)

    wanted = [re.sub(r"\{([^{}]+)\}", filled, step) for step in path.removeprefix("/").split("/")]
    sent = [unquote(step) for step in target.split("/")]
    return "" if sent[-len(wanted) :] == wanted else f"the path {target} of {'/'.join(wanted)}"


def _query_objection(query: str, expected: list[tuple[str, str]], whole: Any) -> str:
    """Return what is wrong with a query; `whole` is the value that it is written from as a whole, if there is one."""
    pairs = [(name, canonical(value)) for name, value in parse_qsl(query, keep_blank_values=True)]
    if isinstance(whole, dict) and "=" in query:
        expected = [(name, _text(value)) for name, value in whole.items()]
    elif whole is not None:
        return (
            ""
            if canonical(unquote(query)) == canonical(_text(whole))
            else f"the query {query!r:.300} of {whole!r:.300}"
        )
    return "" if sorted(pairs) == sorted(expected) else f"the query {query!r:.300} of {expected!r:.300}"


def _path_text(name: str, value: Any, style: str, *, explode: bool) -> str:
    items = _items(value, explode=explode)
    if style == "matrix":
        name = "" if isinstance(value, dict) and explode else f"{name}="
        return "".join(f";{name}{item}" for item in (items if explode else [",".join(items)]))
    return f".{('.' if explode else ',').join(items)}" if style == "label" else ",".join(items)


def _items(value: Any, *, explode: bool) -> list[str]:
    """Return the texts that a value is joined from."""
    if isinstance(value, dict) and explode:
        return [f"{key}={_text(each)}" for key, each in value.items()]
    if isinstance(value, dict):
        return [part for key, each in value.items() for part in (key, _text(each))]
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _pairs(said: Declared, given: dict[tuple[str, str], Any], place: str) -> Iterator[tuple[str, str]]:
    """Yield the names and texts that the arguments of one location stand for."""
    for (location, name), value in given.items():
        parameter = said.parameters.get((location, name))
        if location != place or parameter is None or (place == "header" and name.lower() in UNSENT):
            continue
        style, explode, is_json = _written(parameter)
        if is_json:
            yield name, canonical(json.dumps(value)) if _is_json(parameter) else _text(value)
        elif style == "deepObject" and isinstance(value, dict):
            yield from ((f"{name}[{key}]", _text(each)) for key, each in value.items())
        elif place == "header":
            yield name, ",".join(_items(value, explode=explode))
        elif explode and isinstance(value, dict):
            yield from ((key, _text(each)) for key, each in value.items())
        elif explode and isinstance(value, list):
            yield from ((name, _text(each)) for each in value)
        else:
            yield name, SEPARATORS.get(style, ",").join(_items(value, explode=False))


def _written(parameter: dict[str, Any]) -> tuple[str, bool, bool]:
    """Return style and explode of a parameter, and whether it is written as a media type instead."""
    style = parameter.get("style") or STYLES.get(parameter["in"], "form")
    return style, parameter.get("explode", style in ("form", "cookie")), "content" in parameter


def canonical(text: str) -> str:
    """Return the text of a JSON object or list with the usual blanks; other texts as they are."""
    try:
        return json.dumps(json.loads(text)) if text[:1] in ("{", "[") else text
    except ValueError:
        return text


def _is_json(parameter: dict[str, Any]) -> bool:
    return any(_is_structured(kind) for kind in parameter["content"])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _body_objection(received: Received, content_type: str, value: Any) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    if plain in (FORM, MULTIPART):
        fields, files = fields_and_files(received, content_type)
        known = {name: each for name, each in value.items() if each not in NOTHING}
        nested = {name for name, each in known.items() if isinstance(each, dict | list)}
        wanted = {name: [_text(each)] for name, each in known.items() if not isinstance(each, dict | list | bytes)}
        sent = {name: texts for name, texts in fields.items() if name in wanted or name not in nested}
        bytes_sent = {name: each for name, each in known.items() if isinstance(each, bytes)}
        if plain == FORM and nested:
            sent = {name: texts for name, texts in sent.items() if name in wanted}  # members are fields of their own
        is_same = {name: texts for name, texts in sent.items() if texts != [""]} == wanted and files == bytes_sent
        return "" if is_same else f"the form {sent!r:.200} {files!r:.100} of {wanted!r:.200} {bytes_sent!r:.100}"
    if isinstance(value, bytes):
        return "" if received.body == value else f"the bytes {received.body!r:.100}"
    if plain.endswith(("/json", "+json")):
        return "" if json.loads(received.body) == value else f"the body {received.body!r:.200} of {value!r:.200}"
    return "" if received.body.decode() == _text(value) else f"the text {received.body!r:.200} of {value!r:.200}"
