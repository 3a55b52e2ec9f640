"""Hide secrets in the debug log of httpcore2, which shows headers of responses and the login of a SOCKS proxy."""

from __future__ import annotations

import logging
import re

from ..redaction import HIDDEN, HideSecrets, add_log_filter

LOGGERS = ("connection", "http11", "proxy", "socks")  # those of httpcore2 that we make log
DETAILS = re.compile(r"\b(return_value|auth)=[(\[].*", re.DOTALL)


class HideDetails(logging.Filter):
    """A log filter for httpcore2: it hides the headers of responses, whose cookies act as a login, and proxy logins."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the details in the record's message. Always returns True: every record is kept."""
        if isinstance(record.msg, str) and not record.args:
            record.msg = DETAILS.sub(rf"\1={HIDDEN}", record.msg)
        return True


def guard_logs() -> None:
    """Install HideDetails and HideSecrets on httpcore2's loggers, unless they are installed already."""
    for name in LOGGERS:
        for kind in (HideDetails, HideSecrets):
            add_log_filter(f"httpcore2.{name}", kind)
