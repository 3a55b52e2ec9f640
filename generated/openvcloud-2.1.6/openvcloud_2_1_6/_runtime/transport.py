"""The one way to a portal: builds a request, signs it, sends it, and raises what runtime/errors.py draws."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import requests
from requests import PreparedRequest, Response
from requests.auth import AuthBase
from requests.utils import default_user_agent

from . import redaction
from .answers import decode, lost, refusal
from .auth import NoAuth
from .connection import FAILURES, Adapter, Call, checked_url
from .errors import ArgumentError, OvcError
from .filling import Sent, blank_path, fill
from .operation import Operation

ENDED_LOGIN = (401, 419)


class Answer:
    """What came back: the HTTP status, the decoded value, and the response without secrets."""

    __slots__ = ("response", "status", "value")

    def __init__(self, status: int, value: Any, response: Response) -> None:
        self.status = status
        self.value = value
        self.response = response


class Session(requests.Session):
    """A session with one portal. It never follows a redirect, never keeps a cookie, never sends unsigned by accident.

    `timeout` is how long an answer may take, in seconds; `verify` is True, False or the path of a CA bundle.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: AuthBase | None = None,
        timeout: float = 300.0,
        verify: bool | str = True,
        agent: str = "ovcgen",
    ) -> None:
        super().__init__()
        redaction.guard_logs()
        self.root = checked_url(url, "a portal")
        self.auth = self.signer = _checked_auth(auth)
        self.timeout = _checked_timeout(timeout)
        self.verify = verify
        self.trust_env = False  # the adapter has read all of the environment that may count
        self.headers.update({"Accept": "application/json", "User-Agent": f"{agent} {default_user_agent()}"})
        self.adapter = Adapter(self.root, verify=verify)
        self.mount(self.root, self.adapter)
        self._prepared: dict[Operation, Call] = {}

    def exchange(self, operation: Operation, sent: Sent, *, as_task: bool = False, to: Path | None = None) -> Answer:
        """Send one call and decode its answer, or write it to `to`; raises what runtime/errors.py draws."""
        request = self.request_for(operation, sent, as_task=as_task)
        request.to = to
        response = self.deliver(operation, request)
        return Answer(response.status_code, to or decode(operation, response), response)

    def request_for(self, operation: Operation, sent: Sent, *, as_task: bool = False) -> Call:
        """The request of one call, not yet signed."""
        request = self._blank(operation).copy()
        fill(request, operation, sent, as_task=as_task)
        return request

    def deliver(self, operation: Operation, request: PreparedRequest) -> Response:
        """Sign and send; after a 401 or 419 log in again, once, where the login can. Signs `request` itself if not."""
        renew = getattr(self.signer, "renew", None)
        signed = self.signer(request.copy() if renew else request)
        response = self._once(operation, signed)
        if renew and response.status_code in ENDED_LOGIN and renew(signed):
            signed = self.signer(request)
            response = self._once(operation, signed)
        if response.status_code >= 300:
            raise refusal(operation, response)
        response.request = self._blank(operation)  # has no secret, and costs nothing
        response.url = str(response.request.url)
        return response

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Straight to the portal: no redirects, no cookies, no look at ~/.netrc, and to no other address."""
        if not f"{request.url}/".startswith(f"{self.root}/"):
            raise ArgumentError("This session sends to its own portal only.", fix="Use one of your own for others.")
        return self.adapter.exchange(request, options.get("timeout") or self.timeout)

    def _blank(self, operation: Operation) -> Call:
        """The request of an operation without parameters, prepared once."""
        request = self._prepared.get(operation)
        if request is None:
            request = Call()
            request.prepare(method=operation.method, url=self.root, headers=self.headers)
            request.url = self.root + blank_path(operation)
            request.root, request.verify = self.root, self.verify
            if operation.accept:
                request.headers["Accept"] = operation.accept
            self._prepared[operation] = request
        return request

    def _once(self, operation: Operation, request: PreparedRequest) -> Response:
        error: OvcError
        try:
            return self.adapter.exchange(request, self.timeout)
        except OvcError:  # the answer came, and its file can't be written
            raise
        except FAILURES as caught:
            error = lost(operation, self.root, caught)
        raise error  # out here, so that the request and its secrets don't hang on the traceback


def _checked_auth(auth: object) -> AuthBase:
    if auth is not None and not isinstance(auth, AuthBase):
        raise ArgumentError(
            f"auth= takes a way to log in, not a {type(auth).__name__}.",
            fix="Pass Bearer(...), Basic(...), OAuth2(...) or another of our logins, or an AuthBase of your own.",
        )
    return auth or NoAuth()


def _checked_timeout(timeout: object) -> float:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise ArgumentError("timeout= takes seconds: a number above 0.", fix="Leave it out for 300 seconds.")
    return timeout
