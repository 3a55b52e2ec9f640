"""All that is special about bravado: what it is fed, how it sends, and what its answers are made of.

Its traps, each closed here: it writes into the document (own copy), a `host` in the document redirects it (taken
out), it follows remote `$ref`s (refused before), it raises on statuses that are not declared (a default answer is),
it fills in defaults and converts formats on its own (taken out of its copy), it writes booleans in two ways and keeps
the caller's order (our HttpClient writes the encoded fields), its future sends again at each `result()` (ours
remembers), it logs arguments (hidden), and importing it costs a second, most of it a grammar for a format check.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from ovcgen.runtime.arguments import ASYNC, Operation
from ovcgen.runtime.redaction import HIDDEN, SECRET_FIELDS
from ovcgen.runtime.transport import Answer, Sent, Session
from ovcgen.spec import Document


@contextlib.contextmanager
def _without_grammar() -> Iterator[None]:
    """Keep jsonschema from building the IRI grammar: 0.8 s for the formats `iri` and `iri-reference`, unused here."""
    name = "rfc3987_syntax"
    if name in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


with _without_grammar():
    from bravado.client import CallableOperation, SwaggerClient
    from bravado.http_client import HttpClient
    from bravado.http_future import FutureAdapter, HttpFuture
    from bravado_core.response import IncomingResponse

CONFIG = {
    "validate_swagger_spec": False,  # was checked when it came in
    "validate_requests": False,  # runtime/arguments.py has checked and encoded them, for both clients alike
    "validate_responses": False,  # the portal declares `string` for nearly everything
    "use_models": False,  # values are plain JSON in both clients
}
SENT = "ovcgen_sent"


def swagger_client(document: Document, session: Session, operations: Mapping[tuple[str, str], Operation]) -> Any:
    """bravado's client for a normalised document, sending through our session."""
    http = Http(session, operations)
    _hide_arguments()
    return SwaggerClient.from_spec(_own_copy(document), origin_url=session.root, http_client=http, config=dict(CONFIG))


def _own_copy(document: Document) -> dict[str, Any]:
    """What bravado gets: no way out to other hosts, no conversions, any answer welcome."""
    own = copy.deepcopy({key: value for key, value in document.items() if key not in ("host", "schemes", "security")})
    own.pop("securityDefinitions", None)
    for item in own["paths"].values():
        for body in (each for each in item.values() if isinstance(each, dict)):
            body.pop("security", None)
            body["responses"] = {"default": {"description": "any answer", "schema": {}}}
            body["parameters"] = [_plain(parameter) for parameter in body.get("parameters", ())]
    return own


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    kept = ("name", "in", "required", "type", "items", "schema")
    plain = {key: value for key, value in parameter.items() if key in kept}
    if plain.get("type") == "object":
        plain["type"] = "string"  # as on the wire
    if plain.get("type") == "array":
        plain["collectionFormat"] = "multi"
    return plain


class Http(HttpClient):
    """Sends what bravado has constructed, with the fields as runtime/arguments.py encodes them."""

    def __init__(self, session: Session, operations: Mapping[tuple[str, str], Operation]) -> None:
        self._session = session
        self._operations = operations

    def request(
        self, request_params: MutableMapping[str, Any], operation: Any = None, request_config: Any = None
    ) -> Any:
        """The future of one call; nothing is sent before its result is asked for."""
        if operation is None:
            raise RuntimeError("bravado may send calls only: the document has been fetched and has no way out.")
        ours = self._operations[operation.http_method.upper(), operation.path_name]
        options = request_config.additional_properties
        sent, as_task = options.get(SENT) or _as_bravado_has_them(ours, request_params)
        return HttpFuture(Once(self._session, ours, sent, as_task=as_task), Incoming, operation, request_config)


def _as_bravado_has_them(operation: Operation, request: Mapping[str, Any]) -> tuple[Sent, bool]:
    """The fields of a call that was made on bravado's own client, `portal.swagger`."""
    values = {**request.get("params", {}), **request.get("data", {})}
    known = [(each, values[each.name]) for each in operation.parameters if values.get(each.name) not in (None, "", [])]
    return known, bool(values.get(ASYNC))


class Once(FutureAdapter[Answer]):
    """One call, sent once, however often its result is asked for."""

    def __init__(self, session: Session, operation: Operation, sent: Sent, *, as_task: bool) -> None:
        self._call = (session, operation, sent, as_task)
        self._answer: Answer | None = None

    def result(self, timeout: float | None = None) -> Answer:
        """Send, or give the answer again. The session has its own deadline, so `timeout` is not needed."""
        del timeout
        if self._answer is None:
            session, operation, sent, as_task = self._call
            self._answer = session.exchange(operation, sent, as_task=as_task)
        return self._answer


class Incoming(IncomingResponse):
    """An answer as bravado reads it; its value has been decoded by the session already."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.status_code = answer.status
        self.reason = answer.response.reason
        self.headers = answer.response.headers
        self.raw_bytes = answer.response.content
        self.text = answer.value

    def json(self, **_options: Any) -> Any:
        """The decoded value."""
        return self.answer.value


class _HideArguments(logging.Filter):
    """bravado logs the arguments of every call, passwords among them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_secrets(each) if isinstance(each, dict) else each for each in record.args)
        return True


def _without_secrets(arguments: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in arguments.items() if key != "_request_options"}
    return {key: HIDDEN if key.lower() in SECRET_FIELDS else value for key, value in shown.items()}


def _hide_arguments() -> None:
    logger = logging.getLogger("bravado.client")
    if not any(isinstance(each, _HideArguments) for each in logger.filters):
        logger.addFilter(_HideArguments())


def call(operation: Any, sent: Sent, *, as_task: bool) -> Answer:
    """One call through bravado: CallableOperation, construct_request and unmarshal_response."""
    sent = list(sent)
    arguments = {parameter.name: value for parameter, value in sent}
    if as_task:
        arguments[ASYNC] = True
    response = CallableOperation(operation)(_request_options={SENT: (sent, as_task)}, **arguments).response()
    answer: Answer = response.incoming_response.answer
    return Answer(answer.status, response.result, answer.response)
