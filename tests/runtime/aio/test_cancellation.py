"""A call or a wait that is cancelled says what it was, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.errors import TransportError
from ovcgen.runtime.operation import OperationSpec
from tests.runtime.conftest import SILENCE, Listener, answer

pytestmark = pytest.mark.anyio
READ = OperationSpec("things.list", "POST", "/things/list", retry="read")
CREATE = OperationSpec("things.create", "POST", "/things/create")
FILE = OperationSpec("things.file", "POST", "/things/file", answer="file", retry="read")
GUID = "52071a93-b209-4731-a4d2-bed532c3a6db"
SOON = 0.3  # seconds


async def notes_of(call: Callable[[], Any], seconds: float = SOON) -> str:
    """Return the notes of the cancellation that ends a call after that many seconds."""
    notes: list[str] = []

    async def run() -> None:
        try:
            await call()
        except anyio.get_cancelled_exc_class() as cancellation:
            notes.extend(getattr(cancellation, "__notes__", ()))
            raise

    with anyio.move_on_after(seconds) as scope:
        await run()
    assert scope.cancelled_caught
    return "\n".join(notes)


async def test_a_creating_call_that_was_sent_may_have_been_carried_out(portal: Listener) -> None:
    """The note is that of OutcomeUnknown, with the operation; the same call is sent once."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        notes = await notes_of(lambda: client.call(CREATE, {}))

    assert notes.startswith("OutcomeUnknown: POST /things/create was sent and its answer lost: the call was cancelled.")
    assert "look at the object" in notes
    assert len(portal.seen) == 1


async def test_a_reading_call_is_safe_to_repeat(portal: Listener) -> None:
    """It changes nothing, whether it was sent or not."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        notes = await notes_of(lambda: client.call(READ, {}))

    assert notes.startswith("TransportError: The answer of POST /things/list was lost: the call was cancelled.")
    assert "safe to repeat" in notes


async def test_a_call_that_has_no_connection_yet_was_never_sent() -> None:
    """The queue of the port is full, so that the connection is never accepted."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with AsyncPortal(f"http://127.0.0.1:{full.getsockname()[1]}") as client:
            notes = await notes_of(lambda: client.call(CREATE, {}))
        for each in waiting:
            each.close()

    assert "POST /things/create did not reach http://127.0.0.1" in notes
    assert "nothing was sent, so it is safe to repeat" in notes


async def test_the_connection_of_a_cancelled_call_is_closed(portal: Listener) -> None:
    """The next call opens one of its own: the answer of the first might still come on the old one."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        await notes_of(lambda: client.call(READ, {}))
        portal.says(answer(1))
        assert await client.call(READ, {}) == 1

    assert len({seen.connection for seen in portal.seen}) == 2


async def test_a_cancelled_wait_leaves_the_task_running(portal: Listener) -> None:
    """Its guid is in the note, and it is not killed."""
    portal.says(answer(status=202))
    async with AsyncPortal(portal.url) as client:
        task = client.task(GUID)
        notes = await notes_of(task.result, 0.7)
        kills = [seen for seen in portal.seen if "kill" in seen.target]
        portal.says(answer([True, 7]))
        assert await task == 7

    assert f"portal.task('{GUID}')" in notes
    assert kills == []


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_timeout_of_asyncio_ends_a_call(portal: Listener) -> None:
    """`asyncio.timeout` raises TimeoutError, whose cause has the note."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        begun = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(SOON):
                await client.call(CREATE, {})

    assert time.monotonic() - begun < 2
    assert "OutcomeUnknown" in "".join(caught.value.__cause__.__notes__)  # type: ignore[union-attr]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_cancelled_task_of_asyncio_has_the_note(portal: Listener) -> None:
    """Whoever awaits the task sees it."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        running = asyncio.create_task(client.call(CREATE, {}))
        await asyncio.sleep(SOON)
        running.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await running

    assert "OutcomeUnknown" in "".join(caught.value.__notes__)


async def test_one_failure_ends_the_others(portal: Listener) -> None:
    """In a task group the calls beside a failed one are cancelled, and no thread or connection remains."""
    before = threading.active_count()

    async def fail() -> None:
        await anyio.sleep(SOON)
        raise ValueError("stop")

    async def call_together(client: AsyncPortal) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(client.call, READ, {})
            group.start_soon(fail)

    portal.says(SILENCE)
    async with AsyncPortal(portal.url) as client:
        with pytest.raises(ExceptionGroup) as caught:
            await call_together(client)

    assert [str(error) for error in caught.value.exceptions] == ["stop"]
    assert threading.active_count() - before <= 5 + 1  # those of the portal


async def test_a_cancelled_file_leaves_nothing_in_the_folder(portal: Listener, tmp_path: Path) -> None:
    """The part that was written is removed."""
    portal.react = lambda _seen: b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000
    async with AsyncPortal(portal.url, retries=0) as client:
        await notes_of(lambda: client.call(FILE, {"_to": tmp_path / "file"}))
        with anyio.fail_after(5):
            while list(tmp_path.iterdir()):
                await anyio.sleep(0.01)

    assert list(tmp_path.iterdir()) == []


async def test_a_deadline_is_no_cancellation(portal: Listener) -> None:
    """A call that takes longer than `timeout` raises TransportError, without notes."""
    portal.says(SILENCE)
    async with AsyncPortal(portal.url, timeout=SOON) as client:
        with pytest.raises(TransportError) as caught:
            await client.call(READ, {})

    assert not hasattr(caught.value, "__notes__")
