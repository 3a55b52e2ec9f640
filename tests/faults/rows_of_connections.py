"""Rows of the fault table in which the connection fails before, while or after the request is sent."""

from __future__ import annotations

import datetime
import ssl

from tests.faults import faults
from tests.faults.faults import closes, dripped, drips, good, hangs, resets
from tests.faults.gate import HangUp, Peer
from tests.faults.stage import Stage
from tests.faults.table import (
    BLOCKING,
    LATE,
    LOOPS,
    LOST,
    RETRIED,
    SOON,
    UNKNOWN,
    UNREACHED,
    Expected,
    Row,
    at_a_portal,
    at_a_tls_portal,
    good_after,
)

HALF = faults.BODY[:10]
LOST_ANSWERS = {
    (5, "rst-before-status"): resets(),
    (5, "fin-before-status"): closes(),
    (5, "rst-in-headers"): resets(faults.HEAD[:30]),
    (6, "rst-in-body"): resets(faults.HEAD, HALF),
    (6, "fin-in-body"): closes(faults.HEAD, HALF),
    (7, "fin-mid-chunk"): closes(faults.CHUNKED, b"1a\r\n", HALF),
    (7, "rst-mid-chunk"): resets(faults.CHUNKED, b"1a\r\n", HALF),
    (7, "fin-between-chunks"): closes(faults.CHUNKED, b"a\r\n", HALF, b"\r\n"),
    (7, "bad-chunk-size"): closes(faults.CHUNKED, b"zz\r\n", HALF),
    (34, "bad-status-line"): closes(b"HELLO\r\n\r\n"),
    (34, "http-0.9"): closes(b"[]\n"),
    (34, "hundreds-of-headers"): closes(faults.HUNDREDS_OF_HEADERS, b"\r\n[]"),
    (34, "endless-header"): closes(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 70_000, b"\r\n\r\n[]"),
}
ENDLESS_CONTINUE = [b"HTTP/1.1 100 Continue\r\n\r\n"] * 70
NEVER_ENDING = {
    (10, "drip-headers"): drips(*dripped(faults.HEAD[:-2])),
    (10, "drip-body"): drips(faults.ENDLESS, *dripped(faults.BODY[:-1])),
    (10, "drip-chunks"): drips(faults.CHUNKED, *[b"1\r\n \r\n"] * 70),
    (11, "no-answer"): hangs(),
    (11, "hang-in-body"): hangs(faults.HEAD, HALF),
    (34, "endless-100-continue"): drips(*ENDLESS_CONTINUE),
}


UNREACHABLE = (
    Row(1, "refused", lambda stage: f"http://127.0.0.1:{stage.closed_port()}", UNREACHED, UNREACHED, SOON),
    Row(2, "no-such-host", lambda _: "http://portal.invalid", UNREACHED, UNREACHED, SOON),
    Row(3, "blackhole", lambda stage: f"http://127.0.0.1:{stage.full_port()}", UNREACHED, UNREACHED, SOON),
)
BROKEN = tuple(Row(number, name, at_a_portal(fault), LOST, UNKNOWN) for (number, name), fault in LOST_ANSWERS.items())
RECOVERED = tuple(
    Row(number, f"{name}-then-good", at_a_portal(fault, good), RETRIED, UNKNOWN)
    for (number, name), fault in LOST_ANSWERS.items()
)
# To a reader of HTTP these are complete answers without a length.
TRUNCATED_BODY, TRUNCATED_HEADERS = closes(faults.UNTIL_CLOSED, HALF), closes(faults.HEAD[:30])
UNREADABLE_TWICE = Expected("DecodeError", 5, {2, 3})
TRUNCATED = (
    Row(8, "truncated-body-then-good", at_a_portal(TRUNCATED_BODY, good), RETRIED, UNKNOWN),
    Row(8, "truncated-body", at_a_portal(TRUNCATED_BODY), UNREADABLE_TWICE, UNKNOWN),
    Row(8, "truncated-headers-then-good", at_a_portal(TRUNCATED_HEADERS, good), RETRIED, UNKNOWN),
    Row(8, "truncated-headers", at_a_portal(TRUNCATED_HEADERS), UNREADABLE_TWICE, UNKNOWN, drivers=BLOCKING),
    # h11, which reads the responses of the others, knows that the headers have no end
    Row(8, "truncated-headers", at_a_portal(TRUNCATED_HEADERS), LOST, UNKNOWN, drivers=LOOPS),
)
DEADLINES = tuple(
    Row(number, name, at_a_portal(fault), LATE, UNKNOWN, SOON) for (number, name), fault in NEVER_ENDING.items()
)


def reset(peer: Peer) -> None:
    """Break a new connection before a request is read."""
    peer.socket.recv(1)
    peer.reset()


def silent(peer: Peer) -> None:
    """Never answer the TLS handshake of a new connection."""
    peer.wait()
    raise HangUp


def expired(stage: Stage) -> str:
    """Set up a portal whose certificate has expired."""
    context = stage.tls(not_before=datetime.datetime(2020, 1, 1), not_after=datetime.datetime(2020, 2, 1))
    return stage.portal(good, context=context).url


def wants_certificate(stage: Stage) -> str:
    """Set up a TLS 1.3 portal that wants a client certificate; its refusal arrives after the client's handshake."""
    context = stage.tls()
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(str(stage.verify))
    return stage.portal(good, context=context).url


TLS = (
    Row(4, "unknown-authority", lambda stage: stage.portal(good, context=stage.tls(trusted=False)).url, UNREACHED,
        UNREACHED),
    Row(4, "wrong-host", lambda stage: stage.portal(good, context=stage.tls("portal.example")).url, UNREACHED,
        UNREACHED),
    Row(4, "expired", expired, UNREACHED, UNREACHED),
    Row(4, "no-tls-there", lambda stage: stage.portal(good).url.replace("http:", "https:"),
        Expected("TransportError", 6, {0, 1}), Expected("TransportError", 6, {0, 1})),
    Row(4, "handshake-reset-then-good", at_a_tls_portal(good, accepting=(reset,)), good_after(1), good_after(1)),
    Row(4, "handshake-hangs", at_a_tls_portal(good, accepting=(silent,) * 3), UNREACHED, UNREACHED, SOON),
    Row(4, "alert-after-handshake", wants_certificate, Expected("TransportError", 6, {0}),
        Expected("OutcomeUnknown", 7, {0})),
    Row(5, "rst-with-tls", at_a_tls_portal(resets(), good), RETRIED, UNKNOWN),
    Row(5, "fin-with-tls", at_a_tls_portal(closes(), good), RETRIED, UNKNOWN),
    Row(10, "drip-body-with-tls", at_a_tls_portal(drips(faults.ENDLESS, *dripped(faults.BODY[:-1]))), LATE, UNKNOWN,
        SOON),
)  # fmt: skip


ROWS = (*UNREACHABLE, *BROKEN, *RECOVERED, *TRUNCATED, *DEADLINES, *TLS)
