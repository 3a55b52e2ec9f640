# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Build, sign and send requests to one service, and decode the responses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from requests import PreparedRequest, Response
from requests.auth import AuthBase
from requests.utils import default_user_agent

from . import redaction
from .adapter import FAILURES, Adapter, Trust, WireRequest, checked_url
from .auth import NoAuth
from .errors import ArgumentError, ClientError
from .logins import AnyLogin, Logins, Security, parameter_target, signer_of, target_of
from .operation import OperationSpec
from .request_building import Sent, blank_path, fill
from .responses import decode, lost, refusal

ENDED_LOGIN = (401, 419)


class DecodedResponse:
    """A response, decoded.

    Attributes:
        status: The HTTP status.
        value: The decoded value, or the path of the written file.
        response: The HTTP response; its request contains no secrets.
    """

    __slots__ = ("response", "status", "value")

    def __init__(self, status: int, value: Any, response: Response) -> None:
        self.status = status
        self.value = value
        self.response = response


class Session(requests.Session):
    """A session with one service. It follows no redirects, keeps no cookies and ignores ~/.netrc.

    Args:
        url: The root URL of the API.
        auth: One login, several logins, a dict of logins by scheme name, or None.
        timeout: Seconds to wait for a response.
        verify: False to skip certificate checks, or the path of a CA bundle.
        cert: The client certificate: one path, or a pair (certificate, key).
        agent: The beginning of the User-Agent header.
        logins: The schemes that the document declares, and its security requirements for all operations.
        hint: Python code of a login, for the error of a call without a login.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: AnyLogin = None,
        timeout: float = 300.0,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        agent: str = "ovcgen",
        logins: tuple[Mapping[str, tuple[str, ...]], Security] = ({}, None),
        hint: str = "",
    ) -> None:
        super().__init__()
        redaction.guard_logs()
        self.root = checked_url(url, "a service")
        self.logins = Logins(auth, *logins)
        self.auth = NoAuth()  # requests itself must not sign
        self.hint = hint
        self.timeout = _checked_timeout(timeout)
        self.verify = self._verify = verify
        self.cert = self._cert = cert
        self.trust_env = False  # the adapter has read proxies and CA bundle from the environment already
        self.headers.update({"Accept": "application/json", "User-Agent": f"{agent} {default_user_agent()}"})
        self.adapter = Adapter(self.root, trust=Trust(verify, cert))
        self.mount(self.root, self.adapter)
        self._prepared: dict[OperationSpec, WireRequest] = {}
        self._signers: dict[OperationSpec, AuthBase] = {}
        self._contested: dict[OperationSpec, bool] = {}

    def exchange(
        self, operation: OperationSpec, sent: Sent, *, as_task: bool = False, to: Path | None = None
    ) -> DecodedResponse:
        """Send one call and return the decoded response.

        Args:
            operation: The operation to call.
            sent: (parameter, checked value) pairs.
            as_task: Whether to run the call as a task.
            to: The file to write the response body to, instead of decoding it.

        Raises:
            ApiError: the service refused the call.
            TransportError: no response, and repeating is safe.
            OutcomeUnknown: no readable response, and the call may have been executed.
            DecodeError: the response of a reading call is not JSON.
            ArgumentError: a required credential parameter has no value, or `to` can't be written.
        """
        if operation.parameters and self._is_contested(operation):
            sent = list(sent)
            signer = self._signer_beside(operation, sent)
            request = self.request_for(operation, sent, as_task=as_task)
            request.signer = signer
        else:
            request = self.request_for(operation, sent, as_task=as_task)
        request.to = to
        response = self.deliver(operation, request)
        return DecodedResponse(response.status_code, to or decode(operation, response), response)

    def request_for(self, operation: OperationSpec, sent: Sent, *, as_task: bool = False) -> WireRequest:
        """Return the unsigned request of one call."""
        request = self._blank(operation).copy()
        fill(request, operation, sent, as_task=as_task)
        return request

    def deliver(self, operation: OperationSpec, request: PreparedRequest) -> Response:
        """Sign and send a request, and return the successful response.

        After a 401 or 419 it logs in again and repeats the request once, if the login can be renewed. Otherwise
        `request` itself is signed.

        Raises:
            ApiError: the status is 300 or more.
            TransportError: no response, and repeating is safe.
            OutcomeUnknown: no response, and the call may have been executed.
        """
        signer = getattr(request, "signer", None) or self._signer(operation)
        renew = getattr(signer, "renew", None)
        signed = signer(request.copy() if renew else request)
        response = self._once(operation, signed)
        if renew and response.status_code in ENDED_LOGIN and renew(signed):
            signed = signer(request)
            response = self._once(operation, signed)
        if response.status_code >= 300:
            error = refusal(operation, response)
            if response.status_code in ENDED_LOGIN:
                error.fix = self.logins.advice(operation, self.hint) or error.fix
            raise error
        response.request = self._blank(operation)  # the cached request holds no secrets
        response.url = str(response.request.url)
        return response

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a prepared request to this session's service, without redirects, cookies or ~/.netrc.

        Raises:
            ArgumentError: the URL belongs to another service.
        """
        if not f"{request.url}/".startswith(f"{self.root}/"):
            raise ArgumentError("This session sends to its own service only.", fix="Use one of your own for others.")
        return self.adapter.exchange(request, options.get("timeout") or self.timeout)

    def _blank(self, operation: OperationSpec) -> WireRequest:
        """Return the request of an operation without its parameters; it is prepared once and cached."""
        request = self._prepared.get(operation)
        if request is None:
            request = WireRequest()
            prepared = requests.Request(operation.method, self.root, headers=self.headers).prepare()
            request.__dict__.update(prepared.__dict__)
            request.url = self.root + blank_path(operation)
            request.root, request.verify, request.cert = self.root, self._verify, self._cert
            if operation.accept:
                request.headers["Accept"] = operation.accept
            self._prepared[operation] = request
        return request

    def _signer(self, operation: OperationSpec) -> AuthBase:
        """Return the logins that the operation requires, combined into one."""
        signer = self._signers.get(operation)
        if signer is None:
            signer = self._signers[operation] = signer_of(self.logins.of(operation))
        return signer

    def _is_contested(self, operation: OperationSpec) -> bool:
        """Return whether a parameter of the operation is written to the same header or field as a login."""
        found = self._contested.get(operation)
        if found is None:
            targets = {target_of(login) for login in self.logins.of(operation)}
            found = bool(operation.logins) or any(
                parameter_target(parameter) in targets for parameter in operation.parameters
            )
            self._contested[operation] = found
        return found

    def _signer_beside(self, operation: OperationSpec, sent: Sent) -> AuthBase:
        """Return the logins to use beside the caller's arguments. An argument takes precedence over a login.

        Raises:
            ArgumentError: a required credential parameter has no value, and no login writes it.
        """
        given = {parameter_target(parameter) for parameter, _ in sent}
        logins = tuple(login for login in self.logins.of(operation) if target_of(login) not in given)
        written = given | {target_of(login) for login in logins}
        for parameter in operation.logins:
            if parameter.required and parameter_target(parameter) not in written and None not in written:
                raise ArgumentError(
                    f"{operation.name}() needs a value for {parameter.key!r}.",
                    fix="Pass it, or log in with auth=, which writes the same.",
                )
        return signer_of(logins)

    def _once(self, operation: OperationSpec, request: PreparedRequest) -> Response:
        """Send a signed request once; connection failures become TransportError or OutcomeUnknown."""
        error: ClientError
        try:
            return self.adapter.exchange(request, self.timeout)
        except ClientError:  # the response arrived, but its file can't be written
            raise
        except FAILURES as caught:
            error = lost(operation, self.root, caught)
        raise error  # raised outside of `except`, so that the traceback does not hold the request and its secrets


def _checked_timeout(timeout: object) -> float:
    """Return the timeout in seconds; raise ArgumentError if it is not a finite number above 0."""
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise ArgumentError("timeout= takes seconds: a number above 0.", fix="Leave it out for 300 seconds.")
    return timeout
