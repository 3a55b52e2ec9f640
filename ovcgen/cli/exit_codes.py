"""Define all exit codes, and map errors to them.

0    success
1    a difference was found, a task or check failed, or a call was not confirmed
2    usage or configuration error
4    the portal refused the call (4xx)
5    the portal failed (5xx), or its response can't be read
6    the portal was not reached, repeating is safe
7    the outcome is unknown, do not repeat blindly
8    the document was refused
70   an error of ovcgen or of the operating system
130  interrupted (Ctrl-C)
143  terminated (SIGTERM)
"""

from __future__ import annotations

from ovcgen import errors
from ovcgen.cli.confirmation import Declined
from ovcgen.runtime import errors as calls
from ovcgen.runtime import portal_errors as portal_calls

OK, NO, USAGE, FAULT, TERMINATED = 0, 1, 2, 70, 143


class Interrupted(calls.ClientError):
    """An error: the user pressed Ctrl-C (exit code 130).

    Args:
        what, fix: What happened, and what to do, as sentences.
        guid: The id of the task that was waited for, which continues; "" for none.

    Attributes:
        guid: The same id.
    """

    def __init__(
        self,
        what: str = "Interrupted.",
        *,
        fix: str = "Nothing is left half written; a task that was started goes on.",
        guid: str = "",
    ) -> None:
        super().__init__(what, fix=fix)
        self.guid = guid


class Terminated(calls.ClientError):
    """An error: the process received SIGTERM (exit code 143).

    Args:
        what, fix: What happened, and what to do, as sentences.
        guid: The id of the task that was waited for, which continues; "" for none.

    Attributes:
        guid: The same id.
    """

    def __init__(self, what: str, *, fix: str, guid: str = "") -> None:
        super().__init__(what, fix=fix)
        self.guid = guid


# The first class that matches decides.
CODES: tuple[tuple[type[calls.ClientError], int], ...] = (
    (Interrupted, 130),
    (Terminated, TERMINATED),
    (errors.SpecRefused, 8),
    (errors.OutOfDate, NO),
    (Declined, NO),
    (portal_calls.TaskFailed, NO),
    (portal_calls.TaskError, 7),
    (portal_calls.WaitFailed, NO),
    (portal_calls.WaitError, 7),
    (calls.OutcomeUnknown, 7),
    (calls.TransportError, 6),
    (calls.ServerError, 5),
    (calls.DecodeError, 5),
    (calls.ApiError, 4),
    (calls.ClientError, USAGE),
)


def exit_code(error: calls.ClientError) -> int:
    """Return the exit code of an error: that of the first class in `CODES` of which the error is an instance.

    A ClientError of no other class gives 2, as errors of usage do.
    """
    return next(code for kind, code in CODES if isinstance(error, kind))
