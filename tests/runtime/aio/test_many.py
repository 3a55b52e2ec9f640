"""Many calls and many tasks at once: connections, requests per second and memory have limits."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import anyio
import pytest
from requests import Response

from ovcgen.runtime.aio.adapter import MOST
from ovcgen.runtime.aio.driver import AsyncDriver
from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.aio.tasks import AsyncTask, as_completed, wait
from ovcgen.runtime.errors import TransportError
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.session import DecodedResponse
from tests.runtime.conftest import Listener, answer

pytestmark = pytest.mark.anyio
READ = OperationSpec("things.list", "POST", "/things/list", retry="read")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"


class Peer:
    """A service on the loop of the test, which answers after a while and counts what it does at the same time.

    Attributes:
        url: Its address.
        open: The number of connections that are open.
        most: The largest number of requests at the same time.
        connections: The number of connections that it accepted.
    """

    def __init__(self, seconds: float) -> None:
        self.url = ""
        self.most = self.connections = self.open = self._now = 0
        self._seconds = seconds

    async def serve(self, stream: anyio.abc.SocketStream) -> None:
        """Serve one connection for as long as the client keeps it."""
        self.connections += 1
        self.open += 1
        async with stream:
            try:
                while await stream.receive():
                    self._now += 1
                    self.most = max(self.most, self._now)
                    await anyio.sleep(self._seconds)
                    self._now -= 1
                    await stream.send(ANSWER)
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return
            finally:
                self.open -= 1


@asynccontextmanager
async def peer(seconds: float) -> AsyncIterator[Peer]:
    """Open a peer."""
    served = Peer(seconds)
    async with await anyio.create_tcp_listener(local_host="127.0.0.1", backlog=1000) as listener:
        served.url = f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}"  # noqa: S610
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, served.serve)
            yield served
            group.cancel_scope.cancel()


async def test_a_connection_in_use_is_closed_after_its_response_if_the_client_was_closed() -> None:
    """A call that runs while its client is closed goes on; then no connection is open, and a further call opens one."""
    async with peer(0.05) as served:
        client = AsyncPortal(served.url)
        async with anyio.create_task_group() as group:
            group.start_soon(client.call, READ, {})
            while not served.most:
                await anyio.sleep(0.001)
            await client.aclose()
        with anyio.fail_after(5):
            while served.open:
                await anyio.sleep(0.001)
        assert await client.call(READ, {}) == []
        assert await client.call(READ, {}) == []
        assert (served.connections, served.open) == (2, 1)
        await client.aclose()


async def test_a_thousand_calls_at_once_share_the_connections() -> None:
    """They are made on one thread, over at most 250 connections."""
    results: list[Any] = []
    async with peer(0.05) as served, AsyncPortal(served.url) as client:
        before = threading.active_count()

        async def call() -> None:
            results.append(await client.call(READ, {}))

        async with anyio.create_task_group() as group:
            for _ in range(1000):
                group.start_soon(call)
        assert threading.active_count() <= before + 2  # those of the loop itself

    assert results == [[]] * 1000
    assert served.most <= MOST
    assert served.connections <= MOST


async def test_a_call_waits_for_a_connection_until_its_deadline() -> None:
    """It was never sent then."""
    errors: list[TransportError] = []
    async with peer(30) as served, AsyncPortal(served.url, retries=0) as client:

        async def call() -> None:
            try:
                await client.with_options(timeout=0.5).call(READ, {})
            except TransportError as error:
                errors.append(error)

        async with anyio.create_task_group() as group:
            for _ in range(MOST):
                group.start_soon(client.call, READ, {})
            while served.most < MOST:
                await anyio.sleep(0.05)
            await call()
            group.cancel_scope.cancel()

    assert [error.sent for error in errors] == [False]


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class ManyTasks:
    """A portal that polls are made to; a task ends at its third poll."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.polls: dict[str, int] = {}
        self.times: list[float] = []
        self.now = self.most = 0

    async def exchange(self, _operation: OperationSpec, sent: Any, **_options: Any) -> DecodedResponse:
        [(_, guid)] = sent
        self.times.append(self.clock())
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.lowlevel.checkpoint()
        self.now -= 1
        self.polls[guid] = self.polls.get(guid, 0) + 1
        if self.polls[guid] < 3:
            return DecodedResponse(202, None, Response())
        return DecodedResponse(200, [True, guid], Response())

    def tasks(self, number: int) -> list[AsyncTask[Any]]:
        """Return that many tasks, on the clock of the test."""
        driver = AsyncDriver(sleep=self.clock.sleep, clock=self.clock)
        tasks: list[AsyncTask[Any]] = [AsyncTask(self, str(each)) for each in range(number)]  # type: ignore[arg-type]
        for task in tasks:
            task._driver = driver
        return tasks


@pytest.mark.slow
async def test_ten_thousand_tasks_are_polled_in_one_loop() -> None:
    """At most 100 requests a second, 20 at the same time, and 100 MiB of memory."""
    portal = ManyTasks(Clock())
    tracemalloc.start()
    tasks = portal.tasks(10_000)
    done = [await task async for task in as_completed(tasks, timeout=100_000)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sorted(done, key=int) == [str(number) for number in range(10_000)]
    assert portal.most == 20
    assert max(later - earlier for earlier, later in zip(portal.times, portal.times[120:], strict=False)) > 1.0
    assert len(portal.times) / portal.clock.now <= 101
    assert peak < 100 * 1024 * 1024


async def test_whoever_has_enough_stops_early() -> None:
    """The polling ends with the loop over the tasks, on trio without a warning, too."""
    portal = ManyTasks(Clock())
    async with aclosing(as_completed(portal.tasks(50))) as completed:
        first = await anext(completed)
    polls = len(portal.times)
    await anyio.sleep(0.05)

    assert first.last_status == "done"
    assert len(portal.times) == polls


async def test_the_note_of_a_cancelled_wait_names_the_tasks() -> None:
    """Of many the first ones, and how many there are more."""
    portal = ManyTasks(Clock())
    portal.polls = dict.fromkeys(map(str, range(30)), -1_000_000)
    tasks = portal.tasks(30)
    notes: list[str] = []

    async def waiting() -> None:
        try:
            await wait(tasks, timeout=1e9)
        except anyio.get_cancelled_exc_class() as cancellation:
            notes.extend(cancellation.__notes__)
            raise

    with anyio.move_on_after(0.1):
        await waiting()

    [note] = notes
    assert note.startswith("Still running on the portal: 0, 1, 2, ")
    assert note.endswith("19 and 10 more. portal.task('0') finds one again.")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_client_can_be_used_on_one_loop_after_the_other(portal: Listener, backend: str) -> None:
    """The connections of a loop that has ended are not used on the next one, nor closed there."""
    portal.says(answer([]))
    client = AsyncPortal(portal.url)

    results = [anyio.run(client.call, READ, {}, backend=backend) for _ in range(3)]
    anyio.run(client.aclose, backend=backend)

    assert results == [[]] * 3
    assert len({seen.connection for seen in portal.seen}) == 3
    gc.collect()  # the connections that were left open, here and not in a later test


async def test_waiting_ends_with_what_has_ended() -> None:
    """The others are still running."""
    portal = ManyTasks(Clock())
    tasks = portal.tasks(50)

    ended, running = await wait(tasks, timeout=0.5)
    everything = await wait(tasks, timeout=100)

    assert len(ended) + len(running) == 50
    assert running
    assert (everything.ended, everything.running) == (tasks, [])
    assert await wait([]) == ([], [])
    assert [task async for task in as_completed([])] == []
