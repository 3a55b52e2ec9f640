"""What an answer means: a value, or one of our errors in the portal's own words."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from requests import Response

from . import redaction
from .connection import FIXES, failure
from .errors import DecodeError, OutcomeUnknown, OvcError, TransportError, api_error, one_line
from .operation import Operation

LONGEST = 10_000  # characters of an answer that are searched for words
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


JSON = json.JSONDecoder(parse_constant=_refuse_constant)  # NaN and Infinity are no JSON


def decode(operation: Operation, response: Response) -> Any:
    """The value of a success: JSON, bytes where a file is promised, None where there is no body."""
    content = response.content
    if operation.answer == "file":
        return content
    if not content and response.status_code != 200:
        return None
    try:
        return JSON.decode(content.decode())
    except (ValueError, RecursionError):
        page = " It is a page of HTML, perhaps a login page." if b"<html" in content[:2000].lower() else ""
    what = f"The answer of {operation.place} is not the JSON it should be.{page}"
    if operation.retry == "read":
        raise DecodeError(what, fix="Check that the URL is that of a portal.")
    raise OutcomeUnknown(what, fix="The call was taken: look at the object before you repeat it.")


def refusal(operation: Operation, response: Response) -> OvcError:
    """The error for an answer of 300 and above; no secret of the request is left in it."""
    redaction.clean(response)
    message = words(response)
    if response.is_redirect:
        message = f"a redirect to {redaction.url_without_secrets(response.headers['Location'])}, which is not followed"
    return api_error(response.status_code, message, operation=operation.place, response=response)


def words(response: Response) -> str:
    """The portal's own words: a JSON string, a page of HTML, or bare text that calls itself JSON."""
    text = response.content.decode("utf-8", "replace")[:LONGEST]
    if "html" in response.headers.get("Content-Type", ""):
        text = html.unescape(MARKUP.sub(" ", text))
    try:
        decoded = JSON.decode(text)
    except (ValueError, RecursionError):
        decoded = None
    return one_line(decoded if isinstance(decoded, str) else text)


def lost(operation: Operation, root: str, caught: Exception) -> OvcError:
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
