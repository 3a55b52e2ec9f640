"""The one way to a portal: sends a call, and turns whatever goes wrong into one of our errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

import requests
import urllib3
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import RequestsCookieJar
from requests.utils import default_user_agent

from . import redaction
from .arguments import ASYNC, Operation, Parameter, encode
from .auth import FORM, NoAuth, sent_key
from .errors import ArgumentError, DecodeError, OutcomeUnknown, OvcError, TransportError, api_error

CONNECT = 10.0  # seconds a portal has to accept a connection
ENDED_LOGIN = (401, 419)
NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)
IN_A_PATH = "/{}-._~!$&'()*+,;=:@%"
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)

Sent = Iterable[tuple[Parameter, Any]]


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
        self.root = _checked_url(url)
        self.auth = auth or NoAuth()
        self.timeout = timeout
        self.verify = verify
        self.headers.update({"Accept": "application/json", "User-Agent": f"{agent} {default_user_agent()}"})
        self.mount("https://", HTTPAdapter(max_retries=0))
        self.mount("http://", HTTPAdapter(max_retries=0))
        # proxies and CA bundle of the environment, looked up once and not at every call
        self._settings = self.merge_environment_settings(self.root, {}, False, verify, None)
        self._prepared: dict[Operation, PreparedRequest] = {}

    def exchange(self, operation: Operation, sent: Sent, *, as_task: bool = False) -> Answer:
        """Send one call and decode its answer; raises what runtime/errors.py draws."""
        response = self.deliver(operation, self.request_for(operation, sent, as_task=as_task))
        return Answer(response.status_code, decode(operation, response), response)

    def request_for(self, operation: Operation, sent: Sent, *, as_task: bool = False) -> PreparedRequest:
        """The request of one call, not yet signed."""
        request = self._blank(operation).copy()
        places: dict[str, list[tuple[str, str]]] = {"form": [], "query": []}
        for parameter, value in sent:
            if parameter.place in places:
                places[parameter.place].extend(encode(parameter, value))
            elif parameter.place == "path":
                hole = quote("{" + parameter.name + "}", safe=IN_A_PATH)
                request.url = str(request.url).replace(hole, quote(encode(parameter, value)[0][1], safe=""))
            elif parameter.place == "header":
                request.headers[parameter.name] = encode(parameter, value)[0][1]
        if as_task:
            places["query" if operation.method == "GET" else "form"].append((ASYNC, "true"))
        if places["query"]:
            request.url = f"{request.url}?{urlencode(places['query'])}"
        if places["form"]:
            request.body = urlencode(places["form"])
            request.headers["Content-Type"] = FORM
            request.headers["Content-Length"] = str(len(request.body))
        return request

    def deliver(self, operation: Operation, request: PreparedRequest) -> Response:
        """Sign and send; after a 401 or 419 log in again, once, where the login can."""
        signed = self._signed(request)
        response = self._once(operation, signed)
        renew = getattr(self.auth, "renew", None)
        if response.status_code in ENDED_LOGIN and renew and renew(signed):
            signed = self._signed(request)
            response = self._once(operation, signed)
        _hide_secrets(response, signed)
        if response.status_code >= 300:
            raise _refusal(operation, response, signed)
        return response

    def _signed(self, request: PreparedRequest) -> PreparedRequest:
        copy = request.copy()
        return self.auth(copy) if isinstance(self.auth, AuthBase) else copy

    def _blank(self, operation: Operation) -> PreparedRequest:
        if operation not in self._prepared:
            request = PreparedRequest()
            headers, cookies = dict(self.headers), RequestsCookieJar()
            request.prepare(method=operation.method, url=self.root, headers=headers, cookies=cookies)
            request.url = self.root + quote(operation.path, safe=IN_A_PATH)
            self._prepared[operation] = request
        return self._prepared[operation]

    def _once(self, operation: Operation, request: PreparedRequest) -> Response:
        error: OvcError | None = None
        try:
            return self.send(request, timeout=(min(CONNECT, self.timeout), self.timeout), **self._settings)
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as caught:
            error = _lost(operation, self.root, caught)
        raise error  # out here, so that the request and its secrets don't hang on the traceback

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Straight to the adapter: no redirects, no cookies, no look at ~/.netrc on the way."""
        options.pop("allow_redirects", None)
        response: Response = self.get_adapter(url=str(request.url)).send(request, **options)
        _ = response.content  # read here, so that a broken body is our error too
        return response


def _checked_url(url: str) -> str:
    parts = urllib3.util.parse_url(url) if isinstance(url, str) and url.isprintable() else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.host or parts.auth or parts.query:
        raise ArgumentError(
            f"{redaction.without_secrets(str(url))!a} is no address of a portal.",
            fix="Pass one such as https://be-g8-3.example, without user, password or query.",
        )
    return url.rstrip("/")


def _lost(operation: Operation, root: str, caught: Exception) -> OvcError:
    """The error for a call that got no answer: never sent, or perhaps carried out."""
    reason = _reason(caught)
    if isinstance(caught, (*NEVER_SENT, UnicodeError)) or reason in ("connection refused", "no such host"):
        return TransportError(
            f"{operation.place} did not reach {redaction.url_without_secrets(root)}: {reason}.",
            fix=FIXES.get(reason, "Check the address and the network; nothing was sent, so it is safe to repeat."),
        )
    if operation.retry == "read":
        return TransportError(
            f"The answer of {operation.place} was lost: {reason}.", fix="It changes nothing, so it is safe to repeat."
        )
    return OutcomeUnknown(
        f"{operation.place} was sent and its answer lost: {reason}.",
        fix="It may have been carried out: look at the object before you repeat the call.",
    )


FIXES = {
    "certificate or TLS refused": "Pass the portal's CA bundle as verify=, or correct the address.",
    "the proxy refused": "Check HTTPS_PROXY and NO_PROXY.",
    "no such host": "Check the spelling of the address, and the name server.",
    "connection refused": "Check the address and the port, and that the portal is up; it is safe to repeat.",
}


def _reason(caught: Exception) -> str:
    inner = getattr(caught.args[0], "reason", None) if caught.args else None
    if isinstance(caught, requests.exceptions.SSLError):
        return "certificate or TLS refused"
    if isinstance(caught, requests.exceptions.ProxyError):
        return "the proxy refused"
    if isinstance(inner, urllib3.exceptions.NameResolutionError):
        return "no such host"
    if isinstance(caught, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(inner, urllib3.exceptions.NewConnectionError):
        return "connection refused"
    if isinstance(caught, requests.exceptions.Timeout):
        return "no answer in time"
    return "the connection broke" if isinstance(caught, requests.RequestException) else type(caught).__name__


def _hide_secrets(response: Response, signed: PreparedRequest) -> None:
    response.request = redaction.request_without_secrets(signed)
    response.url = redaction.url_without_secrets(response.url)


def _refusal(operation: Operation, response: Response, signed: PreparedRequest) -> OvcError:
    message = _words(response)
    for secret in _secrets(signed):
        message = message.replace(secret, redaction.HIDDEN)
    if response.is_redirect:
        message = f"a redirect to {redaction.url_without_secrets(response.headers['Location'])}, which is not followed"
    return api_error(response.status_code, message, operation=operation.place, response=response)


def _secrets(signed: PreparedRequest) -> list[str]:
    """What of a request must not come back in a message."""
    _, _, token = str(signed.headers.get("Authorization", "")).partition(" ")
    return [secret for secret in (token, sent_key(signed)) if secret]


def _words(response: Response) -> str:
    """The portal's own words: a JSON string, a page of HTML, or bare text that calls itself JSON."""
    text = response.content.decode("utf-8", "replace")
    if "html" in response.headers.get("Content-Type", ""):
        text = MARKUP.sub(" ", text)
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        decoded = None
    words = decoded if isinstance(decoded, str) else text
    return " ".join(words.split())[:2000]


def decode(operation: Operation, response: Response) -> Any:
    """The value of a success: JSON, bytes where a file is promised, None where there is no body."""
    if operation.answer == "file":
        return response.content
    if not response.content and response.status_code != 200:
        return None
    try:
        return json.loads(response.content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        page = " It is a page of HTML, perhaps a login page." if b"<html" in response.content[:2000].lower() else ""
    what = f"The answer of {operation.place} is not the JSON it should be.{page}"
    if operation.retry == "read":
        raise DecodeError(what, fix="Check that the URL is that of a portal.")
    raise OutcomeUnknown(what, fix="The call was taken: look at the object before you repeat it.")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
