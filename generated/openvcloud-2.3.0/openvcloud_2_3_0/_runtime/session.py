"""Build, sign and send requests to one service, and decode the responses."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests  # type: ignore[import-untyped,unused-ignore]
from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]
from requests.utils import default_user_agent  # type: ignore[import-untyped,unused-ignore]

from . import redaction
from .adapter import Adapter, RequestHeaders, Trust, WireRequest, checked_url
from .auth import NoAuth
from .blocking_driver import Driver
from .call_flow import ANY_AGE, Flow, call
from .errors import ArgumentError, OutcomeUnknown
from .known_secrets import is_secret
from .login_selection import AnyLogin, Logins, Security, parameter_target, signer_of, target_of
from .operation import OperationSpec, ParameterSpec
from .policy import RETRIES, TIMEOUT, CallLimits, Quota, checked_limits
from .request_building import Sent, blank_path, fill
from .response_decoding import decode
from .tracked_connections import Attempt
from .typeguards import is_dict, is_list
from .upload import Upload

LONGEST_APP_ID = 50  # characters


def user_agent(agent: str, app_id: str = "") -> str:
    """Return the User-Agent header of a client: the application, the client, and the version of the library requests.

    `agent` is the name and version of the client, `app_id` names the application; "" reads the environment variable
    OVCGEN_APP_ID. Characters of `app_id` that are not printable ASCII are removed, at most 50 characters are kept.
    """
    wanted = app_id or os.environ.get("OVCGEN_APP_ID", "")
    kept = "".join(letter for letter in wanted if letter.isascii() and letter.isprintable())
    return " ".join(filter(None, [kept.strip()[:LONGEST_APP_ID].strip(), agent, default_user_agent()]))


class DecodedResponse:
    """A successful response, with its decoded value.

    Attributes:
        status: The HTTP status.
        value: The decoded value, a Stream of records, or the path of the written file.
        response: The HTTP response; its request contains no secrets.
    """

    __slots__ = ("response", "status", "value")

    def __init__(self, status: int, value: Any, response: Response) -> None:
        self.status = status
        self.value = value
        self.response = response


class Session(requests.Session):  # type: ignore[misc,unused-ignore]
    """A session of the library requests with one service. It follows no redirects, keeps no cookies, ignores ~/.netrc.

    Creating it reads proxies and the CA bundle from the environment, and hides secrets in the logs of urllib3.

    Args:
        url: The root URL of the API.
        auth: One login, several logins, a dict of logins by scheme name, or None.
        timeout: Seconds for one call, with its retries and logins.
        retries: The largest number of repetitions of a call. Only what is safe is repeated (see policy.py).
        verify: False to skip certificate checks, or the path of a CA bundle.
        cert: The client certificate: one path, or a pair (certificate, key).
        agent: The name and version of the client, for the User-Agent header.
        app_id: The name of the application, put before `agent`; "" takes the environment variable OVCGEN_APP_ID.
        logins: The schemes that the document declares, and its security requirements for all operations.
        hint: Python code that creates a login, shown in the error of a call without a login.
        other_address: Returns the address of an operation that has servers of its own (`OperationSpec.servers`).

    Raises:
        ArgumentError: one of the arguments can't be used.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: AnyLogin = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        agent: str = "ovcgen",
        app_id: str = "",
        logins: tuple[Mapping[str, tuple[str, ...]], Security] = ({}, None),
        hint: str = "",
        other_address: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__()
        redaction.guard_logs()
        self.root = checked_url(url, "a service")
        self.logins = Logins(auth, *logins, has_certificate=cert is not None)
        self.auth = NoAuth()  # requests itself must not sign
        self.hint = hint
        self.limits = checked_limits(timeout, retries)
        self.quota = Quota()
        self.verify = self._verify = verify
        self.cert = self._cert = cert
        self.trust_env = False  # the adapter has read proxies and CA bundle from the environment already
        self.headers.update({"Accept": "application/json", "User-Agent": user_agent(agent, app_id)})
        self.adapter = Adapter(self.root, trust=Trust(verify, cert))
        self.driver = Driver(self.adapter)
        self.mount(self.root, self.adapter)
        self._agent = agent, app_id
        self._other_address = other_address
        self._others: dict[str, Session] = {}
        self._prepared: dict[OperationSpec, WireRequest] = {}
        self._signers: dict[OperationSpec, AuthBase] = {}
        self._contested: dict[OperationSpec, bool] = {}

    def exchange(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send one call and return the decoded response.

        Args:
            operation: The operation to call.
            sent: (parameter, checked value) pairs.
            switches: The switches of the operation that are on.
            to: The file to write the response body to, instead of decoding it.
            limits: The timeout and retries of this call; None for the session's.

        Raises:
            ApiError: the service refused the call.
            TransportError: no response, and repeating is safe.
            OutcomeUnknown: no readable response, and the call may have been executed.
            DecodeError: the response of a reading call can't be decoded, or is too large.
            ArgumentError: a required credential parameter has no value, or `to` can't be written.
        """
        session, limits = self.session_for(operation), limits or self.limits
        return session.driver.run(session.exchange_flow(operation, sent, switches=switches, to=to, limits=limits))

    def exchange_flow(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> Flow[DecodedResponse]:
        """Return the flow of one call, for a driver to carry out; arguments, result and errors are those of `exchange`.

        The operation's own servers are not looked up: call it on the session of `session_for`.
        """
        signer: AuthBase | None = None
        if operation.parameters:
            sent = list(sent)
            if self._is_contested(operation):
                signer = self._signer_beside(operation, sent)
        request = self.request_for(operation, sent, switches)
        request.signer = signer
        request.to = to
        try:
            response, value = yield from self._carrying_out(operation, request, limits, decode)
            return DecodedResponse(response.status_code, to or value, response)
        except OutcomeUnknown as error:
            error.arguments = arguments_without_secrets(sent)
            raise

    def session_for(self, operation: OperationSpec) -> Session:
        """Return this session; for an operation that has servers of its own, the session with the operation's address.

        Such a session has the logins, the limits and the quota of this one. It is created once for each address.

        Raises:
            ArgumentError: the address of the operation can't be used; see `servers.server_url`.
        """
        if not operation.servers or self._other_address is None:
            return self
        url = self._other_address(operation.servers)
        if url not in self._others:
            agent, app_id = self._agent
            other = Session(url, verify=self._verify, cert=self._cert, agent=agent, app_id=app_id, hint=self.hint)
            other.logins, other.quota, other.limits = self.logins, self.quota, self.limits
            self._others.setdefault(url, other)
        return self._others[url]

    def close(self) -> None:
        """Close all connections, also those to the servers of single operations; the next call opens new ones."""
        super().close()
        for other in self._others.values():
            other.close()

    def request_for(self, operation: OperationSpec, sent: Sent, switches: tuple[str, ...] = ()) -> WireRequest:
        """Return the unsigned request of one call, without sending it; arguments are those of `exchange`."""
        request = self._blank(operation).copy()
        fill(request, operation, sent, switches)
        return request

    def deliver(self, operation: OperationSpec, request: PreparedRequest, limits: CallLimits | None = None) -> Response:
        """Sign and send a request, and return the successful response.

        It is repeated where that is safe, and after a new login. If no login can be renewed, `request` itself is
        signed and changed; otherwise a copy is. `limits` are the timeout and retries; None for the session's.

        Raises:
            ApiError: the status is 300 or more.
            TransportError: no response, and repeating is safe.
            OutcomeUnknown: no response, and the call may have been executed.
            DecodeError: the body of a reading call is too large, or can't be decompressed.
        """
        response, _ = self.driver.run(self._carrying_out(operation, request, limits, _undecoded))
        return response

    def _carrying_out(
        self,
        operation: OperationSpec,
        request: PreparedRequest,
        limits: CallLimits | None,
        read: Callable[[OperationSpec, Response], Any],
    ) -> Flow[tuple[Response, Any]]:
        """Return the flow of a call. Its result is the response without secrets, and what `read` makes of it."""
        signer = getattr(request, "signer", None) or self._signer(operation)
        world = self.driver.world
        response, value = yield from call(self, operation, request, signer, limits or self.limits, world, read)
        response.request = self._blank(operation)  # the cached request holds no secrets
        response.url = str(response.request.url)
        return response, value

    def advice(self, operation: OperationSpec) -> str:
        """Return a sentence with what to do after a 401 of that operation; "" if the error's own advice is enough."""
        return self.logins.advice(operation, self.hint)

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a prepared request to this session's service once, as `requests.Session.send` does; no login is added.

        Redirects are not followed. Of the options, only `timeout` has an effect, in seconds.

        Raises:
            ArgumentError: the URL belongs to another service.
            One of adapter.FAILURES: there is no complete response.
        """
        if not f"{request.url}/".startswith(f"{self.root}/"):
            raise ArgumentError("This session sends to its own service only.", fix="Use one of your own for others.")
        seconds = options.get("timeout") or self.limits.timeout
        return self.adapter.exchange(request, Attempt(self.driver.world.clock() + seconds, seconds, ANY_AGE))

    def _blank(self, operation: OperationSpec) -> WireRequest:
        """Return the request of an operation without its parameters; it is prepared once and cached."""
        request = self._prepared.get(operation)
        if request is None:
            request = WireRequest()
            prepared = requests.Request(operation.method, self.root, headers=self.headers).prepare()
            request.__dict__.update(prepared.__dict__, headers=RequestHeaders(prepared.headers))
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


def _undecoded(_operation: OperationSpec, _response: Response) -> None:
    """Leave the response as it is."""


def arguments_without_secrets(sent: Sent) -> dict[str, Any]:
    """Return the sent values by keyword, for an error, in a new dict.

    Values of logins and under secret names, also inside of dicts, are replaced by `***`, and files by their names.
    """
    return {parameter.key: _shown(parameter, value) for parameter, value in sent}


def _shown(parameter: ParameterSpec, value: Any) -> Any:
    """Return an argument for an error: secrets and files are hidden."""
    value = getattr(value, "given", value)  # of a body that has been written
    if isinstance(value, Upload):
        return repr(value)
    return redaction.HIDDEN if parameter.login or is_secret(parameter.name) else _without_secrets(value)


def _without_secrets(value: Any) -> Any:
    """Return a value with the secret members of its objects hidden."""
    if is_dict(value):
        return {
            key: redaction.HIDDEN if is_secret(str(key)) else _without_secrets(member) for key, member in value.items()
        }
    if isinstance(value, (bytes, bytearray, memoryview)):
        return repr(Upload(value))
    return [_without_secrets(item) for item in value] if is_list(value) else value
