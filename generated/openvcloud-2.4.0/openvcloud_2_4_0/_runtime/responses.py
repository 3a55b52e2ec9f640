# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""What an answer means: a value, or one of our errors in the portal's own words."""

from __future__ import annotations

import json
from typing import Any

from requests import Response

from . import redaction
from .adapter import FIXES, failure
from .errors import DecodeError, OutcomeUnknown, OvcError, TransportError, api_error, one_line
from .markup import is_page, page_text
from .media import is_json, is_text, json_text, plain_type, text_in
from .operation import OperationSpec

LONGEST = 10_000  # characters of a text or of JSON that are searched for words


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


JSON = json.JSONDecoder(parse_constant=_refuse_constant)  # NaN and Infinity are no JSON


def decode(operation: OperationSpec, response: Response) -> Any:
    """The value of a success: JSON, bytes where a file is promised, None where there is no body.

    Answers of plain calls that say of themselves that they are no JSON are texts or bytes.
    """
    content = response.content
    if operation.answer == "file":
        return content
    if not content and (operation.plain or response.status_code != 200):
        return None
    kind = plain_type(response.headers.get("Content-Type", ""))
    if operation.plain and kind and not is_json(kind):
        return _other_than_json(operation, response, kind)
    try:
        return JSON.decode(json_text(content))
    except (ValueError, RecursionError):
        raise _unreadable(operation, content) from None


def _other_than_json(operation: OperationSpec, response: Response, kind: str) -> Any:
    """What an answer holds that says of itself that it is no JSON: a text or bytes.

    Where JSON was promised, JSON under a wrong name is taken for what it is, and a page of HTML is an error.
    """
    content = response.content
    if operation.answer == "json" and is_text(kind):
        try:
            return JSON.decode(json_text(content))
        except (ValueError, RecursionError):
            if "html" in kind and "html" not in operation.accept:
                raise _unreadable(operation, content) from None
    return text_in(content, response.headers.get("Content-Type", "")) if is_text(kind) else content


def _unreadable(operation: OperationSpec, content: bytes) -> OvcError:
    page = " It is a page of HTML, perhaps a login page." if b"<html" in content[:2000].lower() else ""
    what = f"The answer of {operation.place} is not the JSON it should be.{page}"
    if operation.retry == "read":
        return DecodeError(what, fix="Check that the URL is that of a portal.")
    return OutcomeUnknown(what, fix="The call was taken: look at the object before you repeat it.")


def refusal(operation: OperationSpec, response: Response) -> OvcError:
    """The error for an answer of 300 and above; no secret of the request is left in it."""
    redaction.clean(response)
    message = words(response)
    if response.is_redirect:
        message = f"a redirect to {redaction.url_without_secrets(response.headers['Location'])}, which is not followed"
    body = _json_in(text_in(response.content))
    return api_error(response.status_code, message, operation=operation.place, response=response, body=body)


def words(response: Response) -> str:
    """The service's own words: a JSON string, the text of an HTML page, or bare text that calls itself JSON."""
    text = text_in(response.content)
    decoded = _json_in(text)
    if decoded is None and is_page(text, response.headers.get("Content-Type", "")):
        text = page_text(text)  # first cleaned, then cut: what is shown may stand behind 10 kB of style sheets
        decoded = _json_in(text)
    return one_line((decoded if isinstance(decoded, str) else text)[:LONGEST])


def _json_in(text: str) -> Any:
    """The value that a text is in JSON, None where it is none."""
    try:
        return JSON.decode(text)
    except (ValueError, RecursionError):
        return None


def lost(operation: OperationSpec, root: str, caught: Exception) -> OvcError:
    """The error for a call that got no answer: never sent, or perhaps carried out."""
    reason, sent = failure(caught)
    if not sent:
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
