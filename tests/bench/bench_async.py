"""Asynchronous calls beside httpx2, aiohttp and threads: the same portal, the same five fields.

Run by `make bench`. First the CPU time of one call after the other, relative to `httpx2.AsyncClient.post(...).json()`;
then 1,000 calls at once on a peer that takes 0.2 s for each, over at most 250 connections. Lower is better.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx2

from ovcgen.runtime.aio.adapter import MOST
from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.portal import Portal
from tests.bench.bench_calls import BODY, CREATE, FORM, TOKEN
from tests.bench.slow_peer import allow_many_files, slow_peer

CALLS, ROUNDS = 200, 7
AT_ONCE, SECONDS = 1000, 0.2
HEADERS = {"Authorization": f"bearer {TOKEN}", "Accept": "application/json"}
PATH = "/restmachine/cloudapi/machines/create"
BASELINE = "httpx2.AsyncClient.post(...).json()"

Call = Callable[[], Awaitable[Any]]


@dataclass
class Machine:
    """What openapi-python-client makes of each object of an answer."""

    id: int
    name: str
    status: str


async def through_httpx2(url: str, stack: AsyncExitStack) -> Call:
    """What a careful script would write."""
    limits = httpx2.Limits(max_connections=MOST, max_keepalive_connections=MOST)
    client = await stack.enter_async_context(httpx2.AsyncClient(headers=HEADERS, timeout=300, limits=limits))

    async def call() -> Any:
        return (await client.post(url + PATH, data=FORM)).json()

    return call


async def as_openapi_python_client(url: str, stack: AsyncExitStack) -> Call:
    """What a function does that openapi-python-client has generated: `asyncio(client=client, body=body)`."""
    limits = httpx2.Limits(max_connections=MOST, max_keepalive_connections=MOST)
    client = await stack.enter_async_context(
        httpx2.AsyncClient(base_url=url, headers=HEADERS, timeout=300, limits=limits)
    )

    async def call() -> Any:
        keywords: dict[str, Any] = {"method": "post", "url": PATH, "data": dict(FORM)}
        response = await client.request(**keywords)
        return [Machine(**each) for each in response.json()] if response.status_code == 200 else None

    return call


async def through_aiohttp(url: str, stack: AsyncExitStack) -> Call:
    """The same with aiohttp."""
    connector = aiohttp.TCPConnector(limit=MOST)
    session = await stack.enter_async_context(aiohttp.ClientSession(headers=HEADERS, connector=connector))

    async def call() -> Any:
        async with session.post(url + PATH, data=FORM) as response:
            return await response.json()

    return call


async def through_the_runtime(url: str, stack: AsyncExitStack) -> Call:
    """What a method of an asynchronous SDK does."""
    portal = await stack.enter_async_context(AsyncPortal(url, auth=Bearer(TOKEN)))

    async def call() -> Any:
        return await portal.call(CREATE, FORM)

    return call


WAYS = {
    BASELINE: through_httpx2,
    "openapi-python-client's asyncio, over httpx2": as_openapi_python_client,
    "aiohttp.ClientSession.post(...).json()": through_aiohttp,
    "await AsyncClient.call": through_the_runtime,
}


async def one_after_the_other() -> dict[str, float]:
    """Return the CPU seconds of this thread for one call, by way; the best round counts."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(slow_peer(0.0, BODY))
        calls = {name: await way(url, stack) for name, way in WAYS.items()}
        best = dict.fromkeys(calls, float("inf"))
        for _ in range(ROUNDS):
            for name, call in calls.items():
                begun = time.thread_time()
                for _ in range(CALLS):
                    await call()
                best[name] = min(best[name], (time.thread_time() - begun) / CALLS)
    return best


async def all_at_once(way: Callable[[str, AsyncExitStack], Awaitable[Call]], url: str) -> tuple[float, float]:
    """Return the seconds and the CPU seconds of 1,000 calls at once."""
    async with AsyncExitStack() as stack:
        call = await way(url, stack)
        begun, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(call() for _ in range(AT_ONCE)))
        return time.monotonic() - begun, time.process_time() - cpu


def all_in_threads(url: str) -> tuple[float, float]:
    """Return the same for the blocking client in 250 threads."""
    with Portal(url, auth=Bearer(TOKEN)) as portal, ThreadPoolExecutor(MOST) as threads:
        begun, cpu = time.monotonic(), time.process_time()
        list(threads.map(lambda _: portal.call(CREATE, FORM), range(AT_ONCE)))
        return time.monotonic() - begun, time.process_time() - cpu


def main() -> None:
    """Print both tables."""
    allow_many_files()
    best = asyncio.run(one_after_the_other())
    for name, spent in best.items():
        print(f"{spent / best[BASELINE]:5.2f}  {spent * 1e6:6.0f} us  {name}")
    with slow_peer(SECONDS, BODY) as url:
        for name, way in WAYS.items():
            wall, cpu = min(asyncio.run(all_at_once(way, url)) for _ in range(3))
            print(f"{wall:5.2f} s, {cpu:5.2f} s CPU  1,000 at once: {name}")
        wall, cpu = min(all_in_threads(url) for _ in range(3))
        print(f"{wall:5.2f} s, {cpu:5.2f} s CPU  1,000 at once: Client.call in {MOST} threads")


if __name__ == "__main__":
    main()
