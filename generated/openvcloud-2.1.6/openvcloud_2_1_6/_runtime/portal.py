"""Define the client of an OpenvCloud portal: calls can run as tasks, which are found again by guid."""

from __future__ import annotations

from typing import Any

from .arguments import check_values
from .auth import PORTAL_ROOT
from .client import Client
from .tasks import GET, Task


class Portal(Client):
    """The client of one running portal.

    It takes the options of `Client`; `base_path` is the path of the portal's API.
    """

    _login_hint = "ItsYouOnline.from_env()"

    def __init__(self, url: str, *, base_path: str = PORTAL_ROOT, **options: Any) -> None:
        super().__init__(url, base_path=base_path, **options)

    def task(self, guid: str) -> Task[Any]:
        """Return the task with that guid, without a request. It may have been started by another process.

        Raises:
            ArgumentError: the guid is not a non-empty string.
        """
        [(_, checked)] = check_values(GET, {"taskguid": guid})
        return Task(self, checked)
