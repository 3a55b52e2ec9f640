"""Serve a mock of the API that a document describes, as a WSGI application that stores nothing.

Responses are the examples of the document, else values made from its schemas. Requests are checked: an unknown path is
404, a wrong method 405, and other errors are reported with their place in the request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from ovcgen.model.api import Api
from ovcgen.model.resolve import Resolver
from ovcgen.simulator.clock import Clock
from ovcgen.simulator.control_api import control, is_control
from ovcgen.simulator.faults import Faults
from ovcgen.simulator.log_and_fault_middleware import Gate, GatedApplication
from ovcgen.simulator.mock.path_index import Match, PathIndex
from ovcgen.simulator.mock.problem_details import RequestRefused
from ovcgen.simulator.mock.request_checks import RequestChecks
from ovcgen.simulator.mock.response_preferences import Preferences, preferences
from ovcgen.simulator.mock.responses import MockResponses
from ovcgen.simulator.request import Environ, HttpRequest, read_request
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import respond

UNKNOWN = "unknown"  # the name that faults match for a request without an operation


class MockService(GatedApplication):
    """A mock of the service that an API describes, as a WSGI application.

    `close` must be called at the end: it wakes delayed responses.

    Args:
        api: The API.
        checks_requests: Whether requests are checked. If not, every request to a known operation is accepted.

    Attributes:
        release: The release of the API.
        gate: The fault injection, the request log and the token of the control API.
        clock: Measures the delays of faults. `advance` moves it forward.
        crashes: The latest exceptions (at most 100) that caused a response with status 500.
    """

    def __init__(self, api: Api, *, checks_requests: bool = True) -> None:
        self.api = api
        self.release = api.release
        self.clock = Clock()
        self.crashes: deque[Exception] = deque(maxlen=100)
        self._index = PathIndex(api)
        resolver = Resolver(api.schemas)
        self._checks = RequestChecks(api, resolver) if checks_requests else None
        self._responses = MockResponses(resolver)
        known = {operation.dotted for operation in api.operations}
        faults = Faults({*known, UNKNOWN} if known else (), usual_operation="*")
        self.gate = Gate(self.clock.sleep, faults, usual=self._usual)

    def has_path(self, path: str) -> bool:
        """Return whether an operation of the API, with any HTTP method, can be called at that full path."""
        return bool(self._index.methods(path))

    def reset(self, seed: str = "") -> None:
        """Forget all faults and requests. A mock has no content, so `seed` has no effect."""
        self.faults.clear()
        self.gate.log.clear()

    def advance(self, seconds: float) -> float:
        """Move the clock forward by `seconds` and return the new time. Responses that are delayed come earlier."""
        return self.clock.advance(seconds)

    def close(self) -> None:
        """Wake all delayed responses."""
        self.clock.stop()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = read_request(environ)
        if is_control(request) and self.gate.has_token(request):
            return respond(control(self, request), environ, start_response)
        match = self._match(request)
        name = match.operation.dotted if match else UNKNOWN
        answer = self.gate.pass_through(request, name, lambda request: self._answer(request, match))
        return respond(answer, environ, start_response)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request. No faults are injected, and nothing is recorded in `seen`.

        An unknown path gets 404, and an unknown method 405. HEAD is answered as GET, and OPTIONS with 204, unless the
        document declares them. Exceptions become a 500 and are added to `crashes`.
        """
        return self._answer(request, self._match(request))

    def _match(self, request: HttpRequest) -> Match | None:
        found = self._index.find(request.method, request.path, request.query)
        if found is None and request.method == "HEAD":
            return self._index.find("GET", request.path, request.query)
        return found

    def _answer(self, request: HttpRequest, match: Match | None) -> HttpResponse:
        try:
            if match is None:
                return self._without_operation(request)
            wanted = preferences(request)
            if self._checks is not None:
                self._checks.check(match, request)
            return self._responses.response(match.operation, wanted, request.header("accept"))
        except RequestRefused as refused:
            return refused.response
        except Exception as error:  # noqa: BLE001 - documents can have anything, and the service goes on
            self.crashes.append(error)
            what = f"The mock has failed: {type(error).__name__}."
            return RequestRefused(500, what).response

    def _usual(self, request: HttpRequest, status: int) -> HttpResponse:
        """Return the declared response with the status of a fault; if none is declared, problem details."""
        match = self._match(request)
        undeclared = RequestRefused(status, "A fault asks for this status.").response
        if match is None:
            return undeclared
        try:
            return self._responses.response(match.operation, Preferences(str(status)), request.header("accept"))
        except RequestRefused:  # the operation declares no such response
            return undeclared

    def _without_operation(self, request: HttpRequest) -> HttpResponse:
        methods = self._index.methods(request.path)
        if not methods:
            nearest = self._index.nearest(request.path)
            number = len(self._index.paths)
            counted = f"It has {number} path{'' if number == 1 else 's'}."
            hint = f"The nearest: {', '.join(nearest)}." if nearest else counted
            raise RequestRefused(404, f"The document has no path {request.path[:200]}. {hint}")
        allowed = sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})
        headers = (("Allow", ", ".join(allowed)),)
        if request.method == "OPTIONS":
            return HttpResponse(204, headers=headers)
        raise RequestRefused(
            405,
            f"The document has no {request.method} {request.path[:200]}. It has {', '.join(methods)}.",
            headers=headers,
        )
