"""A peer in a process of its own that answers every request with JSON after a while: `python -m tests.bench.slow_peer`.

Prints its port. It speaks just enough HTTP for a bench, so that its own CPU time is small.
"""

from __future__ import annotations

import asyncio
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
FILES = 8192  # open connections


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float, head: bytes, body: bytes
) -> None:
    """Serve one connection for as long as the client keeps it."""
    try:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            found = LENGTH.search(request)
            if found:
                await reader.readexactly(int(found[1]))
            if seconds:
                await asyncio.sleep(seconds)
            writer.write(head + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(seconds: float, status: int, body: bytes) -> None:
    """Serve until the process is ended, and print the port."""
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    server = await asyncio.start_server(
        lambda reader, writer: answer(reader, writer, seconds, head, body), "127.0.0.1", 0, backlog=FILES
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def allow_many_files() -> None:
    """Let this process open as many connections as a bench needs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most) if most > 0 else FILES, most))


@contextmanager
def slow_peer(seconds: float, body: bytes = b"[]", status: int = 200) -> Iterator[str]:
    """Start a peer and give its address."""
    command = [sys.executable, "-m", "tests.bench.slow_peer", str(seconds), str(status), body.decode()]
    peer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert peer.stdout
        yield f"http://127.0.0.1:{int(peer.stdout.readline())}"
    finally:
        peer.terminate()
        peer.communicate()


if __name__ == "__main__":
    allow_many_files()
    asyncio.run(serve(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode()))
