"""Wait on an event loop for the end of a flow that a thread, this loop or another one carries out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

import anyio  # type: ignore[import-not-found,unused-ignore]
from anyio.lowlevel import current_token  # type: ignore[import-not-found,unused-ignore]

from ..single_flight import SharedFlow


async def has_ended(shared: SharedFlow, seconds: float) -> bool:
    """Wait on this loop for the end of a shared flow, at most that many seconds, and return whether it has ended.

    The loop is not blocked. The thread or loop that ends the flow wakes this one. An error of the flow is not raised.
    """
    ended, loop = anyio.Event(), cast("Any", current_token().native_token)
    soon = getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon  # asyncio's, and trio's

    def wake() -> None:
        with suppress(RuntimeError):  # this loop has ended meanwhile: nobody waits in it
            soon(ended.set)

    shared.when_ended(wake)
    with anyio.move_on_after(max(0.0, seconds)):
        await ended.wait()
        return True
    return False
