"""Exit codes, all of them.

0 ok · 1 the answer is no · 2 usage or configuration · 4 the portal refused (4xx) · 5 the portal failed (5xx), or its
answer can't be read · 6 never reached, safe to repeat · 7 outcome unknown, do not repeat blindly · 8 document refused
· 70 a fault of ovcgen or of the system · 130 interrupted · 143 terminated
"""

from __future__ import annotations

from ovcgen import errors
from ovcgen.runtime import errors as calls

OK, NO, USAGE, FAULT, TERMINATED = 0, 1, 2, 70, 143


class Interrupted(calls.OvcError):
    """Ctrl-C."""

    def __init__(
        self, what: str = "Interrupted.", *, fix: str = "Nothing is left half written; a task that was started goes on."
    ) -> None:
        super().__init__(what, fix=fix)


# The first class that fits decides.
CODES: tuple[tuple[type[calls.OvcError], int], ...] = (
    (Interrupted, 130),
    (errors.SpecRefused, 8),
    (errors.OutOfDate, NO),
    (calls.TaskFailed, NO),
    (calls.TaskError, 7),
    (calls.WaitFailed, NO),
    (calls.WaitError, 7),
    (calls.OutcomeUnknown, 7),
    (calls.TransportError, 6),
    (calls.ServerError, 5),
    (calls.DecodeError, 5),
    (calls.ApiError, 4),
    (calls.OvcError, USAGE),
)


def exit_code(error: calls.OvcError) -> int:
    """The code for an error, by its class."""
    return next(code for kind, code in CODES if isinstance(error, kind))
