"""Rows of the fault table in which a proxy stands between client and portal."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults import proxies
from tests.faults.faults import answers, closes, good, hangs, resets
from tests.faults.gate import Fault, Gate, HangUp, Peer
from tests.faults.stage import Stage
from tests.faults.table import ATTEMPTS, GOOD, LOST, SOON, UNREACHED, Expected, Row, through_a_proxy

NEVER_FORWARDED = Expected("TransportError", 6, {0})
PERHAPS_FORWARDED = Expected("OutcomeUnknown", 7, {0})
FORWARDED = Expected("OutcomeUnknown", 7, {1})
REFUSED = answers("Proxy Authentication Required", 407, Proxy_Authenticate="Basic realm=x")


def proxy(*faults: Fault, tls: bool = False, at_the_portal: Fault = good) -> Callable[[Stage], str]:
    """Return a setup in which a proxy with these faults stands before the portal."""
    return through_a_proxy(lambda _portal: faults, tls=tls, at_the_portal=at_the_portal)


def dead(*, tls: bool) -> Callable[[Stage], str]:
    """Return a setup in which nothing listens at the proxy's address."""

    def setup(stage: Stage) -> str:
        stage.proxied(f"127.0.0.1:{stage.closed_port()}")
        return stage.portal(good, context=stage.tls() if tls else None).url

    return setup


def closes_after_forwarding(portal: Gate) -> tuple[Fault, ...]:
    """Return the fault of a proxy that closes the connection once the portal has read the request."""
    return (proxies.forwards_and(portal, closes()),)


def resets_after_forwarding(portal: Gate) -> tuple[Fault, ...]:
    """Return the fault of a proxy that resets the connection once the portal has read the request."""
    return (proxies.forwards_and(portal, resets()),)


def hangs_after_forwarding(portal: Gate) -> tuple[Fault, ...]:
    """Return the fault of a proxy that forwards the request and never answers."""
    return (proxies.forwards_and(portal, hangs()),)


def ends_tunnel_after_forwarding(portal: Gate) -> tuple[Fault, ...]:
    """Return the fault of a proxy that closes the tunnel once the portal has read the request."""
    return (proxies.tunnels_until_read(portal),)


def drops(_peer: Peer) -> None:
    """Close a new connection before anything is read."""
    raise HangUp


def socks(*accepting: Fault, scheme: str = "socks5h") -> Callable[[Stage], str]:
    """Return a setup with a good portal behind a SOCKS proxy that handles its connections with these faults."""

    def setup(stage: Stage) -> str:
        gate = stage.gate(closes(), accepting=accepting)
        stage.proxied(f"{scheme}://127.0.0.1:{gate.port}")
        return stage.portal(good).url

    return setup


HTTP = (
    Row(33, "http-proxy-good", proxy(proxies.forwards), GOOD, GOOD),
    Row(33, "http-proxy-refused", dead(tls=False), UNREACHED, UNREACHED, SOON),
    Row(33, "http-proxy-407", proxy(REFUSED), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "http-proxy-closes-before-forwarding", proxy(closes()), NEVER_FORWARDED, PERHAPS_FORWARDED),
    Row(33, "http-proxy-hangs", proxy(hangs()), NEVER_FORWARDED, PERHAPS_FORWARDED, SOON),
    Row(33, "http-proxy-closes-after-forwarding", through_a_proxy(closes_after_forwarding, at_the_portal=good), LOST,
        FORWARDED),
    Row(33, "http-proxy-resets-after-forwarding", through_a_proxy(resets_after_forwarding, at_the_portal=good), LOST,
        FORWARDED),
    Row(33, "http-proxy-hangs-after-forwarding", through_a_proxy(hangs_after_forwarding, at_the_portal=good),
        Expected("TransportError", 6, range(1, ATTEMPTS + 1)), FORWARDED, SOON),
)  # fmt: skip
CONNECT = (
    Row(33, "connect-good", proxy(proxies.tunnels, tls=True), GOOD, GOOD),
    Row(33, "connect-refused", dead(tls=True), UNREACHED, UNREACHED, SOON),
    Row(33, "connect-407", proxy(REFUSED, tls=True), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "connect-503-then-good", proxy(answers("busy", 503, Connection="close"), proxies.tunnels, tls=True), GOOD,
        GOOD),
    Row(33, "connect-dropped", proxy(closes(), tls=True), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "connect-dropped-then-good", proxy(closes(), proxies.tunnels, tls=True), GOOD, GOOD),
    Row(33, "connect-reset", proxy(resets(), tls=True), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "connect-hangs", proxy(hangs(), tls=True), NEVER_FORWARDED, NEVER_FORWARDED, SOON),
    Row(33, "connect-garbage", proxy(closes(b"HELLO\r\n\r\n"), tls=True), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "connect-tunnel-closes-in-handshake", proxy(closes(proxies.ESTABLISHED), tls=True), NEVER_FORWARDED,
        NEVER_FORWARDED),
    Row(33, "connect-tunnel-ends-after-forwarding",
        through_a_proxy(ends_tunnel_after_forwarding, tls=True, at_the_portal=hangs()), LOST, FORWARDED),
    Row(33, "connect-portal-closes", proxy(proxies.tunnels, tls=True, at_the_portal=closes()), LOST, FORWARDED),
)  # fmt: skip
SOCKS = (
    Row(33, "socks-good", socks(proxies.socks), GOOD, GOOD),
    Row(33, "socks-good-by-address", socks(proxies.socks, scheme="socks5"), GOOD, GOOD),
    Row(33, "socks-hangs", socks(*[proxies.socks_hangs] * ATTEMPTS), NEVER_FORWARDED, NEVER_FORWARDED, SOON),
    Row(33, "socks-drips", socks(*[proxies.socks_drips] * ATTEMPTS), NEVER_FORWARDED, NEVER_FORWARDED, SOON),
    Row(33, "socks-refuses", socks(*[proxies.socks_refuses] * ATTEMPTS), NEVER_FORWARDED, NEVER_FORWARDED),
    Row(33, "socks-closes", socks(*[drops] * ATTEMPTS), NEVER_FORWARDED, NEVER_FORWARDED),
)
ROWS = (*HTTP, *CONNECT, *SOCKS)
