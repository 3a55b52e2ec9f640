"""The asynchronous driver: steps, shared logins, and work that is done in threads."""

from __future__ import annotations

import threading
import time
from typing import Any

import anyio
import pytest
from requests import PreparedRequest, Response

from ovcgen.runtime.aio.driver import LARGE, AsyncDriver
from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.blocking_driver import Driver
from ovcgen.runtime.call_flow import Ask, AskAll, Emit, Flow, RunShared, Send, Sleep, World
from ovcgen.runtime.errors import ArgumentError, ClientError, TransportError
from ovcgen.runtime.oauth import OAuth2
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.portal import Portal
from tests.runtime.conftest import Listener, Seen, answer

pytestmark = pytest.mark.anyio
READ = OperationSpec("things.list", "POST", "/things/list", retry="read")
FAR = time.monotonic() + 3600


class Canned:
    """An adapter that returns one response."""

    def __init__(self, response: Response) -> None:
        self.response = response

    async def exchange(self, _request: PreparedRequest, _attempt: Any) -> Response:
        return self.response


def response_of(size: int) -> Response:
    """Return a response with a body of that many bytes."""
    response = Response()
    response.__dict__.update(_content=b"x" * size, _content_consumed=True, status_code=200)
    return response


def thread_after_sending() -> Flow[int]:
    """Send a request, and return the thread in which the flow goes on."""
    yield Send(PreparedRequest(), FAR, 1.0)
    return threading.get_ident()


@pytest.mark.parametrize(("size", "is_here"), [(10, True), (LARGE, True), (LARGE + 1, False)])
async def test_a_large_response_is_read_in_a_thread(size: int, is_here: bool) -> None:
    """What a flow makes of more than 1 MiB of JSON does not hold up the loop."""
    driver = AsyncDriver(Canned(response_of(size)))  # type: ignore[arg-type]

    assert (await driver.run(thread_after_sending()) == threading.get_ident()) is is_here


async def test_steps_are_carried_out() -> None:
    """Calls, sleeps and events; the errors of calls are raised in the flow, or are among the answers."""
    refused = ArgumentError("no", fix="none")
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def good(seconds: float) -> str:
        return f"in {seconds} s"

    async def bad(_seconds: float) -> str:
        raise refused

    def flow() -> Flow[Any]:
        yield Sleep(2.0)
        yield Emit("event")
        first = yield Ask(good, 1.0)
        both = yield AskAll((Ask(good, 2.0), Ask(bad, 2.0)))
        try:
            yield Ask(bad, 1.0)
        except ClientError as error:
            return first, both, error

    driver = AsyncDriver(sleep=sleep)

    assert await driver.run(flow()) == ("in 1.0 s", ["in 2.0 s", refused], refused)
    assert [event async for event in driver.events(flow())] == ["event"]
    assert slept == [2.0, 2.0]


async def test_an_error_of_the_program_is_not_wrapped() -> None:
    """A TypeError among several calls is raised as it is."""

    async def wrong(_seconds: float) -> None:
        raise TypeError("wrong")

    def flow() -> Flow[Any]:
        return (yield AskAll((Ask(wrong, 1.0), Ask(wrong, 1.0))))

    with pytest.raises(TypeError, match="wrong"):
        await AsyncDriver().run(flow())


async def test_calls_at_the_same_time_are_made_at_the_same_time() -> None:
    """Twenty that wait for each other come back."""
    count, all_there = 0, anyio.Event()

    async def meet(_seconds: float) -> int:
        nonlocal count
        count += 1
        if count == 20:
            all_there.set()
        await all_there.wait()
        return count

    def flow() -> Flow[list[int]]:
        return (yield AskAll(tuple(Ask(meet, 1.0) for _ in range(20))))

    with anyio.fail_after(5):
        assert await AsyncDriver().run(flow()) == [20] * 20


def token(_seen: Seen) -> bytes:
    """Answer a token, after a moment in which others ask for it, too."""
    time.sleep(0.1)
    return answer({"access_token": "t0ken-of-the-server", "token_type": "bearer", "expires_in": 3600})


async def test_a_hundred_calls_log_in_once(portal: Listener, elsewhere: Listener) -> None:
    """All of them wait for the one that does."""
    portal.says(answer([]))
    elsewhere.react = token
    auth = OAuth2(f"{elsewhere.url}/token", "me", "s3cret")
    async with AsyncPortal(portal.url, auth=auth) as client, anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(client.call, READ, {})

    assert len(elsewhere.seen) == 1
    assert {seen.header("Authorization") for seen in portal.seen} == {"Bearer t0ken-of-the-server"}
    assert len(portal.seen) == 100


async def test_threads_and_the_loop_log_in_once(portal: Listener, elsewhere: Listener) -> None:
    """A login is shared by blocking and asynchronous clients of one process."""
    portal.says(answer([]))
    elsewhere.react = token
    auth = OAuth2(f"{elsewhere.url}/token", "me", "s3cret")
    with Portal(portal.url, auth=auth) as blocking:
        async with AsyncPortal(portal.url, auth=auth) as client, anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(client.call, READ, {})
                group.start_soon(anyio.to_thread.run_sync, blocking.call, READ, {})

    assert len(elsewhere.seen) == 1
    assert len(portal.seen) == 10


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_login_ends_well_after_a_loop_that_waited_for_it(backend: str) -> None:
    """Whoever logs in wakes those who wait; a loop that has ended meanwhile does no harm."""
    begun, may_end, errors = threading.Event(), threading.Event(), list[object]()

    def login(_world: World, _deadline: float) -> Flow[None]:
        begun.set()
        may_end.wait(5)
        yield Sleep(0)

    def flow() -> Flow[Any]:
        return (yield RunShared(("loop", backend), login, FAR)).error

    def log_in() -> None:
        try:
            errors.append(Driver().run(flow()))
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    async def give_up() -> None:
        with anyio.move_on_after(0.05):
            await AsyncDriver().run(flow())

    thread = threading.Thread(target=log_in)
    thread.start()
    begun.wait(5)
    anyio.run(give_up, backend=backend)
    may_end.set()
    thread.join(5)

    assert errors == [None]


async def test_another_one_logs_in_for_one_who_was_cancelled() -> None:
    """Those who waited for the cancelled one do not fail with it."""
    begun: list[int] = []

    def login(_world: World, _deadline: float) -> Flow[None]:
        begun.append(1)
        yield Sleep(0.3)

    def flow() -> Flow[Any]:
        shared = yield RunShared("key", login, FAR)
        if shared.error is not None:
            shared = yield RunShared("key", login, FAR)
        return shared.error

    results: list[Any] = []

    async def wait() -> None:
        results.append(await AsyncDriver().run(flow()))

    async with anyio.create_task_group() as group:
        with anyio.move_on_after(0.1):
            group.start_soon(wait_a_moment, wait)
            await AsyncDriver().run(flow())

    assert results == [None]
    assert len(begun) == 2


async def wait_a_moment(call: Any) -> None:
    """Make a call when the others have begun."""
    await anyio.sleep(0.02)
    await call()


async def test_a_login_that_takes_too_long_is_not_waited_for() -> None:
    """The deadline of the one who waits counts."""

    def login(_world: World, _deadline: float) -> Flow[None]:
        yield Sleep(0.5)

    def flow(deadline: float) -> Flow[Any]:
        return (yield RunShared("slow", login, deadline)).error

    async with anyio.create_task_group() as group:
        group.start_soon(AsyncDriver().run, flow(FAR))
        await anyio.sleep(0.05)
        error = await AsyncDriver().run(flow(time.monotonic() + 0.1))

    assert isinstance(error, TransportError)
