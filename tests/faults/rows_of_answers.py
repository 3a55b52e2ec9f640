"""Rows of the fault table in which the portal sends a wrong answer."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults import faults
from tests.faults.faults import answers, closes, good, page, redirects
from tests.faults.stage import Stage
from tests.faults.table import (
    GOOD,
    RETRIED,
    SOON,
    UNKNOWN,
    UNREADABLE,
    Expected,
    Row,
    at_a_portal,
    at_a_tls_portal,
    refused,
)

SEVERAL = range(1, 4)
BUSY = refused("ServerError", 5, {3})
CRASH = refused("ServerError", 5)
LIMITED = refused("RateLimited", 4, SEVERAL)
REDIRECTED = refused("ApiError", 4)
HOUR = "3600"


def elsewhere(status: int, target: str = "/x") -> Callable[[Stage], str]:
    """Return a setup in which the portal redirects to a second server, which must receive no request."""

    def setup(stage: Stage) -> str:
        stranger = stage.stranger(good)
        return stage.portal(redirects(f"{stranger.url}{target}", status)).url

    return setup


def downgrade(stage: Stage) -> str:
    """Set up a portal with TLS that redirects to a server without TLS."""
    stranger = stage.stranger(good)
    return stage.portal(redirects(f"{stranger.url}/x", 307), context=stage.tls()).url


REFUSALS = (
    Row(12, "500-eco", at_a_portal(page(500)), CRASH, CRASH),
    Row(13, "502-then-good", at_a_portal(page(502), good), RETRIED, UNKNOWN),
    Row(13, "504-then-good", at_a_portal(page(504), good), RETRIED, UNKNOWN),
    Row(13, "502", at_a_portal(page(502)), BUSY, UNKNOWN),
    Row(13, "504", at_a_portal(page(504)), BUSY, UNKNOWN),
    Row(13, "503", at_a_portal(page(503)), BUSY, UNKNOWN),
    Row(14, "503-retry-after-then-good", at_a_portal(page(503, Retry_After="1"), good), RETRIED, CRASH, waits=1.0),
    Row(14, "503-retry-after-an-hour", at_a_portal(page(503, Retry_After=HOUR)), Expected("ServerError", 5, SEVERAL),
        CRASH, SOON),
    Row(15, "429-retry-after-then-good", at_a_portal(page(429, Retry_After="1"), good), RETRIED, RETRIED, waits=1.0),
    Row(15, "429-date-then-good",
        at_a_portal(page(429, Date=faults.DATE, Retry_After=faults.IN_ONE_SECOND), good), RETRIED, RETRIED, waits=1.0),
    Row(15, "429-garbage-then-good", at_a_portal(page(429, Retry_After="soon"), good), RETRIED, RETRIED),
    Row(15, "429-negative-then-good", at_a_portal(page(429, Retry_After="-5"), good), RETRIED, RETRIED),
    Row(15, "429-an-hour", at_a_portal(page(429, Retry_After=HOUR)), LIMITED, LIMITED, SOON),
    Row(15, "429-astronomic", at_a_portal(page(429, Retry_After="9" * 400)), LIMITED, LIMITED, SOON),
    Row(15, "429-date", at_a_portal(page(429, Date=faults.DATE, Retry_After=faults.IN_SEVEN_SECONDS)), LIMITED, LIMITED,
        SOON),
    Row(16, "419-static-key", at_a_portal(answers("session expired", 419)), refused("AuthExpired"),
        refused("AuthExpired")),
    Row(17, "401-static-token", at_a_portal(page(401)), refused("Unauthorized"), refused("Unauthorized")),
    Row(37, "404-no-such-method", at_a_portal(answers("Could not find method", 404)), refused("NotFound"),
        refused("NotFound")),
)  # fmt: skip
REDIRECTS = (
    Row(32, "302-other-host", elsewhere(302), REDIRECTED, REDIRECTED),
    Row(32, "307-other-host", elsewhere(307), REDIRECTED, REDIRECTED),
    Row(32, "308-other-host", elsewhere(308), REDIRECTED, REDIRECTED),
    Row(32, "307-downgrade", downgrade, REDIRECTED, REDIRECTED),
    Row(32, "307-loop", at_a_portal(redirects(faults.CREATE, 307)), REDIRECTED, REDIRECTED),
    Row(32, "302-file", at_a_portal(redirects("file:///etc/passwd", 302)), REDIRECTED, REDIRECTED),
    Row(32, "302-nowhere", at_a_portal(answers(b"", 302, "text/html")), REDIRECTED, REDIRECTED),
)
BODIES = (
    Row(28, "login-page", at_a_portal(answers(faults.LOGIN_PAGE, kind=faults.HTML)), UNREADABLE, UNKNOWN),
    *(
        Row(30 if name in ("huge-integer", "deep", "not-a-number", "infinity", "duplicate-keys") else 29, name,
            at_a_portal(answers(body)), UNREADABLE, UNKNOWN)
        for name, body in faults.UNREADABLE.items()
    ),
    Row(29, "byte-order-mark", at_a_portal(answers(b"\xef\xbb\xbf[]"), good), GOOD, None),
    Row(31, "80-megabytes", at_a_portal(faults.large), UNREADABLE, UNKNOWN, 20.0),
    Row(31, "gzip-bomb", at_a_portal(closes(faults.bomb())), UNREADABLE, UNKNOWN, 20.0),
    Row(31, "not-gzip", at_a_portal(answers(b"[]", Content_Encoding="gzip")), Expected("DecodeError", 5, SEVERAL),
        UNKNOWN),
)  # fmt: skip
PROMISES = tuple(
    Row(28, name, at_a_portal(fault), None, UNKNOWN)
    for name, fault in {
        "202-empty": closes(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"),
        "203-empty": closes(b"HTTP/1.1 203 Other\r\nContent-Length: 0\r\n\r\n"),
        "204": closes(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "206-empty": closes(b"HTTP/1.1 206 Part\r\nContent-Length: 0\r\n\r\n"),
    }.items()
)
INTERIM = (
    Row(34, "100-continue", at_a_portal(faults.interim(100)), GOOD, GOOD),
    Row(34, "102-processing", at_a_portal(faults.interim(102, 102)), GOOD, GOOD),
    Row(34, "103-early-hints", at_a_portal(faults.interim(103)), GOOD, GOOD),
    Row(34, "103-with-tls", at_a_tls_portal(faults.interim(103)), GOOD, GOOD),
)
ROWS = (*REFUSALS, *REDIRECTS, *BODIES, *PROMISES, *INTERIM)
