"""Log one line for each request at level DEBUG, without query, headers and body, which may contain secrets.

The logger is `ovcgen.http`, in an SDK `<package>.http`. Nothing is printed unless the application configures logging.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .redaction import HideSecrets, add_log_filter

ROOT = __name__.partition(".")[0]
LOG = logging.getLogger(f"{ROOT}.http")
logging.getLogger(ROOT).addHandler(logging.NullHandler())
add_log_filter(LOG.name, HideSecrets)


def request_note(request: Any) -> Callable[[Any], None] | None:
    """Return a function that logs a request's outcome and duration; None if the logger is not enabled for DEBUG.

    The duration begins now. The argument of the function is the outcome: a Response, a Failure or an exception. The
    line holds the method, the URL without query, the status or the reason of the failure, and the milliseconds.
    """
    if not LOG.isEnabledFor(logging.DEBUG):
        return None
    began = time.monotonic()

    def note(outcome: Any) -> None:
        came = getattr(outcome, "status_code", None) or getattr(outcome, "reason", outcome)
        milliseconds = (time.monotonic() - began) * 1000
        LOG.debug("%s %s -> %s in %.0f ms", request.method, _place(request.url), came, milliseconds)

    return note


def _place(url: str | None) -> str:
    """Return a URL without user, query and fragment."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
