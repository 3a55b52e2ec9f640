"""All that is special about bravado: what it is fed, how it sends, and what its answers are made of.

Its traps, each closed here: it writes into the document and into its configuration (own copies), a `host` or `schemes`
in the document redirects it and security gets in its way (not in its copy), it follows remote `$ref`s (refused, and
none is in its copy), it raises on statuses that are not declared (a default answer is), it fills in defaults and
converts formats on its own (not in its copy), it writes booleans in two ways and keeps the caller's order (our
HttpClient writes the encoded fields), it decides by content type how to decode (the session has decoded), its future
sends again at each `result()` (ours remembers), it logs arguments (hidden), parameters named like its own arguments
break it (it does not get them), and importing it costs a second, most of it a grammar for a format check.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ovcgen.documents import refuse_hostile
from ovcgen.documents.document import Document
from ovcgen.lazy_jsonschema import without_grammar
from ovcgen.normalise.places import operations
from ovcgen.runtime.encoding import json_of
from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.operation import ASYNC, OperationSpec, ParameterSpec
from ovcgen.runtime.redaction import HIDDEN
from ovcgen.runtime.request_building import Sent
from ovcgen.runtime.transport import DecodedResponse, Session
from ovcgen.runtime.upload import Upload


@contextmanager
def _without_its_warnings() -> Iterator[None]:
    """bravado uses what jsonschema will give up: not our callers' affair, whose tests may take warnings for errors."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "jsonschema.RefResolver", DeprecationWarning)
        yield


with without_grammar(), _without_its_warnings():
    from bravado.client import CallableOperation, SwaggerClient
    from bravado.http_client import HttpClient
    from bravado.http_future import FutureAdapter, HttpFuture
    from bravado_core.operation import Operation as Found
    from bravado_core.response import IncomingResponse
    from bravado_core.util import sanitize_name

CONFIG = {
    "validate_swagger_spec": False,  # was checked when it came in
    "validate_requests": False,  # runtime/arguments.py has checked and encoded them, for both clients alike
    "validate_responses": False,  # the portal declares `string` for nearly everything
    "use_models": False,  # values are plain JSON in both clients
}
SENT = "ovcgen_sent"
PLACES = {"formData": "form"}
# What bravado's own functions call their arguments: no keyword of that name gets through.
ITS_OWN = frozenset({"_request_options", "operation", "request_options", "self"})


def swagger_client(document: Document, session: Session, wire: Mapping[tuple[str, str], OperationSpec]) -> Any:
    """bravado's client for a normalised document, sending through our session; raises SpecRefused for a hostile one."""
    refuse_hostile(document, "This document")
    _hide_arguments()
    with _without_its_warnings():
        return SwaggerClient.from_spec(
            _own_copy(document), origin_url=session.root, http_client=Http(session, wire), config=dict(CONFIG)
        )


def _own_copy(document: Document) -> dict[str, Any]:
    """What bravado gets: no way out to other hosts, no conversions, any answer welcome."""
    paths: dict[str, dict[str, Any]] = {}
    for path, verb, body in operations(document):
        paths.setdefault(body.get("x-ovcgen-route", path), {})[verb] = {
            "operationId": body["operationId"],
            "tags": [str(tag) for tag in body.get("tags", ()) if tag] or [body["x-ovcgen-name"][0]],
            "description": str(body.get("description", "")),
            "parameters": _plain(body.get("parameters", ())),
            "responses": {"default": {"description": "any answer", "schema": {}}},
        }
    return {"swagger": "2.0", "basePath": document.get("basePath", "/"), "paths": paths}


def _plain(parameters: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parameters that bravado can tell apart, without what it would act on."""
    plain: dict[str, dict[str, Any]] = {}
    for parameter in parameters:
        if parameter["name"] not in ITS_OWN:
            plain.setdefault(sanitize_name(parameter["name"]), _plain_parameter(parameter))
    return list(plain.values())


def _plain_parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: parameter[key] for key in ("name", "in", "description") if key in parameter}
    if parameter["in"] == "path":
        plain["required"] = True  # everywhere else a login may stand for it, and runtime/arguments.py has looked
    match parameter.get("type"):
        case None:
            return {**plain, "schema": {}}
        case "array":
            return {**plain, "type": "array", "items": {}, "collectionFormat": "multi"}
        case "integer" | "number" | "boolean" as kind:
            return {**plain, "type": kind}
    return {**plain, "type": "string"}  # objects and files too: bravado need not know


def found(client: Any, operation: OperationSpec) -> Any:
    """bravado's own value for that operation; None where its document has none."""
    spec = client.swagger_spec
    verb = operation.method.lower()
    body = spec.spec_dict["paths"].get(operation.path, {}).get(verb)
    return body and Found.from_spec(spec, operation.path, verb, body)


def call(operation: Any, sent: Sent, *, as_task: bool, to: Path | None) -> DecodedResponse:
    """One call through bravado: CallableOperation, construct_request and unmarshal_response."""
    sent = list(sent)
    arguments = {each.name: _shown(each, value) for each, value in sent if _carries(operation, each)}
    if as_task:
        arguments[ASYNC] = True
    response = CallableOperation(operation)(
        _request_options={SENT: (sent, {"as_task": as_task, "to": to})}, **arguments
    ).response()
    answer: DecodedResponse = response.incoming_response.answer
    return DecodedResponse(answer.status, response.result, answer.response)


def _shown(parameter: ParameterSpec, value: Any) -> Any:
    """The value as bravado can write it; what is sent travels in its request options."""
    if isinstance(value, Upload):
        return repr(value)
    if parameter.kind == "array" and value == "":
        return []
    return json_of(value) if parameter.in_body and not isinstance(value, str) else value


def _carries(operation: Any, parameter: ParameterSpec) -> bool:
    """Whether bravado has this very parameter; those it has not travel in its request options only."""
    known = operation.params.get(parameter.name)
    place = "body" if parameter.in_body else parameter.place
    return bool(known) and (known.name, PLACES.get(known.location, known.location)) == (parameter.name, place)


class Http(HttpClient):
    """Sends what bravado has constructed, with the fields as runtime/arguments.py encodes them."""

    def __init__(self, session: Session, operations: Mapping[tuple[str, str], OperationSpec]) -> None:
        self._session = session
        self._operations = operations

    def request(
        self, request_params: MutableMapping[str, Any], operation: Any = None, request_config: Any = None
    ) -> Any:
        """The future of one call; nothing is sent before its result is asked for."""
        if operation is None:
            raise RuntimeError("bravado may send calls only: the document has been fetched and has no way out.")
        ours = self._operations[operation.http_method.upper(), operation.path_name]
        given = request_config.additional_properties.get(SENT)
        if given is None and any(parameter.place == "member" for parameter in ours.parameters):
            raise ArgumentError(
                f"bravado's own client sends one body only, and {ours.place} has several.",
                fix="Call it without `.swagger`.",
            )
        sent, options = given or _as_bravado_has_them(ours, operation.swagger_spec.api_url, request_params)
        return HttpFuture(Once(self._session, ours, sent, options), BravadoResponse, operation, request_config)


def _as_bravado_has_them(
    operation: OperationSpec, api_url: str, request: Mapping[str, Any]
) -> tuple[Sent, dict[str, Any]]:
    """The fields of a call that was made on bravado's own client, `portal.swagger`."""
    data = request.get("data", {})
    places = {
        "form": data if isinstance(data, dict) else {},
        "body": {parameter.name: json.loads(data) for parameter in operation.parameters if isinstance(data, str)},
        "query": request.get("params", {}),
        "header": request.get("headers", {}),
        "path": _in_path(operation, request["url"].removeprefix(api_url.rstrip("/"))),
    }
    values = [(parameter, places.get(parameter.place, {}).get(parameter.name)) for parameter in operation.parameters]
    as_task = operation.tasks and {**places["query"], **places["form"]}.get(ASYNC) in (True, "true")
    return [(each, value) for each, value in values if value not in (None, "", [])], {"as_task": as_task}


def _in_path(operation: OperationSpec, path: str) -> dict[str, str]:
    """The values that bravado has put into the path's holes."""
    holes = [parameter.name for parameter in operation.parameters if parameter.place == "path"]
    shape = re.escape(operation.path)
    for number, name in enumerate(holes):
        hole = re.escape(f"{{{name}}}")
        shape = shape.replace(hole, f"(?P<p{number}>[^/]*)", 1).replace(hole, f"(?P=p{number})")
    filled = re.fullmatch(shape, path)
    parts = filled.groupdict() if filled else {}
    return {name: unquote(parts.get(f"p{number}", "")) for number, name in enumerate(holes)}


class Once(FutureAdapter[DecodedResponse]):
    """One call, sent once, however often and from however many threads its result is asked for."""

    def __init__(self, session: Session, operation: OperationSpec, sent: Sent, options: Mapping[str, Any]) -> None:
        self._call = (session, operation, sent, options)
        self._lock = threading.Lock()
        self._answer: DecodedResponse | None = None
        self._error: Exception | None = None

    def result(self, timeout: float | None = None) -> DecodedResponse:
        """Send, or give the answer or the error again. The session has its own deadline: no need for `timeout`."""
        del timeout
        with self._lock:
            if self._answer is None and self._error is None:
                self._send()
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]  # one of the two is there

    def _send(self) -> None:
        session, operation, sent, options = self._call
        try:
            self._answer = session.exchange(operation, sent, **options)
        except Exception as error:  # noqa: BLE001  # kept: asking again must not send again
            self._error = error


class BravadoResponse(IncomingResponse):
    """An answer as bravado reads it: JSON always, since the session has decoded it already, whatever its type."""

    def __init__(self, answer: DecodedResponse) -> None:
        self.answer = answer
        self.status_code = answer.status
        self.reason = answer.response.reason
        self.headers = {**answer.response.headers, "content-type": "application/json"}
        self.raw_bytes = answer.response.content

    @property
    def text(self) -> str:
        """The body, for those who look at bravado's response."""
        return str(self.answer.response.text)

    def json(self, **_options: Any) -> Any:
        """The decoded value."""
        return self.answer.value


class _HideArguments(logging.Filter):
    """bravado logs the arguments of every call, passwords among them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                dict.fromkeys(argument, HIDDEN) if isinstance(argument, dict) else argument for argument in record.args
            )
        return True


def _hide_arguments() -> None:
    logger = logging.getLogger("bravado.client")
    if not any(isinstance(filter_, _HideArguments) for filter_ in logger.filters):
        logger.addFilter(_HideArguments())
