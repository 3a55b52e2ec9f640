"""Validate requests and responses against a document with bravado-core.

bravado-core gets a reduced document: only the needed operations, without logins. Some parts are rewritten because it
skips schemas without a type, refuses some defaults, and handles discriminators only with its own models.
"""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from ovcgen.documents.document import Document
from ovcgen.fast_jsonschema_import import without_grammar
from ovcgen.model.api import Api
from ovcgen.model.schema import Json
from ovcgen.recordings.wire_request import Request

CONFIG = {"validate_swagger_spec": False, "use_models": False, "validate_requests": True}
LONGEST = 160

logging.getLogger("bravado_core").addHandler(logging.NullHandler())  # its log repeats what its exceptions say


class ReleaseDocument(NamedTuple):
    """A record of the API of one release, and of the normalised document from which the API was read."""

    api: Api
    document: Document


class Swagger2Validator:
    """A validator of requests and responses for the operations of one Swagger 2.0 document.

    Args:
        document: The normalised document. It is copied, not changed.
        places: The (method, path template) pairs of the operations to validate. All others do not exist for it.
    """

    def __init__(self, document: Document, places: Iterable[tuple[str, str]]) -> None:
        with warnings.catch_warnings(), without_grammar():
            warnings.filterwarnings("ignore", "jsonschema.RefResolver", DeprecationWarning)
            from bravado_core.spec import Spec

            self._spec = Spec.from_dict(_understandable(_part(document, set(places))), config=CONFIG)

    def request_errors(self, request: Request) -> dict[str, str]:
        """Return why a request is invalid: the reason for each refused parameter, by its name; {} for a valid request.

        The reason is the first line of the error of bravado-core, cut to 160 characters. Fields that the operation does
        not declare are no error (see `undeclared`). If the operation does not exist, the only name is "".
        """
        found = self._operation(request.method, request.path)
        if found is None:
            return {"": f"there is no {request.method} {request.path}"}
        incoming = _incoming(request, found)
        refused: dict[str, str] = {}
        for name, parameter in found.params.items():
            objection = _objection(lambda parameter=parameter: _read(parameter, incoming))
            if objection:
                refused[name] = objection
        return refused

    def undeclared(self, request: Request) -> list[str]:
        """Return the names of the request's query and form fields that the operation does not declare, sorted.

        Upper and lower case count. A name in both the query and the form is listed twice. If the operation does not
        exist, these are all fields of the request.
        """
        found = self._operation(request.method, request.path)
        known = {(param.location, param.name) for param in found.params.values()} if found else set()
        sent = ((place, name) for place in ("query", "formData") for name in request.texts.get(place, ()))
        return sorted(name for place, name in sent if (place, name) not in known)

    def response_error(self, place: tuple[str, str], status: str, value: Json) -> str:
        """Return why the body of a response is invalid; "" if it is valid or no schema is declared for it.

        The declared response is that of exactly this status, else `default`. Without either, or without the operation,
        the reason is `it declares no answer STATUS`. A reason is one line of at most 160 characters.

        Args:
            place: The (method, path template) of the operation.
            status: The HTTP status of the response, as text.
            value: The JSON value of the body.
        """
        found = self._operation(*place)
        responses = found.op_spec.get("responses", {}) if found else {}
        declared = responses.get(status, responses.get("default"))
        if declared is None:
            return f"it declares no answer {status}"
        shape = self._spec.deref(declared).get("schema")
        return _objection(lambda: _validate(self._spec, shape, value)) if shape else ""

    def _operation(self, method: str, path: str) -> Any:
        from bravado_core.operation import Operation

        item = self._spec.spec_dict["paths"].get(path, {})
        verb = method.lower()
        return Operation.from_spec(self._spec, path, verb, item[verb]) if verb in item else None


def _part(document: Document, places: set[tuple[str, str]]) -> Any:
    """Return a copy of the document with these operations only and without security requirements."""
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        kept = {verb: body for verb, body in item.items() if (verb.upper(), path) in places or verb == "parameters"}
        if kept:
            paths[path] = {verb: _open(body) for verb, body in kept.items()}
    kept = {key: value for key, value in document.items() if key not in ("paths", "security", "securityDefinitions")}
    return copy.deepcopy({**kept, "paths": paths})


def _open(body: Any) -> Any:
    """Return an operation without its security requirements."""
    return {key: value for key, value in body.items() if key != "security"} if isinstance(body, dict) else body


def _understandable(value: Any) -> Any:
    """Return a document part in a form that bravado-core validates fully; see the module."""
    if isinstance(value, list):
        return [_understandable(item) for item in value]
    if not isinstance(value, dict):
        return value
    left_out = {"discriminator"} if isinstance(value.get("discriminator"), str) else set()
    left_out |= {"default"} if isinstance(value.get("in"), str) and "name" in value else set()
    plain = {key: _understandable(member) for key, member in value.items() if key not in left_out}
    return {"type": "object", **plain} if _is_untyped_object(value) else plain


def _is_untyped_object(value: Mapping[str, Any]) -> bool:
    members = value.get("properties")
    named = isinstance(members, dict) and bool(members) and all(isinstance(member, dict) for member in members.values())
    composed = isinstance(value.get("allOf"), list)
    return (named or composed) and "type" not in value


def _incoming(request: Request, operation: Any) -> Any:
    """Return the request as an object with the attributes that bravado-core reads."""
    many = {param.name for param in operation.params.values() if param.param_spec.get("collectionFormat") == "multi"}

    def texts(place: str) -> dict[str, Any]:
        found = request.texts.get(place, {})
        return {name: list(values) if name in many else values[-1] for name, values in found.items() if values}

    return SimpleNamespace(
        path=texts("path"),
        query=texts("query"),
        form=texts("formData"),
        files=texts("formData"),
        headers={"Content-Type": "application/json", **texts("header")},
        json=lambda: request.body[0] if request.body else None,
    )


def _read(parameter: Any, incoming: Any) -> None:
    from bravado_core.param import unmarshal_param

    unmarshal_param(parameter, incoming)


def _validate(spec: Any, shape: Any, value: Json) -> None:
    from bravado_core.validate import validate_schema_object

    validate_schema_object(spec, shape, value)


def _objection(ask: Any) -> str:
    """Return the first line of the error that `ask` raises, cut to 160 characters; "" if it raises none."""
    try:
        with warnings.catch_warnings():  # bravado-core uses a deprecated part of jsonschema for nested references
            warnings.filterwarnings("ignore", "Accessing ", DeprecationWarning)
            ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the value was not taken
        said = str(getattr(error, "message", "") or error).split("\n", 1)[0]
        return said[:LONGEST] or type(error).__name__
    return ""
