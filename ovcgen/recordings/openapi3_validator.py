"""Validate requests and responses against an OpenAPI 3 document with jsonschema.

The schemas are those of the document, not the ones that were read from it. OpenAPI 3.1 and later are validated as JSON
Schema 2020-12, OpenAPI 3.0 as Draft 4 after `nullable` was written as a type. What can't be judged, such as a
reference to another file, counts as valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from ovcgen.documents.depth_limit import read_json
from ovcgen.documents.document import Document
from ovcgen.documents.pointers import at, escaped, reference_steps
from ovcgen.model.media import status_range
from ovcgen.model.schema import Json
from ovcgen.recordings.wire_request import Request
from ovcgen.runtime.media_types import is_json

BASE = "urn:document"
LONGEST = 160
JOINED = {"spaceDelimited": " ", "pipeDelimited": "|"}
Place = tuple[str, Any]  # the pointer and the value of a part of the document


class OpenApi3Validator:
    """A validator of requests and responses for all operations of one OpenAPI 3 document.

    Args:
        document: The document as served. It is not changed.
        openapi: The minor version of the document, such as `3.1`. Any other than `3.0` means JSON Schema 2020-12.
    """

    def __init__(self, document: Document, openapi: str) -> None:
        from jsonschema import Draft4Validator, Draft202012Validator
        from referencing import Registry
        from referencing.jsonschema import DRAFT4, DRAFT202012

        is_3_0 = openapi == "3.0"
        self._document: Any = _with_null_types(document) if is_3_0 else document
        resource = (DRAFT4 if is_3_0 else DRAFT202012).create_resource(self._document)
        self._registry: Any = Registry().with_resource(BASE, resource)
        self._draft: Any = Draft4Validator if is_3_0 else Draft202012Validator

    def request_errors(self, request: Request) -> dict[str, str]:
        """Return why a request is invalid: the reason for each refused parameter, by its name; {} for a valid request.

        The name of the body is `body`. A reason is one line of at most 160 characters. Undeclared fields are no error
        (see `undeclared`), and logins are not checked. If the operation does not exist, the only name is "".
        """
        pointer, operation = self._operation(request.method, request.path)
        if operation is None:
            return {"": f"there is no {request.method} {request.path}"}
        refused: dict[str, str] = {}
        for place in self._parameters(request.path, pointer, operation):
            name, location = place[1].get("name"), place[1].get("in")
            texts = request.texts.get(location, {}).get(name)
            if texts is None and (place[1].get("required") or location == "path"):
                refused[name] = "it is required"
            elif texts is not None and (objection := self._text_objection(place, texts)):
                refused[name] = objection
        objection = self._body_objection(
            self._followed(f"{pointer}/requestBody", operation.get("requestBody")), request
        )
        return {**refused, "body": objection} if objection else refused

    def undeclared(self, request: Request) -> list[str]:
        """Return the names of the request's query fields that the operation does not declare, sorted.

        Upper and lower case count; form fields are not checked. If the operation does not exist, these are all query
        fields that the path item does not declare.
        """
        pointer, operation = self._operation(request.method, request.path)
        found = self._parameters(request.path, pointer, operation or {})
        known = {body.get("name") for _, body in found if body.get("in") == "query"}
        return sorted(name for name in request.texts.get("query", ()) if name not in known)

    def response_error(self, place: tuple[str, str], status: str, value: Json) -> str:
        """Return why the body of a response is invalid; "" if it is valid or no schema is declared for it.

        The declared response is that of exactly this status, else of its range (`2XX`), else `default`. Without one, or
        without the operation, the reason is `it declares no answer STATUS`. The schema is that of the JSON body, else
        of the first media type that has one. The arguments are those of `Swagger2Validator.response_error`.
        """
        pointer, operation = self._operation(*place)
        responses = (operation or {}).get("responses") or {}
        declared = next((key for key in (status, status_range(status), "default") if key in responses), None)
        if declared is None:
            return f"it declares no answer {status}"
        found = self._followed(f"{pointer}/responses/{declared}", responses[declared])
        schema = self._content_schema(found)
        return self._objection(schema[0], value) if schema else ""

    def _operation(self, method: str, path: str) -> Place:
        pointer, item = self._followed(f"/paths/{escaped(path)}", (self._document.get("paths") or {}).get(path))
        verb = method.lower()
        operation = item.get(verb) if isinstance(item, dict) else None
        return f"{pointer}/{verb}", operation if isinstance(operation, dict) else None

    def _parameters(self, path: str, pointer: str, operation: Mapping[str, Any]) -> list[Place]:
        """Return the parameters of an operation; its own replace those of its path."""
        outer = self._followed(f"/paths/{escaped(path)}", (self._document.get("paths") or {}).get(path))
        found: dict[tuple[Any, Any], Place] = {}
        for where, owner in (outer, (pointer, operation)):
            listed = owner.get("parameters") if isinstance(owner, dict) else None
            for number, value in enumerate(listed or ()):
                place = self._followed(f"{where}/parameters/{number}", value)
                if isinstance(place[1], dict):
                    found[place[1].get("in"), place[1].get("name")] = place
        return list(found.values())

    def _followed(self, pointer: str, value: Any) -> Place:
        """Follow the references of an object; the value is None if one leads out of the document."""
        for _ in range(20):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return pointer, value
            try:
                pointer, value = reference.removeprefix("#"), at(self._document, reference_steps(reference))
            except LookupError:
                break
        return pointer, None

    def _text_objection(self, place: Place, texts: list[str]) -> str:
        pointer, body = place
        if "schema" not in body:
            return ""
        _, schema = self._followed(f"{pointer}/schema", body["schema"])
        kinds = schema.get("type") if isinstance(schema, dict) else None
        if kinds == "array" or (isinstance(kinds, list) and "array" in kinds):
            items = self._followed(f"{pointer}/schema/items", schema.get("items"))[1]
            separator = JOINED.get(body.get("style", ""), ",")
            listed = texts if len(texts) > 1 else texts[0].split(separator)
            return self._objection(f"{pointer}/schema", [_value(text, _kinds(items)) for text in listed])
        return self._objection(f"{pointer}/schema", _value(texts[-1], _kinds(schema)))

    def _body_objection(self, place: Place, request: Request) -> str:
        if not isinstance(place[1], dict):
            return ""
        fields = request.texts.get("formData") or {}
        schema = self._content_schema(place)
        if not request.body and not fields:
            return "it is required" if place[1].get("required") else ""
        if schema is None:
            return ""
        if request.body:
            return self._objection(schema[0], request.body[0])
        inner = schema[1].get("properties", {}) if isinstance(schema[1], dict) else {}
        return self._objection(
            schema[0], {name: _value(texts[-1], _kinds(inner.get(name))) for name, texts in fields.items()}
        )

    def _content_schema(self, place: Place) -> Place | None:
        """Return the schema of the JSON body, else of the first one; None if there is none."""
        pointer, body = place
        content = body.get("content") if isinstance(body, dict) else None
        kinds = sorted(content or (), key=lambda kind: not is_json(kind))
        for kind in kinds:
            if isinstance(content, dict) and isinstance(content[kind], dict) and "schema" in content[kind]:
                where = f"{pointer}/content/{escaped(kind)}/schema"
                return where, self._followed(where, content[kind]["schema"])[1]
        return None

    def _objection(self, pointer: str, value: Json) -> str:
        """Return the first error of a value, cut to 160 characters; "" if it is valid or can't be judged."""
        from jsonschema.exceptions import best_match
        from referencing.exceptions import Unresolvable

        validator = self._draft(
            {"$ref": f"{BASE}#{quote(pointer, safe='/~')}"},
            registry=self._registry,
            format_checker=self._draft.FORMAT_CHECKER,
        )
        try:
            error = best_match(validator.iter_errors(value))
        except Unresolvable:
            return ""
        return "" if error is None else (str(error.message).split("\n", 1)[0][:LONGEST] or "it is invalid")


def _kinds(schema: Any) -> list[str]:
    kinds = schema.get("type", []) if isinstance(schema, dict) else []
    return kinds if isinstance(kinds, list) else [kinds]


def _value(text: str, kinds: Iterable[str]) -> Json:
    """Return a text as the value of one of these types that it can be, else as text."""
    if not {"integer", "number", "boolean"}.isdisjoint(kinds):
        try:
            value = read_json(text)
        except ValueError:
            return text
        return value if isinstance(value, int | float) else text
    return text


def _with_null_types(value: Any) -> Any:
    """Return a copy of a document of OpenAPI 3.0 in which schemas that are `nullable` have the type `null` as well."""
    if isinstance(value, list):
        return [_with_null_types(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_null_types(inner) for key, inner in value.items()}
    if found.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if isinstance(found.get("enum"), list) and None not in found["enum"]:
            found["enum"] = [*found["enum"], None]
    return found
