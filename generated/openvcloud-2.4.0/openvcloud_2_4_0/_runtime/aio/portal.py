"""Define the asynchronous client of an OpenvCloud portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..portal import PortalBase
from .client import AsyncClient

if TYPE_CHECKING:
    from .tasks import AsyncTask


class AsyncPortal(PortalBase, AsyncClient):
    """The asynchronous client of one running OpenvCloud portal.

    It takes the arguments of `ClientBase`; `base_path` is the path of the portal's API, by default `/restmachine`.
    """

    def _task_class(self) -> Any:
        from .tasks import AsyncTask

        return AsyncTask

    def task(self, guid: str) -> AsyncTask[Any]:
        """Return an AsyncTask for that guid, without a request. The task may have been started by another process.

        Whether the portal knows the task shows at its first poll.

        Raises:
            ArgumentError: the guid is not a non-empty string.
        """
        task: AsyncTask[Any] = self._task(guid)
        return task
