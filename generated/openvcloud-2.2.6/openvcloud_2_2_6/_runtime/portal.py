"""An OpenvCloud portal: a service whose calls can run as tasks, found again by their guids."""

from __future__ import annotations

from typing import Any

from .arguments import check_values
from .auth import PORTAL_ROOT
from .client import Client
from .tasks import GET, Task


class Portal(Client):
    """One running portal; the options are those of every client."""

    _login_hint = "ItsYouOnline.from_env()"

    def __init__(self, url: str, *, base_path: str = PORTAL_ROOT, **options: Any) -> None:
        super().__init__(url, base_path=base_path, **options)

    def task(self, guid: str) -> Task[Any]:
        """The task of that guid, from this or any other process."""
        [(_, checked)] = check_values(GET, {"taskguid": guid})
        return Task(self, checked)
