"""Connect to a portal on an event loop."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio.to_thread

from ovcgen.client.async_portal import AsyncRuntimePortal
from ovcgen.runtime.login_selection import AnyLogin
from ovcgen.workflows.connect import open_client, release_or_spec
from ovcgen.workflows.resolve import Source


class Connecting:
    """A portal that is not opened yet: `portal = await connecting`, or `async with connecting as portal`.

    Each use opens a new client. Only `async with` closes it at the end.

    Args:
        open_portal: Loads or fetches the catalog, and returns the client. It blocks, so it is called in a thread.
    """

    def __init__(self, open_portal: Callable[[], AsyncRuntimePortal]) -> None:
        self._open_portal = open_portal
        self._portal: AsyncRuntimePortal | None = None

    def __await__(self) -> Generator[Any, Any, AsyncRuntimePortal]:
        return self._opened().__await__()

    async def __aenter__(self) -> AsyncRuntimePortal:
        self._portal = await self._opened()
        return self._portal

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._portal is not None:
            await self._portal.aclose()

    def in_this_thread(self) -> AsyncRuntimePortal:
        """Open the portal and return its client. This blocks the thread, so use it only where no event loop runs."""
        return self._open_portal()

    async def _opened(self) -> AsyncRuntimePortal:
        """Load or fetch the catalog in a thread: reading it takes a second in which a loop would stand still."""
        return await anyio.to_thread.run_sync(self._open_portal, abandon_on_cancel=True)


def connect(
    url: str = "",
    *,
    auth: AnyLogin = None,
    release: str | None = None,
    spec: Source | None = None,
    groups: str | Iterable[str] = ("cloudapi",),
    timeout: float = 300.0,
    retries: int = 2,
    verify: bool | str = True,
    cert: str | tuple[str, str] | None = None,
    app_id: str = "",
    specs: Path | None = None,
    server: int | str = 0,
    variables: Mapping[str, str] | None = None,
) -> Connecting:
    """Return an object that opens a client for the portal at `url` or at the declared address: `await` it.

    It can also be used in `async with`, which closes the client. Arguments are those of `ovcgen.connect`, and opening
    raises the same errors; only that of giving both `release` and `spec` is raised at once.
    """
    source = release_or_spec(release, spec)

    options = {"auth": auth, "timeout": timeout, "retries": retries, "verify": verify, "cert": cert, "app_id": app_id}

    def open_portal() -> AsyncRuntimePortal:
        places = {"server": server, "variables": variables}
        portal = open_client(AsyncRuntimePortal, url, source, groups, specs, **places, **options)
        _ = portal.swagger  # bravado reads the document
        return portal

    return Connecting(open_portal)
