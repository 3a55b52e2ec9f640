"""Nothing but this machine: every way out is refused before a packet leaves, and loopback works."""

import asyncio
import socket
import urllib.request

import pytest

import ovcgen
from ovcgen.network_guard import NetworkRefused, is_here, loopback_only

ELSEWHERE = "192.0.2.1"  # kept for documentation: nobody is there


def datagram(method):
    """A way to send a datagram to somebody else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        method(sender)


def connect_ex():
    """The connection that returns its error."""
    with socket.socket() as connection:
        connection.connect_ex((ELSEWHERE, 80))


WAYS_OUT = {
    "create_connection": lambda: socket.create_connection((ELSEWHERE, 80), timeout=1),
    "connect_ex": connect_ex,
    "by name": lambda: socket.create_connection(("portal.example", 80), timeout=1),
    "sendto": lambda: datagram(lambda sender: sender.sendto(b"x", (ELSEWHERE, 53))),
    "sendmsg": lambda: datagram(lambda sender: sender.sendmsg([b"x"], [], 0, (ELSEWHERE, 53))),
    "getaddrinfo": lambda: socket.getaddrinfo(b"portal.example", 80),
    "gethostbyname": lambda: socket.gethostbyname("portal.example"),
    "gethostbyaddr": lambda: socket.gethostbyaddr(ELSEWHERE),
    "getnameinfo": lambda: socket.getnameinfo((ELSEWHERE, 80), 0),
    "urllib": lambda: urllib.request.urlopen(f"http://{ELSEWHERE}/", timeout=1),
    "asyncio": lambda: asyncio.run(asyncio.open_connection(ELSEWHERE, 80)),
    "ovcgen": lambda: ovcgen.connect("https://portal.example"),
}


@pytest.mark.parametrize("way", WAYS_OUT.values(), ids=WAYS_OUT)
def test_every_way_out_is_refused(way):
    """Whatever library asks; the error names the host and says what to do."""
    with (
        loopback_only(),
        pytest.raises(NetworkRefused, match=r"(192\.0\.2\.1|portal\.example) was refused.*ovc_portal"),
    ):
        way()


def test_this_machine_is_reached():
    """By address, by name, by a socket that is a file; what is no network is not looked at."""
    with loopback_only(), socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, port), timeout=5).close()
        socket.getaddrinfo(None, port)
        socket.getaddrinfo(ELSEWHERE, port)
        socket.getfqdn("")
        for end in socket.socketpair():
            end.close()
        with pytest.raises(FileNotFoundError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect("/nowhere")


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("LOCALHOST.", True),
        ("portal.localhost", True),
        ("", True),
        ("0.0.0.0", False),  # noqa: S104 - a host that is asked for
        ("::ffff:192.0.2.1", False),
        ("10.0.0.1", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
    ],
)
def test_what_counts_as_here(host, here):
    """Loopback only: not what is merely near."""
    assert is_here(host) == here


def test_the_block_ends():
    """Blocks nest, and an exception opens them too."""
    with loopback_only():
        with loopback_only(False):
            datagram(lambda sender: sender.connect((ELSEWHERE, 53)))  # sends nothing
        with pytest.raises(NetworkRefused):
            datagram(lambda sender: sender.connect((ELSEWHERE, 53)))
    datagram(lambda sender: sender.connect((ELSEWHERE, 53)))
