"""Prove that a change breaks callers, by a minimal request or response.

The proof is a request that the old release accepts and the new one refuses, or a response that is valid for the new
release only. If there is none, the reason is given instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ovcgen.diff.change import BREAKING, Change, Location
from ovcgen.diff.report import Witness
from ovcgen.documents.pointers import steps
from ovcgen.model.api import Api, Operation, Parameter, Response
from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import Variations
from ovcgen.model.schema import Array, Json, Schema
from ovcgen.model.walk import path_steps
from ovcgen.recordings.openapi3_validator import OpenApi3Validator
from ovcgen.recordings.swagger2_validator import ReleaseDocument, Swagger2Validator
from ovcgen.recordings.wire_request import Request, for_other_release, request_of

NOTHING_FOUND = "no tiny request was found that only the old release takes"
SILENTLY_IGNORED = "the new release takes what is sent without a word, and does nothing with it"
RECEIVED = "the service sends it, and callers only receive it"
TRIED = 200  # candidates for one change
OUT_OF_REACH = {
    "server-variable": "it lies outside of the request",
    "encoding": "no validator judges how a form is written",
    "security": "the validator does not judge logins",
    "security-definition": "the validator does not judge logins",
    "scheme": "it lies outside of the request",
    "host": "it lies outside of the request",
    "base-path": "it lies outside of the request",
    "consumes": "the validator does not judge media types",
    "produces": "the validator does not judge media types",
    "response-header": "the validator does not judge the headers of answers",
}


Place = tuple[str, str]  # verb and path


TOO_DEEP = "its shapes refer to one another too deeply for the validator of requests"


def witnesses(old: ReleaseDocument, new: ReleaseDocument, changes: Iterable[Change]) -> dict[str, Witness]:
    """Return the witness of every change that breaks on the wire, by the change's fingerprint.

    A witness is an example that only one of the two releases accepts, or the reason why there is none. Nothing is sent:
    validators made of the documents check at most 200 examples for each change. {} if no change breaks on the wire.
    """
    listed = list(changes)
    breaking = [change for change in listed if change.wire is BREAKING]
    if not breaking:
        return {}
    try:
        validators = _Validators(old, new, listed)
        return {change.fingerprint: validators.witness(change) for change in breaking}
    except RecursionError:
        return {change.fingerprint: Witness(missing=TOO_DEEP) for change in breaking}


class _Validators:
    """Validators for both releases, limited to the operations with breaking changes."""

    def __init__(self, old: ReleaseDocument, new: ReleaseDocument, changes: Sequence[Change]) -> None:
        self._old, self._new = old, new
        self._resolvers = (Resolver(old.api.schemas), Resolver(new.api.schemas))
        self._twins = _twins(changes, new.api)
        before = {(change.location.method, change.location.path) for change in changes if change.wire is BREAKING}
        after = {(twin.method, twin.path) for twin in map(self._twin, before) if twin}
        self._before = _validator(old, before)
        self._after = _validator(new, before | after)

    def witness(self, change: Change) -> Witness:
        """Return a proof for one change, or the reason why there is none."""
        reason = RECEIVED if change.location.callback else OUT_OF_REACH.get(change.id.partition(".")[0])
        if reason:
            return Witness(missing=reason)
        place = change.location
        operation = self._old.api.operation(place.method, place.path)
        twin = self._twin((place.method, place.path))
        if operation is None:
            return Witness(missing="the old release has no such call to try")
        if place.response or change.id.startswith("response."):
            return self._answer(operation, twin, place)
        return self._request(operation, twin, change)

    def _twin(self, place: Place) -> Operation | None:
        """Return the operation of the new release that corresponds to one of the old release."""
        return self._twins.get(place) or self._new.api.operation(*place)

    def _request(self, operation: Operation, twin: Operation | None, change: Change) -> Witness:
        """Return a request that only the old release accepts."""
        samples = Variations(*self._resolvers)
        there = (
            None if change.id.startswith("operation.") else twin
        )  # a removed or moved operation is tried at its old path
        for request in islice(_requests(operation, twin, change.location, samples), TRIED):
            if self._before.request_errors(request) or self._before.undeclared(request):
                continue
            refused = self._after.request_errors(for_other_release(request, there) if there else request)
            refusal = _for_that_reason(refused, operation, change.location)
            if refusal:
                return Witness("request", request.as_json(), refusal)
        ignored = change.id.endswith((".removed", ".renamed"))
        return Witness(missing=SILENTLY_IGNORED if ignored else NOTHING_FOUND)

    def _answer(self, operation: Operation, twin: Operation | None, place: Location) -> Witness:
        """Return a response that only the new release declares valid."""
        had, has = (_response(side, place.response) for side in (operation, twin))
        if twin is None or has is None:
            return Witness(missing="the new release gives no such answer to try")
        if has.schema is None:
            values: Iterator[Json] = iter([None])
        else:
            hint = had.schema if had else None
            values = Variations(*reversed(self._resolvers)).varied(has.schema, hint, path_steps(place.member))
        for value in islice(values, TRIED):
            if self._after.response_error((twin.method, twin.path), place.response, value):
                continue
            refusal = self._before.response_error((operation.method, operation.path), place.response, value)
            if refusal:
                return Witness("answer", {"status": place.response, "body": value}, refusal)
        return Witness(missing="no tiny answer was found that only the new release gives")


def _validator(release: ReleaseDocument, places: set[Place]) -> Swagger2Validator | OpenApi3Validator:
    """Return the validator for the version of a document."""
    if release.api.openapi:
        return OpenApi3Validator(release.document, release.api.openapi)
    return Swagger2Validator(release.document, places)


def _twins(changes: Iterable[Change], new: Api) -> dict[Place, Operation]:
    """Return the new operation of each renamed or moved one, as far as the pointer of a change leads to it."""
    twins: dict[Place, Operation] = {}
    for change in changes:
        where = steps(change.pointer)[:3]
        twin = new.operation(where[2], where[1]) if len(where) == 3 and where[0] == "paths" else None
        if twin and change.operation:
            twins[change.location.method, change.location.path] = twin
    return twins


def _requests(operation: Operation, twin: Operation | None, place: Location, samples: Variations) -> Iterator[Request]:
    """Yield requests that vary the changed parameter, the smallest first."""
    required = (parameter for parameter in operation.parameters if parameter.required)
    least = {(parameter.location, parameter.name): _sent(parameter, samples) for parameter in required}
    yield request_of(operation, least)
    own = [parameter for parameter in operation.parameters if _is_meant(parameter, place)]
    for parameter in own:
        other = (
            next((parameter for parameter in twin.parameters if _is_meant(parameter, place)), None) if twin else None
        )
        for value in samples.varied(parameter.schema, other.schema if other else None, path_steps(place.member)):
            key = (parameter.location, parameter.name)
            if value is None and parameter.location != "body":
                yield request_of(operation, {name: sample for name, sample in least.items() if name != key})
            else:
                yield request_of(operation, {**least, key: value})


def _is_meant(parameter: Parameter, place: Location) -> bool:
    return parameter.location == place.place and (place.place == "body" or parameter.name == place.name)


def _response(operation: Operation | None, status: str) -> Response | None:
    return (
        next((response for response in operation.responses if response.status == status), None) if operation else None
    )


def _sent(parameter: Parameter, samples: Variations) -> Json:
    """Return the smallest value that can be sent. Outside the body a list gets one item: an empty one is not sent."""
    least = samples.value(parameter.schema)
    return least if least != [] or parameter.location == "body" else [samples.value(_items(parameter.schema))]


def _items(schema: Schema) -> Schema:
    return schema.items if isinstance(schema, Array) else schema


def _for_that_reason(refused: dict[str, str], operation: Operation, place: Location) -> str:
    """Return the refusal that concerns the changed parameter, or ""."""
    known = {parameter.name for parameter in operation.parameters}
    meant = {parameter.name for parameter in operation.parameters if _is_meant(parameter, place)} or {place.name}
    for name, said in refused.items():
        if not name or not place.place or name in meant or name not in known:
            return f"{name}: {said}" if name else said
    return ""
