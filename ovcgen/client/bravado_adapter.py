"""Connect our clients to bravado: the document it gets, how it sends, and how it reads responses.

bravado has these problems, each solved here:

- It changes the document and the configuration it is given: it gets copies.
- `host`, `schemes` and `security` in the document change where and how it sends: its copy has none.
- It follows remote `$ref`s: they are refused, and its copy has none.
- It raises for statuses that are not declared: its copy declares a default response.
- It fills in defaults and converts formats: its copy has none.
- It writes booleans in two ways and keeps the caller's order: our HttpClient writes the encoded fields.
- It decodes by content type: the session has already decoded the response.
- Its future sends again at each `result()`: ours keeps the response.
- It logs arguments: they are hidden.
- Parameters with the names of its own arguments break it: it does not get them.
- Importing it takes a second, most of it for the grammar of a format check: see `fast_jsonschema_import`.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from weakref import finalize

from ovcgen.documents import refuse_hostile
from ovcgen.documents.depth_limit import read_json
from ovcgen.documents.document import Document
from ovcgen.fast_jsonschema_import import without_grammar
from ovcgen.normalise.reference_resolution import operations
from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.policy import CallLimits
from ovcgen.runtime.redaction import HIDDEN
from ovcgen.runtime.request_building import Sent
from ovcgen.runtime.session import DecodedResponse, Session
from ovcgen.runtime.styled_argument_checks import check_styled
from ovcgen.runtime.styled_bodies import Payload
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import StyledParameter
from ovcgen.runtime.upload import Upload
from ovcgen.runtime.value_encoding import json_of


@contextmanager
def _without_its_warnings() -> Iterator[None]:
    """Ignore bravado's use of a deprecated part of jsonschema: callers' tests may turn warnings into errors."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "jsonschema.RefResolver", DeprecationWarning)
        yield


with without_grammar(), _without_its_warnings():
    from bravado.client import CallableOperation, SwaggerClient
    from bravado.http_client import HttpClient
    from bravado.http_future import FutureAdapter, HttpFuture
    from bravado_core import _decorators, marshal, swagger20_validator, unmarshal
    from bravado_core.operation import Operation as Found
    from bravado_core.response import IncomingResponse
    from bravado_core.util import sanitize_name

CONFIG = {
    "validate_swagger_spec": False,  # the document was checked when it was loaded
    "validate_requests": False,  # runtime/arguments.py has checked and encoded them, for both clients alike
    "validate_responses": False,  # the portal declares `string` for nearly everything
    "use_models": False,  # values are plain JSON in both clients
}
SENT = "ovcgen_sent"
MEMOIZING = (_decorators, marshal, swagger20_validator, unmarshal)  # modules of bravado-core with `memoize_by_id`
SPEC = "swagger_spec"  # the argument of their functions that is a document
PLACES = {"formData": "form"}
NUMBERS_AND_BOOLEANS = ("integer", "number", "boolean")
# Argument names of bravado's own functions; a parameter with such a name can't be passed.
ITS_OWN = frozenset({"_request_options", "operation", "request_options", "self"})


def swagger_client(document: Document, session: Session, wire: Mapping[tuple[str, str], OperationSpec]) -> Any:
    """Return a SwaggerClient of bravado for a normalised document, which sends its requests through `session`.

    bravado gets a changed copy of the document. Its logger `bravado.client` no longer shows arguments afterwards.
    `wire` are the runtime's records of the operations by (method, path), with methods in upper case.

    Raises:
        SpecRefused: the document is not Swagger 2.0 (NotSwagger), or a reference leaves it (ForeignReference).
    """
    refuse_hostile(document, "This document")
    _hide_arguments()
    with _without_its_warnings():
        client = SwaggerClient.from_spec(
            _own_copy(document),
            origin_url=session.root,
            http_client=SessionHttpClient(session, wire),
            config=dict(CONFIG),
        )
    # jsonschema keeps the last 128 resolvers (`lru_cache` on their methods), and each would keep a megabyte. The copy
    # has no references, so the resolver is not needed any more.
    resolver = client.swagger_spec.resolver
    resolver.referrer, resolver.store, resolver.handlers = {}, {}, {}
    finalize(client.swagger_spec, _forget, id(client.swagger_spec)).atexit = False
    return client


def _forget(spec: int) -> None:
    """Delete the functions that bravado-core keeps for a document, by its `id()`: 10 kB for each client, for ever."""
    for module in MEMOIZING:
        for function in vars(module).values():
            cache = getattr(function, "cache", None)
            if isinstance(cache, dict):
                for key in [key for key in tuple(cache) if (SPEC, spec) in key]:
                    cache.pop(key, None)


def _own_copy(document: Document) -> dict[str, Any]:
    """Return the document for bravado: without other hosts or conversions, and with any response allowed."""
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
    """Return the parameters that bravado can distinguish by name, without settings that change what it sends."""
    plain: dict[str, dict[str, Any]] = {}
    for parameter in parameters:
        if parameter["name"] not in ITS_OWN:
            plain.setdefault(sanitize_name(parameter["name"]), _plain_parameter(parameter))
    return list(plain.values())


def _plain_parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: parameter[key] for key in ("name", "in", "description") if key in parameter}
    if parameter["in"] == "path":
        plain["required"] = True  # elsewhere a login may write it; runtime/arguments.py has checked that
    match parameter.get("type"):
        case None:
            return {**plain, "schema": {}}
        case "array":
            return {**plain, "type": "array", "items": {}, "collectionFormat": "multi"}
        case "integer" | "number" | "boolean" as kind:
            return {**plain, "type": kind}
    return {**plain, "type": "string"}  # also for objects and files: bravado does not send the value


class BravadoOperation(NamedTuple):
    """An operation as bravado knows it.

    Attributes:
        own: The operation object of bravado-core.
        sendable_parameters: The (name, location) pairs of the parameters that bravado can send. Others stand in the
            request options.
    """

    own: Any
    sendable_parameters: frozenset[tuple[str, str]]


def find_operation(client: Any, operation: OperationSpec) -> BravadoOperation | None:
    """Return the operation as bravado knows it; None if the document of `client`, a SwaggerClient, does not have it.

    It is looked up by method and path.
    """
    document = client.swagger_spec
    verb = operation.method.lower()
    body = document.spec_dict["paths"].get(operation.path, {}).get(verb)
    if not body:
        return None
    own = Found.from_spec(document, operation.path, verb, body)
    return BravadoOperation(
        own, frozenset((spec.name, spec.place) for spec in operation.parameters if _carries(own, spec))
    )


def call(
    found: BravadoOperation,
    operation: OperationSpec,
    sent: Sent,
    *,
    switches: tuple[str, ...],
    to: Path | None,
    limits: CallLimits,
) -> DecodedResponse:
    """Make one call through bravado and return the decoded response; the errors are those of `Session.exchange`.

    Args:
        found: The operation as bravado knows it.
        operation: The runtime's record of the operation.
        sent: (parameter, checked value) pairs.
        switches, to, limits: As for `Session.exchange`.
    """
    return decoded_response(future_of(found, operation, sent, switches=switches, to=to, limits=limits))


async def call_async(
    found: BravadoOperation,
    operation: OperationSpec,
    sent: Sent,
    send: Callable[..., Awaitable[DecodedResponse]],
    **options: Any,
) -> DecodedResponse:
    """Make one call through bravado on an event loop: bravado builds the request and reads the response.

    `send` is awaited to send the call; its arguments are those of `AsyncSession.exchange`. `options` are the remaining
    arguments of `call`: `switches`, `to` and `limits`. The errors are those of `send`.
    """
    future = future_of(found, operation, sent, **options)
    once: Any = future.future  # ours, see SessionHttpClient.request
    once.set_response(await send(*once.arguments, **once.options))
    return decoded_response(future)


def future_of(
    found: BravadoOperation,
    operation: OperationSpec,
    sent: Sent,
    *,
    switches: tuple[str, ...],
    to: Path | None,
    limits: CallLimits,
) -> Any:
    """Return bravado's future of one call; arguments are those of `call`. Nothing is sent yet."""
    sent = list(sent)
    arguments = {
        parameter.name: _for_bravado(parameter, value)
        for parameter, value in sent
        if (parameter.name, parameter.place) in found.sendable_parameters
    }
    arguments.update(dict.fromkeys(switches, True))
    options = {"switches": switches, "to": to, "limits": limits}
    return CallableOperation(found.own)(_request_options={SENT: (operation, sent, options)}, **arguments)


def decoded_response(future: Any) -> DecodedResponse:
    """Return the response of bravado's future, with the value that bravado reads from the one of the session.

    The call is sent and waited for, unless its response is known. The errors are those of `Session.exchange`.
    """
    response = future.response()
    answer: DecodedResponse = response.incoming_response.answer
    return DecodedResponse(answer.status, response.result, answer.response)


def _for_bravado(parameter: ParameterSpec, value: Any) -> Any:
    """Return a value that bravado can encode. The value that is really sent is in its request options."""
    if isinstance(value, Upload | Payload):
        return repr(value)
    if isinstance(parameter, StyledParameter):
        return value if isinstance(value, list | str) else json_of(value)
    if parameter.kind == "array" and value == "":
        return []
    return json_of(value) if parameter.in_body and not isinstance(value, str) else value


def _carries(operation: Any, parameter: ParameterSpec) -> bool:
    """Return whether bravado knows this parameter, with the same location. Others are in its request options only."""
    known = operation.params.get(parameter.name)
    place = "body" if parameter.in_body else parameter.place
    return bool(known) and (known.name, PLACES.get(known.location, known.location)) == (parameter.name, place)


class SessionHttpClient(HttpClient):
    """The HTTP client that bravado sends through: it sends checked values over a blocking Session of the runtime.

    Args:
        session: The session.
        operations: The runtime's records of the operations by (method, path), with methods in upper case.
    """

    def __init__(self, session: Session, operations: Mapping[tuple[str, str], OperationSpec]) -> None:
        self._session = session
        self._operations = operations

    def request(
        self, request_params: MutableMapping[str, Any], operation: Any = None, request_config: Any = None
    ) -> Any:
        """Return the future of one call. Nothing is sent until its result is requested.

        Raises:
            RuntimeError: bravado wants to fetch something that is not a call.
            ArgumentError: a call through `.swagger` of an operation that has several bodies, or with a value that can't
                be sent or that bravado can't write.
        """
        if operation is None:
            raise RuntimeError("bravado may send calls only: the document has been fetched and has no way out.")
        given = request_config.additional_properties.get(SENT)
        if given is not None:
            ours, sent, options = given
            return HttpFuture(
                CallFuture(self._session, ours, sent, options), BravadoResponse, operation, request_config
            )
        ours = self._operations[operation.http_method.upper(), operation.path_name]
        if any(parameter.place == "member" for parameter in ours.parameters):
            raise ArgumentError(
                f"bravado's own client sends one body only, and {ours.place} has several.",
                fix="Call it without `.swagger`.",
            )
        sent, options = _as_bravado_has_them(ours, operation.swagger_spec.api_url, request_params)
        return HttpFuture(CallFuture(self._session, ours, sent, options), BravadoResponse, operation, request_config)


def _as_bravado_has_them(
    operation: OperationSpec, api_url: str, request: Mapping[str, Any]
) -> tuple[Sent, dict[str, Any]]:
    """Return the values and options of a call that was made on `portal.swagger`, read from bravado's request."""
    data = request.get("data", {})
    places = {
        "form": data if isinstance(data, dict) else {},
        "body": {parameter.name: json.loads(data) for parameter in operation.parameters if isinstance(data, str)},
        "query": request.get("params", {}),
        "header": request.get("headers", {}),
        "path": _in_path(operation, request["url"].removeprefix(api_url.rstrip("/"))),
    }
    values = [(parameter, places.get(parameter.place, {}).get(parameter.name)) for parameter in operation.parameters]
    if isinstance(operation, StyledOperation):
        return check_styled(operation, dict(_typed(operation, *pair) for pair in values if pair[1] is not None)), {}
    written = {**places["query"], **places["form"]}
    switches = tuple(name for name in operation.switches if written.get(name) in (True, "true"))
    return [(parameter, value) for parameter, value in values if value not in (None, "", [])], {"switches": switches}


def _typed(operation: StyledOperation, parameter: ParameterSpec, value: Any) -> tuple[str, Any]:
    """Return the keyword of a parameter, and its value with the type that it had before bravado made it a text.

    Raises:
        ArgumentError: bravado has written a dict, a list in a path, or what goes by media type.
    """
    is_several = parameter.kind == "object" or (parameter.kind == "array" and parameter.place == "path")
    has_media = isinstance(parameter, StyledParameter) and bool(parameter.media)
    if not parameter.in_body and (is_several or has_media):
        raise ArgumentError(
            f"bravado's own client can't write {parameter.key!r} of {operation.place}.",
            fix="Call it without `.swagger`.",
        )
    if isinstance(value, str) and parameter.kind in NUMBERS_AND_BOOLEANS:
        with suppress(ValueError):  # what can't be read is refused with all other values
            value = read_json(value.lower())
    return parameter.key, value


def _in_path(operation: OperationSpec, path: str) -> dict[str, str]:
    """Return the values that bravado has written into the path, by parameter name."""
    holes = [parameter.name for parameter in operation.parameters if parameter.place == "path"]
    shape = re.escape(operation.path)
    for number, name in enumerate(holes):
        hole = re.escape(f"{{{name}}}")
        shape = shape.replace(hole, f"(?P<p{number}>[^/]*)", 1).replace(hole, f"(?P=p{number})")
    filled = re.fullmatch(shape, path)
    parts = filled.groupdict() if filled else {}
    return {name: unquote(parts.get(f"p{number}", "")) for number, name in enumerate(holes)}


class CallFuture(FutureAdapter[DecodedResponse]):
    """The future of one call for bravado. It is sent at the first `result`, and once, even if several threads ask.

    Attributes:
        arguments: The operation, and its (parameter, checked value) pairs.
        options: The keyword arguments of `Session.exchange`.
    """

    def __init__(self, session: Session, operation: OperationSpec, sent: Sent, options: Mapping[str, Any]) -> None:
        self._session = session
        self.arguments = (operation, sent)
        self.options = options
        self._lock = threading.Lock()
        self._answer: DecodedResponse | None = None
        self._error: Exception | None = None

    def result(self, timeout: float | None = None) -> DecodedResponse:
        """Return the response of the call, which is sent if it was not sent before.

        Later calls of `result` return the same response or raise the same error. `timeout` is ignored: the session has
        a timeout of its own.
        """
        del timeout
        with self._lock:
            if self._answer is None and self._error is None:
                self._send()
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]  # either the response or the error is set

    def set_response(self, answer: DecodedResponse) -> None:
        """Set the response of a call that was sent elsewhere, so that `result` returns it and sends nothing."""
        self._answer = answer

    def _send(self) -> None:
        try:
            self._answer = self._session.exchange(*self.arguments, **self.options)
        except Exception as error:  # noqa: BLE001  # kept, so that a second result() does not send again
            self._error = error


class BravadoResponse(IncomingResponse):
    """A response as bravado reads it. Its content type is JSON, because the session has already decoded the value."""

    def __init__(self, answer: DecodedResponse) -> None:
        self.answer = answer
        self.status_code = answer.status
        self.reason = answer.response.reason
        self.headers = {**answer.response.headers, "content-type": "application/json"}
        self.raw_bytes = answer.response.content

    @property
    def text(self) -> str:
        """Return the body of the HTTP response as text."""
        return str(self.answer.response.text)

    def json(self, **_options: Any) -> Any:
        """Return the value that the session has decoded from the response. All options are ignored."""
        return self.answer.value


class _HideArguments(logging.Filter):
    """A log filter that hides arguments: bravado logs those of every call, passwords included."""

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
