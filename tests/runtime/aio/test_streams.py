"""Streams on an event loop leave no connection behind, however they end."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import anyio
import pytest

from ovcgen.runtime.aio.client import AsyncClient
from ovcgen.runtime.errors import DecodeError, TransportError
from ovcgen.runtime.response_streams import AsyncStream
from ovcgen.runtime.styled_operation import StyledOperation
from tests.runtime.conftest import Listener, answer

pytestmark = pytest.mark.anyio
LINES = "application/x-ndjson"
WATCH = StyledOperation("things.watch", "GET", "/things", bodies=(), streams=(LINES,), retry="read")
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {LINES}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()


@pytest.fixture
def service() -> Iterator[socket.socket]:
    """A listening socket; the test answers by hand."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


async def opened(service: socket.socket, client: AsyncClient) -> tuple[AsyncStream[object], socket.socket]:
    """Return a stream whose service has sent the record 1, and the service's end of its connection."""
    connections: list[socket.socket] = []

    async def accept() -> None:
        connection, _ = await anyio.to_thread.run_sync(service.accept)
        connection.settimeout(5)
        await anyio.to_thread.run_sync(connection.recv, 65536)
        connection.sendall(HEAD + b"2\r\n1\n\r\n")
        connections.append(connection)

    async with anyio.create_task_group() as group:
        group.start_soon(accept)
        stream: AsyncStream[object] = await client.call(WATCH, {"_stream": True})
    return stream, connections[0]


async def is_closed(connection: socket.socket) -> bool:
    """Return whether the client has closed the connection; wait for it up to 5 s."""
    with connection:
        return await anyio.to_thread.run_sync(connection.recv, 1) == b""


def client_of(service: socket.socket) -> AsyncClient:
    """Return a client of the service."""
    return AsyncClient(f"http://127.0.0.1:{service.getsockname()[1]}", timeout=5.0)


async def test_leaving_the_block_closes_the_connection(service: socket.socket) -> None:
    """Also when the stream has not ended."""
    async with client_of(service) as client:
        stream, connection = await opened(service, client)
        async with stream as records:
            assert await anext(records) == 1
        assert await is_closed(connection)
        assert [record async for record in stream] == []


async def test_a_cancelled_wait_for_a_record_closes_the_connection(service: socket.socket) -> None:
    """The stream can't be read any more."""
    async with client_of(service) as client:
        stream, connection = await opened(service, client)
        assert await anext(stream) == 1
        with anyio.move_on_after(0.1) as scope:
            await anext(stream)
        assert scope.cancelled_caught
        assert await is_closed(connection)
        assert [record async for record in stream] == []


async def test_a_stream_can_be_closed_while_another_coroutine_reads(service: socket.socket) -> None:
    """That coroutine gets an error or the end, and does not wait for ever."""
    async with client_of(service) as client:
        stream, connection = await opened(service, client)
        assert await anext(stream) == 1
        ended = anyio.Event()

        async def read() -> None:
            with pytest.raises(Exception, match="lost"):
                await anext(stream)
            ended.set()

        with anyio.fail_after(3):
            async with anyio.create_task_group() as group:
                group.start_soon(read)
                await anyio.sleep(0.1)
                await stream.aclose()
        assert ended.is_set()
        assert await is_closed(connection)


async def test_the_loop_goes_on_between_two_records(service: socket.socket) -> None:
    """Other coroutines run while a stream waits."""
    async with client_of(service) as client:
        stream, connection = await opened(service, client)
        assert await anext(stream) == 1
        began = time.monotonic()

        async def write() -> None:
            await anyio.sleep(0.1)
            connection.sendall(b"2\r\n2\n\r\n0\r\n\r\n")

        async with anyio.create_task_group() as group:
            group.start_soon(write)
            assert [record async for record in stream] == [2]
        assert 0.1 <= time.monotonic() - began < 2.0
        connection.close()


async def test_a_response_that_is_no_stream_closes_its_connection(service: socket.socket) -> None:
    """Its body may be endless."""
    async with client_of(service) as client:
        ended: list[bool] = []

        async def serve() -> None:
            connection, _ = await anyio.to_thread.run_sync(service.accept)
            connection.settimeout(5)
            await anyio.to_thread.run_sync(connection.recv, 65536)
            connection.sendall(HEAD.replace(LINES.encode(), b"text/html"))
            ended.append(await is_closed(connection))

        async with anyio.create_task_group() as group:
            group.start_soon(serve)
            with pytest.raises(DecodeError, match="is text/html, and no stream"):
                await client.call(WATCH, {"_stream": True})
        assert ended == [True]


async def test_a_client_closes_its_streams(service: socket.socket) -> None:
    """One that had not ended is lost, and does not look as if it had."""
    async with client_of(service) as client:
        stream, connection = await opened(service, client)
        assert await anext(stream) == 1
    assert await is_closed(connection)
    with pytest.raises(TransportError, match="the client was closed"):
        await anext(stream)


async def test_many_streams_at_once(portal: Listener) -> None:
    """Each has a connection of its own."""
    portal.says(answer(b"1\n2\n", kind=LINES))
    async with AsyncClient(portal.url) as client:
        streams = [await client.call(WATCH, {"_stream": True}) for _ in range(5)]  # type: ignore[var-annotated]
        assert [[record async for record in stream] for stream in streams] == [[1, 2]] * 5
        assert len({seen.connection for seen in portal.seen}) == 5
        again: AsyncStream[int] = await client.call(WATCH, {"_stream": True})
        assert [record async for record in again] == [1, 2]
        assert len({seen.connection for seen in portal.seen}) == 5
