"""Decide what follows a failure: the tables and numbers of retries and timeouts, as data.

What may be repeated depends on two things: what repeating the call does (its class) and how far the attempt came (the
moment of the failure). `TABLE` says for every pair what to do. Nothing here sends, sleeps or reads a clock.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from .errors import ArgumentError

READ, CONVERGING, CREATING = "read", "converging", "creating"
CLASSES = (READ, CONVERGING, CREATING)

TIMEOUT = 300.0  # seconds for one call, with its retries and logins
RETRIES = 2  # repetitions after the first attempt
CONNECT = 5.0  # seconds to accept a connection
READ_PATIENCE = 60.0  # seconds without a byte before a reading call is asked again
LOGIN_TIMEOUT = 30.0  # seconds for one login; the caller's timeout ends it earlier
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0  # seconds between two attempts, before jitter
LONGEST_RETRY_AFTER = 30.0  # seconds; a service that asks for more gets its next attempt after this time
IDLE_FOR_WRITES = 1.0  # seconds that a connection may have been idle to carry a call that is not a read
QUOTA, COST, COST_OF_TIMEOUT = 500, 5, 10  # retry tokens of one client, and what one retry takes
LARGEST = 64 * 1024 * 1024  # bytes of one response, after decompression
REFUSED, NO_HOST, TLS, PROXY = "connection refused", "no such host", "certificate or TLS refused", "the proxy refused"
OVERSIZE = "its body is larger than 64 MiB"
NO_SOCKS = "the proxy is a SOCKS proxy, and PySocks is not installed"
NO_TLS = f"{TLS}, because the server answers without TLS"
CERTIFICATES = "the CA bundle of that address as verify=, your own certificate as cert=, or correct the address."
FIXES = {  # what to do, by the reason of a failure
    TLS: f"Pass {CERTIFICATES}",
    NO_TLS: f"If it speaks plain http, which encrypts nothing, write http:// in the address; else pass {CERTIFICATES}",
    PROXY: "Check HTTPS_PROXY and NO_PROXY.",
    NO_SOCKS: "Install requests[socks], or correct HTTPS_PROXY.",
    NO_HOST: "Check the spelling of the address, and the name server.",
    REFUSED: "Check the address and the port, and that the service is up; it is safe to repeat.",
}
WHOLE_SECONDS = re.compile("[0-9]{1,9}")


class Moment(Enum):
    """How far an attempt to send a request came, and how it ended. The value is the text for the documentation."""

    UNSENDABLE = "the request or its proxy can't be written: invalid address, SOCKS without PySocks"
    NOT_SENT = "before the request: no such host, refused, no connection in time, reset handshake, proxy failed"
    NOT_TRUSTED = "the certificate or the TLS version was refused"
    SENT = "sent, and no status came: connection closed or reset, no answer in time"
    CUT_OFF = "a status came, and the body was cut off"
    UNREADABLE = "the body is larger than the limit, or can't be decompressed"
    PROXY_LOGIN = "407"
    LIMITED = "429"
    UNAVAILABLE = "503 of the service, in JSON"
    UNAVAILABLE_UNTIL = "503 with Retry-After"
    GATEWAY = "502, 504, or 503 in another type than JSON: the answer of a proxy"
    LOGIN_ENDED = "the login is missing, wrong or has ended"
    ANSWERED = "any other status from 300 on"
    SUCCEEDED = "a status below 300"


class Decision(Enum):
    """What to do after an attempt to send a request. The value is the text for the documentation."""

    RETRY = "send again"
    LOGIN = "log in again and send once more"
    RAISE = "raise the error"
    UNKNOWN = "raise OutcomeUnknown"
    RETURN = "return the response"


_ALIKE = {
    Moment.UNSENDABLE: Decision.RAISE,
    Moment.NOT_SENT: Decision.RETRY,
    Moment.NOT_TRUSTED: Decision.RAISE,
    Moment.PROXY_LOGIN: Decision.RAISE,
    Moment.LIMITED: Decision.RETRY,
    Moment.LOGIN_ENDED: Decision.LOGIN,
    Moment.ANSWERED: Decision.RAISE,
    Moment.SUCCEEDED: Decision.RETURN,
}
_DIFFERENT = {  # for a reading, a converging and a creating call
    Moment.SENT: (Decision.RETRY, Decision.UNKNOWN, Decision.UNKNOWN),
    Moment.CUT_OFF: (Decision.RETRY, Decision.UNKNOWN, Decision.UNKNOWN),
    Moment.UNREADABLE: (Decision.RAISE, Decision.UNKNOWN, Decision.UNKNOWN),
    Moment.UNAVAILABLE: (Decision.RETRY, Decision.RAISE, Decision.RAISE),
    Moment.UNAVAILABLE_UNTIL: (Decision.RETRY, Decision.RETRY, Decision.RAISE),
    Moment.GATEWAY: (Decision.RETRY, Decision.UNKNOWN, Decision.UNKNOWN),
}
TABLE: Mapping[Moment, Mapping[str, Decision]] = {
    moment: dict(zip(CLASSES, _DIFFERENT.get(moment) or (_ALIKE[moment],) * len(CLASSES), strict=True))
    for moment in Moment
}
BY_STATUS = {
    401: Moment.LOGIN_ENDED,
    407: Moment.PROXY_LOGIN,
    429: Moment.LIMITED,
    502: Moment.GATEWAY,
    503: Moment.UNAVAILABLE,
    504: Moment.GATEWAY,
}


def moment_of_status(status: int, *, retry_after: bool, is_json: bool) -> Moment:
    """Return the moment of a complete response.

    `retry_after` says whether it has a usable Retry-After header, `is_json` whether its content type is JSON. Both
    count only for 503.
    """
    if status < 300:
        return Moment.SUCCEEDED
    found = BY_STATUS.get(status, Moment.ANSWERED)
    if found is not Moment.UNAVAILABLE:
        return found
    return Moment.UNAVAILABLE_UNTIL if retry_after else Moment.UNAVAILABLE if is_json else Moment.GATEWAY


class Failure(NamedTuple):
    """Why an attempt has no complete response.

    Attributes:
        reason: The cause, as text.
        moment: How far the attempt came.
        timed_out: Whether the attempt failed because a timeout or its deadline passed.
        status: The status of the response that was cut off; 0 if none came.
    """

    reason: str
    moment: Moment
    timed_out: bool = False
    status: int = 0

    @property
    def sent(self) -> bool:
        """Return whether the request was sent, so that the call may have been executed."""
        return self.moment in (Moment.SENT, Moment.CUT_OFF, Moment.UNREADABLE)


class CallLimits(NamedTuple):
    """How long one call may take, and how often it is repeated.

    Attributes:
        timeout: Seconds for the whole call: all attempts, pauses and logins.
        retries: The largest number of repetitions.
    """

    timeout: float = TIMEOUT
    retries: int = RETRIES


def checked_limits(timeout: object, retries: object) -> CallLimits:
    """Return the limits of a call as CallLimits if they can be used.

    Raises:
        ArgumentError: `timeout` is not a finite number above 0, or `retries` is not an int from 0 on (no bool either).
    """
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise ArgumentError("timeout= takes seconds: a number above 0.", fix="Leave it out for 300 seconds.")
    if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
        raise ArgumentError("retries= takes a whole number: 0 or more.", fix=f"Leave it out for {RETRIES} retries.")
    return CallLimits(timeout, retries)


def backoff(retry: int, jitter: float) -> float:
    """Return the seconds to wait before a retry: `jitter` times 0.5 s, which doubles with each retry up to 20 s.

    `retry` counts from 0, `jitter` is a random number from 0 to 1.
    """
    return jitter * float(min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(retry, 16)))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a response asks to wait; None without a usable Retry-After header.

    A date counts from the `Date` header of the same response, so that the local clock does not matter (RFC 9110,
    section 10.2.3). Dates in the past mean 0; negative numbers and other texts are ignored.
    """
    text = headers.get("Retry-After", "").strip()
    if WHOLE_SECONDS.fullmatch(text):
        return float(text)
    from email.utils import parsedate_to_datetime  # takes as long as the rest of this module, and dates are rare

    try:
        wanted, now = (parsedate_to_datetime(date) for date in (text, headers.get("Date", "")))
        return max(0.0, (wanted - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


class Quota:
    """Retry tokens that the calls of one client share, so that an outage does not multiply the load.

    There are 500 at first, and never more. A retry takes 5 tokens, 10 after a timeout. A call that succeeds gives back
    what its last retry took, or 1 token. Threads may lose or gain a few tokens when they change the number at the same
    moment.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = QUOTA

    def take(self, cost: int) -> bool:
        """Take the tokens for one retry; return False, and take none, if there are too few."""
        if self.left < cost:
            return False
        self.left -= cost
        return True

    def give(self, taken: int) -> None:
        """Give tokens back after a success: those that the last retry took, or 1 if `taken` is 0 (no retry)."""
        self.left = min(QUOTA, self.left + (taken or 1))
