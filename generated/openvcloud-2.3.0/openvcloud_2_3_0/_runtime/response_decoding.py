"""Decode HTTP responses into values or errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import redaction
from .errors import (
    ApiError,
    ClientError,
    DecodeError,
    OutcomeUnknown,
    ResponseTooLarge,
    TransportError,
    api_error,
    one_line,
)
from .media_types import JSON, is_json, is_text, json_text, plain_type, text_in
from .operation import OperationSpec
from .policy import CREATING, FIXES, OVERSIZE, PROXY, READ, Failure, Moment
from .policy import retry_after as seconds_to_wait

if TYPE_CHECKING:
    from requests import Response  # type: ignore[import-untyped,unused-ignore]

LONGEST = 10_000  # characters of a text that can become the message


def decode(operation: OperationSpec, response: Response) -> Any:
    """Return the decoded value of a successful response.

    Files are returned as bytes, everything else as the value of its JSON. An empty body is None; for operations that
    are not `plain`, it is an error if the status is 200 or the call creates something. For `plain` operations, a
    response whose content type is not JSON is returned as text or bytes. But if such an operation returns JSON, a body
    of JSON under a text type is returned as its value, and HTML is an error.

    Raises:
        DecodeError: the response of a reading call is not JSON. NaN and a name that occurs twice are none.
        OutcomeUnknown: the same for a call that may have changed something.
    """
    if operation.wire is not None:
        return operation.wire.decode(operation, response)
    content = response.content
    if operation.answer == "file":
        return content
    if not content and (operation.plain or response.status_code != 200):
        if operation.retry == CREATING and not operation.plain:
            raise unreadable_body_error(operation, response)
        return None
    kind = plain_type(response.headers.get("Content-Type", ""))
    if operation.plain and kind and not is_json(kind):
        return _other_than_json(operation, response, kind)
    try:
        return JSON.decode(json_text(content))
    except (ValueError, RecursionError):
        raise unreadable_body_error(operation, response) from None


def _other_than_json(operation: OperationSpec, response: Response, kind: str) -> Any:
    """Return the value of a response whose content type is not JSON: a string or bytes.

    If the operation returns JSON and the body is valid JSON under a wrong text type, it is decoded as JSON. An HTML
    page instead of JSON is an error.
    """
    content = response.content
    if operation.answer == "json" and is_text(kind):
        try:
            return JSON.decode(json_text(content))
        except (ValueError, RecursionError):
            if "html" in kind and "html" not in operation.accept:
                raise unreadable_body_error(operation, response) from None
    return text_in(content, response.headers.get("Content-Type", "")) if is_text(kind) else content


def unreadable_body_error(
    operation: OperationSpec, response: Response, found: str = "is not the JSON it should be"
) -> ClientError:
    """Return the error for a body that can't be decoded: DecodeError for a call that only reads, else OutcomeUnknown.

    `found` is the rest of the sentence that begins with "The answer of POST /pets".
    """
    content = response.content
    page = " It is a page of HTML, perhaps a login page." if b"<html" in content[:2000].lower() else ""
    what = f"The answer of {operation.place} {found}.{page}"
    error: DecodeError | OutcomeUnknown
    if operation.retry == READ:
        error = DecodeError(what, fix="Check that the URL is that of the service.")
    else:
        body = "no body" if not content else "a body that is not JSON" if "JSON" in found else "another body"
        error = OutcomeUnknown(
            what,
            fix="The call was taken: look at the object before you repeat it.",
            operation=operation.name,
            seen=f"status {response.status_code}, and {body}",
        )
    error.content, error.content_type = content, response.headers.get("Content-Type", "")
    return error


def refusal(operation: OperationSpec, response: Response) -> ApiError:
    """Return the ApiError for a response with a status of 300 or more. Secrets are removed from the response in place.

    The message of a redirect is its target, which is not followed.
    """
    redaction.clean(response)
    message = error_message(response)
    if response.is_redirect:
        message = f"a redirect to {redaction.url_without_secrets(response.headers['Location'])}, which is not followed"
    body = _json_in(_text(response))
    error = api_error(response.status_code, message, operation=operation.place, response=response, body=body)
    error.retry_after = seconds_to_wait(response.headers)
    return error


def error_message(response: Response) -> str:
    """Return the service's error message on one line: a JSON string, the text of an HTML page, or the body as text.

    At most 2000 characters are returned; "" for a response without a body.
    """
    from .html_text import is_page, page_text  # only refusals need it

    text = _text(response)
    decoded = _json_in(text)
    if decoded is None and is_page(text, response.headers.get("Content-Type", "")):
        text = page_text(text)  # before the text is cut: 10 kB of style sheets may precede the message
        decoded = _json_in(text)
    return one_line((decoded if isinstance(decoded, str) else text)[:LONGEST])


def _text(response: Response) -> str:
    return text_in(response.content, response.headers.get("Content-Type", ""))


def _json_in(text: str) -> Any:
    """Return the JSON value of a text, or None if it is not JSON."""
    try:
        return JSON.decode(text)
    except (ValueError, RecursionError):
        return None


def no_response_error(operation: OperationSpec, root: str, failed: Failure) -> ClientError:
    """Return the error for a call without a complete response.

    TransportError if the request was not sent, or if the operation only reads; else OutcomeUnknown. If the operation
    only reads, a response that is too large or can't be decompressed gives ResponseTooLarge or DecodeError instead.

    Args:
        operation: The called operation.
        root: The URL of the API, for the message.
        failed: Why there is no complete response.
    """
    reason = failed.reason
    if failed.moment is Moment.UNREADABLE and operation.retry == READ:
        what = f"The answer of {operation.place} can't be read: {reason}."
        if reason == OVERSIZE:
            return ResponseTooLarge(what, fix="Narrow the call down, or pass _to.")
        return DecodeError(what, fix="Check that the URL is that of the service, and what is in front of it.")
    if not failed.sent:
        return TransportError(
            f"{operation.place} did not reach {redaction.url_without_secrets(root)}: {reason}.",
            fix=FIXES.get(reason, "Check the address and the network; nothing was sent, so it is safe to repeat."),
        )
    if operation.retry == READ:
        return TransportError(
            f"The answer of {operation.place} was lost: {reason}.",
            fix="It changes nothing, so it is safe to repeat.",
            sent=True,
        )
    return OutcomeUnknown(
        f"{operation.place} was sent and its answer lost: {reason}.",
        fix="It may have been carried out: look at the object before you repeat the call.",
        operation=operation.name,
        seen=f"status {failed.status}, and then {reason}" if failed.status else reason,
    )


def proxy_login_error(operation: OperationSpec) -> TransportError:
    """Return the TransportError for status 407: the proxy requires a login, and has not sent the request on."""
    return TransportError(
        f"{operation.place} did not reach the service: the proxy asks for a login (407).", fix=FIXES[PROXY]
    )


def is_framed(response: Response) -> bool:
    """Return whether a response says where its body ends, by Content-Length or Transfer-Encoding.

    Otherwise a broken connection looks like the end of the body.
    """
    return "Content-Length" in response.headers or "Transfer-Encoding" in response.headers


def unknown_outcome_error(operation: OperationSpec, response: Response) -> OutcomeUnknown:
    """Return the error for a 502, 503 or 504 of a proxy, which may have delivered a call that changes something.

    Secrets are removed from the response in place.
    """
    error = refusal(operation, response)
    return OutcomeUnknown(
        error.what,
        fix="A proxy answered, and the call may have been carried out: look at the object before you repeat it.",
        operation=operation.name,
        seen=f"status {response.status_code} of a proxy",
    )
