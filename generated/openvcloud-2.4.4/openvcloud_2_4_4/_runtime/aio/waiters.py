"""Poll on an event loop until an object has a wanted state or a timeout passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

from ..waiters import PATIENCE, Waiter, WaitersBase
from .driver import AsyncDriver

if TYPE_CHECKING:
    from ..polling import Progress
    from .client import AsyncClient

T = TypeVar("T")


class AsyncWaiters(WaitersBase):
    """Waits until objects have a wanted state: `await portal.wait.machine_running(machineId=12)`.

    All methods take `timeout`, in seconds (600 by default), and `on_progress`, which is called (not awaited) with a
    Progress after every poll. They return the object, or None if its deletion was awaited. They raise WaitFailed,
    WaitTimeout, NotFound (the first poll found no object), or the error of a poll that does not pass, such as
    Unauthorized. Wrong arguments raise TypeError or ArgumentError, as for a call.
    """

    def __init__(self, portal: AsyncClient) -> None:
        super().__init__(portal)
        self._driver = AsyncDriver()

    async def _until(
        self,
        waiter: Waiter,
        arguments: Mapping[str, object],
        *,
        timeout: float = PATIENCE,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> T:  # type: ignore[type-var,unused-ignore] # pyright: ignore[reportInvalidTypeVarUse]
        """Poll until the object has the wanted state and return it; the errors are those of `Waiters`."""
        poll = self._poll(waiter, arguments, timeout)
        async with aclosing(self._driver.events(poll.polling(self._driver.world))) as events:
            async for progress in events:
                if on_progress:
                    on_progress(progress)
        outcome: T = poll.outcome()
        return outcome
