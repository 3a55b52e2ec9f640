"""Define the errors that only a client of an OpenvCloud portal raises.

ClientError                 OvcError is another name of it
├── ApiError
│   └── AuthExpired         419
├── TaskError               about a task; `.guid` is its id
│   ├── TaskFailed          the task failed; the message is the portal's
│   ├── TaskLost            the portal does not know the task, or no longer
│   └── TaskTimeout         the timeout passed; the task may still be running
└── WaitError               about a wait for an object; `.status` is the last status seen
    ├── WaitFailed          the object can't reach the wanted state any more
    └── WaitTimeout         the timeout passed; the object may still reach the state

ListCapped                  a warning: the list may be incomplete
"""

from __future__ import annotations

import re

from . import errors, policy
from .errors import ApiError, ClientError, one_line, sentence

OvcError = ClientError


class AuthExpired(ApiError):
    """419, a status of OpenvCloud portals: the session key is unknown or has expired."""

    fix_text = "Log in again."


errors.BY_STATUS[419] = AuthExpired
policy.BY_STATUS[419] = policy.Moment.LOGIN_ENDED
errors.INCIDENTS["eco"] = re.compile(r"\beco-\d+-[0-9a-fA-F-]{8,40}")
errors.ADVICE[re.compile("Could not find method, path was ")] = (
    "The portal's release has no such operation: `ovcgen fetch URL --release R` pins the catalog that it serves now."
)


class TaskError(ClientError):
    """An error about a task.

    The arguments `what` and `fix` are those of ClientError.

    Attributes:
        guid: The task's id.
    """

    def __init__(self, guid: str, what: str, *, fix: str) -> None:
        super().__init__(what, fix=fix)
        self.guid = guid


class TaskFailed(TaskError):
    """A task failed or was killed. Part of the work may have been done.

    Attributes:
        message: The portal's message; `it was killed` for a task that this client has killed.
    """

    def __init__(self, guid: str, message: str) -> None:
        what = sentence(f"Task {guid} failed: {one_line(message)}")
        super().__init__(guid, what, fix="Look at the object before you repeat the call.")
        self.message = message


class TaskLost(TaskError):
    """The portal does not know the task: it has restarted, or the result is older than 600 seconds."""

    def __init__(self, guid: str) -> None:
        super().__init__(
            guid,
            f"The portal does not know task {guid}: it keeps results for 600 s, and none over a restart.",
            fix="Look at the object: the work may have been done.",
        )


class TaskTimeout(TaskError):
    """A task did not end before the timeout. It may still be running and can be asked for again by its guid.

    Args:
        guid: The task's id.
        timeout: The timeout of the wait in seconds.
        failed: Why the last poll failed, as a sentence; "" if it did not.
        seen: As the attribute.

    Attributes:
        timeout: The timeout of the wait in seconds.
        seen: What its object looks like now, such as `Machine 12 is HALTED`; "" if that is not known.
    """

    def __init__(self, guid: str, timeout: float, *, failed: str = "", seen: str = "") -> None:
        polled = f"; the last poll failed: {failed.rstrip('.')}" if failed else ""
        object_seen = f" {seen}." if seen else ""
        super().__init__(
            guid,
            one_line(f"Task {guid} is still running after {timeout:g} s{polled}.{object_seen}"),
            fix="Look at the object, or repeat the call without _async: a refused call never ends as a task.",
        )
        self.timeout = timeout
        self.seen = seen


class WaitError(ClientError):
    """An object did not reach the state that was waited for.

    The arguments `what` and `fix` are those of ClientError.

    Attributes:
        waiter: The name of the waiter, such as `machine_running`.
        status: The last status seen, as in `waiters.Meaning`; "" if there was none.
    """

    def __init__(self, waiter: str, what: str, *, fix: str, status: str) -> None:
        super().__init__(one_line(what), fix=fix)
        self.waiter = waiter
        self.status = status


class WaitFailed(WaitError):
    """The object is in a state from which it can't reach the wanted one.

    Args:
        waiter: The name of the waiter, such as `machine_running`.
        subject: The name of the object, such as `Machine 12`.
        goal: The wanted state, such as `running`.
        seen: What the last poll showed, as the end of a sentence, such as `it is DESTROYED`.
        status: The last status seen.
    """

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str) -> None:
        super().__init__(
            waiter,
            f"{subject} does not become {goal}: {seen}.",
            fix="Look at the object; to wait longer does not help.",
            status=status,
        )


class WaitTimeout(WaitError):
    """The object did not reach the wanted state before the timeout. It may still reach it.

    The other arguments are those of WaitFailed.

    Attributes:
        timeout: The timeout of the wait in seconds.
    """

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str, timeout: float) -> None:
        super().__init__(
            waiter,
            f"{subject} is not {goal} after {timeout:g} s; last seen: {seen}.",
            fix="Look at the object, or wait again with a longer timeout.",
            status=status,
        )
        self.timeout = timeout


class ListCapped(UserWarning):
    """A warning: a list has as many records as the portal returns at most. The portal has no way to return the rest.

    Args:
        name: The name of the operation, such as `cloudapi.machines.list`.
        limit: The largest number of records that the portal returns.
    """

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"{name}() answered {limit} records, the most the portal sends: there may be more. "
            "Narrow the call down, by account or cloudspace where it takes one."
        )
