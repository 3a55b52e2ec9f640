"""bravado-core as the judge of requests and answers: what a service of that document would refuse.

It is told what it needs to know of a few operations only, and in a form that it understands: it does not check what has
no type, objects to the types of defaults, and knows discriminators by models of its own.
"""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from ovcgen.documents.document import Document
from ovcgen.lazy_jsonschema import without_grammar
from ovcgen.model.api import Api
from ovcgen.model.schema import Json
from ovcgen.recordings.wire_call import Request

CONFIG = {"validate_swagger_spec": False, "use_models": False, "validate_requests": True}
LONGEST = 160

logging.getLogger("bravado_core").addHandler(logging.NullHandler())  # what it can't read is told by its error


class ReleaseDocument(NamedTuple):
    """The API of one release, and the normalised document that it was read from."""

    api: Api
    document: Document


class Judge:
    """One release's opinion. `places` are the (method, path) that it will be asked about."""

    def __init__(self, document: Document, places: Iterable[tuple[str, str]]) -> None:
        with warnings.catch_warnings(), without_grammar():
            warnings.filterwarnings("ignore", "jsonschema.RefResolver", DeprecationWarning)
            from bravado_core.spec import Spec

            self._spec = Spec.from_dict(_understandable(_part(document, set(places))), config=CONFIG)

    def refusals(self, request: Request) -> dict[str, str]:
        """What is wrong with a request, by the name of the parameter ("" for the whole); nothing if it is taken."""
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
        """The names in a request that mean nothing to this release."""
        found = self._operation(request.method, request.path)
        known = {(param.location, param.name) for param in found.params.values()} if found else set()
        sent = ((place, name) for place in ("query", "formData") for name in request.texts.get(place, ()))
        return sorted(name for place, name in sent if (place, name) not in known)

    def refusal_of_answer(self, place: tuple[str, str], status: str, value: Json) -> str:
        """What a reader of this release has against an answer; "" if nothing."""
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
    """The document with these operations only, as a copy, and without logins, which are another matter."""
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        kept = {verb: body for verb, body in item.items() if (verb.upper(), path) in places or verb == "parameters"}
        if kept:
            paths[path] = {verb: _open(body) for verb, body in kept.items()}
    told = {key: value for key, value in document.items() if key not in ("paths", "security", "securityDefinitions")}
    return copy.deepcopy({**told, "paths": paths})


def _open(body: Any) -> Any:
    return {key: value for key, value in body.items() if key != "security"} if isinstance(body, dict) else body


def _understandable(value: Any) -> Any:
    if isinstance(value, list):
        return [_understandable(each) for each in value]
    if not isinstance(value, dict):
        return value
    left_out = {"discriminator"} if isinstance(value.get("discriminator"), str) else set()
    left_out |= {"default"} if isinstance(value.get("in"), str) and "name" in value else set()
    plain = {key: _understandable(each) for key, each in value.items() if key not in left_out}
    return {"type": "object", **plain} if _is_untyped_object(value) else plain


def _is_untyped_object(value: Mapping[str, Any]) -> bool:
    members = value.get("properties")
    named = isinstance(members, dict) and bool(members) and all(isinstance(member, dict) for member in members.values())
    composed = isinstance(value.get("allOf"), list)
    return (named or composed) and "type" not in value


def _incoming(request: Request, operation: Any) -> Any:
    """The request in the form that bravado-core takes it in."""
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
    """What bravado-core says, in one line; "" if nothing."""
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the value was not taken
        said = str(getattr(error, "message", "") or error).split("\n", 1)[0]
        return said[:LONGEST] or type(error).__name__
    return ""
