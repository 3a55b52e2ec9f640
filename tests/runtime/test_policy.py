"""The numbers and rules of retries, at their edges."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.policy import (
    FIXES,
    LARGEST,
    OVERSIZE,
    QUOTA,
    CallLimits,
    Failure,
    Moment,
    Quota,
    backoff,
    checked_limits,
    moment_of_status,
    retry_after,
)

DATE, LATER = "Mon, 30 Nov 2026 10:00:00 GMT", "Mon, 30 Nov 2026 10:00:12 GMT"


CERTIFICATES = "the CA bundle of that address as verify=, your own certificate as cert=, or correct the address."


@pytest.mark.parametrize("limits", [(0.001, 0), (1, 1), (0.5, 3), (300.0, 10**6)])
def test_limits_that_can_be_used(limits: tuple[float, int]) -> None:
    """A timeout is any finite number above 0, and retries are any whole number from 0 on."""
    assert checked_limits(*limits) == CallLimits(*limits) == limits


@pytest.mark.parametrize("timeout", [True, "5", None, 0, -1, math.inf, math.nan])
def test_a_timeout_that_is_no_number_above_0_is_refused(timeout: object) -> None:
    """The error says what a timeout is, and which one is the default."""
    with pytest.raises(ArgumentError) as caught:
        checked_limits(timeout, 2)
    assert (caught.value.what, caught.value.fix) == (
        "timeout= takes seconds: a number above 0.",
        "Leave it out for 300 seconds.",
    )


@pytest.mark.parametrize("retries", [True, "2", None, 1.5, -1])
def test_retries_that_are_no_whole_number_are_refused(retries: object) -> None:
    """The error says what retries are, and how many are the default."""
    with pytest.raises(ArgumentError) as caught:
        checked_limits(5.0, retries)
    assert (caught.value.what, caught.value.fix) == (
        "retries= takes a whole number: 0 or more.",
        "Leave it out for 2 retries.",
    )


@pytest.mark.parametrize(
    ("status", "header", "json", "moment"),
    [
        (299, False, False, Moment.SUCCEEDED),
        (300, True, True, Moment.ANSWERED),
        (301, False, False, Moment.ANSWERED),
        (401, False, True, Moment.LOGIN_ENDED),
        (407, False, True, Moment.PROXY_LOGIN),
        (429, True, True, Moment.LIMITED),
        (500, True, True, Moment.ANSWERED),
        (502, True, True, Moment.GATEWAY),
        (503, True, True, Moment.UNAVAILABLE_UNTIL),
        (503, True, False, Moment.UNAVAILABLE_UNTIL),
        (503, False, True, Moment.UNAVAILABLE),
        (503, False, False, Moment.GATEWAY),
        (504, True, True, Moment.GATEWAY),
    ],
)
def test_a_status_says_how_far_a_call_came(status: int, header: bool, json: bool, moment: Moment) -> None:
    """Only a 503 depends on the header Retry-After and on the content type."""
    assert moment_of_status(status, retry_after=header, is_json=json) is moment


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": " 12 "}, 12.0),
        ({"Retry-After": "999999999"}, 999999999.0),
        ({"Retry-After": "1000000000"}, None),
        ({"Retry-After": LATER, "Date": DATE}, 12.0),
        ({"Retry-After": DATE, "Date": LATER}, 0.0),
        ({"Retry-After": LATER}, None),
        ({"Date": DATE}, None),
        ({"Retry-After": LATER.replace("GMT", "-0000"), "Date": DATE}, None),
    ],
)
def test_a_service_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, or a date after the date of the response; everything else is ignored."""
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("moment", list(Moment))
def test_a_failure_says_whether_the_call_may_have_been_executed(moment: Moment) -> None:
    """It may have been from the moment on that the request was sent until a complete response came."""
    assert Failure("any", moment).sent is (moment in (Moment.SENT, Moment.CUT_OFF, Moment.UNREADABLE))


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        ("certificate or TLS refused", f"Pass {CERTIFICATES}"),
        (
            "certificate or TLS refused, because the server answers without TLS",
            f"If it speaks plain http, which encrypts nothing, write http:// in the address; else pass {CERTIFICATES}",
        ),
        ("the proxy refused", "Check HTTPS_PROXY and NO_PROXY."),
        (
            "the proxy is a SOCKS proxy, and PySocks is not installed",
            "Install requests[socks], or correct HTTPS_PROXY.",
        ),
        ("no such host", "Check the spelling of the address, and the name server."),
        (
            "connection refused",
            "Check the address and the port, and that the service is up; it is safe to repeat.",
        ),
    ],
)
def test_a_cause_says_what_to_do(cause: str, advice: str) -> None:
    """Every cause that a user can mend has advice of its own, by the text that the error says."""
    assert FIXES[cause] == advice


def test_a_body_that_is_too_large_says_what_is_allowed() -> None:
    """The reason names the limit."""
    assert f"its body is larger than {LARGEST / 2**20:g} MiB" == OVERSIZE


def test_pauses_are_limited() -> None:
    """Also after very many retries a pause is 20 s before jitter, and can be computed."""
    given: list[Any] = [backoff(0, 1.0), backoff(5, 1.0), backoff(6, 0.5), backoff(10**9, 1.0), backoff(3, 0.0)]
    assert given == [0.5, 16.0, 10.0, 20.0, 0.0]


def test_a_quota_gives_its_last_token() -> None:
    """A retry takes exactly the tokens that are left, but no more than that; the quota is never more than full."""
    quota = Quota()
    assert (quota.take(QUOTA + 1), quota.left) == (False, QUOTA)
    assert (quota.take(QUOTA), quota.left) == (True, 0)
    assert (quota.take(1), quota.left) == (False, 0)
    quota.give(0)
    quota.give(5)
    assert quota.left == 6
    quota.give(QUOTA)
    assert quota.left == QUOTA


def test_what_is_not_given_is_the_default() -> None:
    """A failure came before any status and was not too slow; a call has 300 seconds and two retries."""
    assert Failure("reset", Moment.SENT) == ("reset", Moment.SENT, False, 0)
    assert CallLimits() == (300.0, 2)
