"""Record the requests to a portal or its identity provider, and inject faults."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.simulator.faults import Fault, Faults, WrongFault, fault_of, faulty_response, usual_response
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import RawResponse

Json = Any
Observer = Callable[[str, HttpRequest, HttpResponse | RawResponse], None]
TOKEN, FAULT = "x-simulator-token", "x-simulator-fault"  # headers
KEPT, LARGEST = 10_000, 64 * 1024 * 1024  # requests, and bytes of their bodies


class Log:
    """A log of one server's requests: the latest 10,000 (KEPT), fewer if their bodies exceed 64 MiB together."""

    def __init__(self) -> None:
        self._requests: deque[HttpRequest] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def add(self, request: HttpRequest) -> None:
        """Record a request, and drop the oldest ones that exceed the limits. The newest is always kept."""
        with self._lock:
            self._requests.append(request)
            self._bytes += len(request.body)
            while len(self._requests) > KEPT or (self._bytes > LARGEST and len(self._requests) > 1):
                self._bytes -= len(self._requests.popleft().body)

    def latest(self) -> tuple[HttpRequest, ...]:
        """Return the latest requests, oldest first: at most 10,000, fewer if their bodies exceed 64 MiB together."""
        with self._lock:
            return tuple(self._requests)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()
            self._bytes = 0


class GatedApplication:
    """A base class of applications whose requests go through a Gate: it offers the gate's log and faults."""

    gate: Gate

    @property
    def seen(self) -> tuple[HttpRequest, ...]:
        """Return the latest requests, oldest first: at most 10,000, fewer if their bodies exceed 64 MiB together."""
        return self.gate.log.latest()

    @property
    def faults(self) -> Faults:
        """Return the faults to inject, as in `faults.add("status", status=503, operation="pets.*")`."""
        return self.gate.faults


class Gate:
    """The request log and the faults of one server, and the token that allows clients to inject faults.

    Args:
        sleep: Function that waits for some seconds, to delay a response.
        faults: The faults to inject. By default a new collection that accepts any operation name.
        token: By default a random one.
        usual: Returns the response to a request for faults of kind `status`. By default that of a portal.

    Attributes:
        log: The recorded requests.
        observers: Functions that are called before a response is sent, with the operation's name, the request and the
            response.
    """

    def __init__(
        self,
        sleep: Callable[[float], None],
        faults: Faults | None = None,
        token: str = "",
        *,
        usual: Callable[[HttpRequest, int], HttpResponse] = lambda _request, status: usual_response(status),
    ) -> None:
        self.faults = Faults() if faults is None else faults
        self.token = token or secrets.token_urlsafe(24)
        self.log = Log()
        self.observers: list[Observer] = []
        self._sleep = sleep
        self._usual = usual

    def has_token(self, request: HttpRequest) -> bool:
        """Return whether the request carries the token, in the header `X-Simulator-Token`."""
        given = request.header(TOKEN)
        return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def pass_through(
        self, request: HttpRequest, operation: str, answer: Callable[[HttpRequest], HttpResponse]
    ) -> HttpResponse | RawResponse:
        """Record a request and return its response; if a fault matches, return what the fault sends instead.

        Waits for the `seconds` of the fault, except for kind `drip`. What `answer` raises is raised.

        Args:
            request: The request. Its header `X-Simulator-Fault` takes precedence over waiting faults.
            operation: The name that the patterns of faults match, such as `cloudapi.machines.list`.
            answer: Executes the request and returns the real response.

        Returns:
            The response, or a RawResponse with the bytes to send. A request with an invalid fault header gets a 400,
            and one with a fault header but without the token a 403; neither is recorded in the log, but the observers
            get them.
        """
        sent = self._response(request, operation, answer)
        for observer in self.observers:
            observer(operation, request, sent)
        return sent

    def _response(
        self, request: HttpRequest, operation: str, answer: Callable[[HttpRequest], HttpResponse]
    ) -> HttpResponse | RawResponse:
        try:
            fault = self._asked_for(request) or self.faults.take(operation, request.method)
        except FaultRefused as refused:
            return refused.answer
        self.log.add(request)
        if fault is None:
            return answer(request)
        sent = faulty_response(fault, lambda: answer(request), lambda status: self._usual(request, status))
        if fault.kind != "drip":
            self._sleep(fault.seconds)
        return sent

    def _asked_for(self, request: HttpRequest) -> Fault | None:
        """Return the fault in the header `X-Simulator-Fault`, or None.

        The value of the header is a kind, or a JSON object with the attributes of `Fault`.

        Raises:
            FaultRefused: the token is missing or wrong, or the header is invalid.
        """
        asked = request.header(FAULT)
        if asked is None:
            return None
        if not self.has_token(request):
            raise FaultRefused(403, f"{FAULT} needs the token of this run in {TOKEN}")
        try:
            said = read_json(asked) if asked.lstrip().startswith("{") else {"kind": asked.strip()}
            return fault_of(said)
        except (ValueError, RecursionError) as error:
            raise FaultRefused(400, f"{FAULT} is no JSON") from error
        except WrongFault as error:
            raise FaultRefused(400, f"{error.what} {error.fix}") from error


class FaultRefused(Exception):
    """An error: the header `X-Simulator-Fault` is refused; `answer` is the response to send.

    Args:
        status: The status of the response, 400 or 403.
        text: Why the header is refused, which is the body of the response.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.answer = HttpResponse(status, json.dumps(text).encode(), "application/json")
