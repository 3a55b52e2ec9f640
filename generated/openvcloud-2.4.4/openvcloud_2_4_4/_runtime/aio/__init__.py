"""The asynchronous client: the flows of the runtime, carried out on an event loop. Needs the extra `aio`."""

from __future__ import annotations

from ..errors import ClientError


class MissingLibrary(ClientError, ImportError):
    """A library of the extra `aio` is not installed: importing the asynchronous runtime raises it. An ImportError.

    Args:
        name: The name of the missing module.
        package: The name of the package whose extra `aio` is to be installed.
    """

    def __init__(self, name: str | None, package: str) -> None:
        super().__init__(f"Asynchronous clients need {name}.", fix=f"pip install '{package}[aio]'")


try:
    import anyio as anyio  # type: ignore[import-not-found,unused-ignore]
    import httpcore2 as httpcore2  # type: ignore[import-not-found,unused-ignore]
    import httpx2 as httpx2  # type: ignore[import-not-found,unused-ignore]
    import socksio as socksio  # type: ignore[import-not-found,import-untyped,unused-ignore]
except ModuleNotFoundError as error:
    raise MissingLibrary(error.name, __name__.partition(".")[0]) from None
