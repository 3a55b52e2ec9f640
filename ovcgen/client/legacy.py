"""The manners of OpenvCloud's own portal client, for scripts that were written for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.client.portal import RuntimePortal
from ovcgen.runtime.client import NONE
from ovcgen.runtime.operation import Operation
from ovcgen.runtime.tasks import Task


class PortalClient(RuntimePortal):
    """A portal whose tasks are plain guids, and whose groups are also found below `.actors`."""

    @property
    def actors(self) -> PortalClient:
        """The portal itself: older scripts write `pcl.actors.cloudapi`."""
        return self

    def call(self, operation: Operation, arguments: Mapping[str, object], unknown: Mapping[str, object] = NONE) -> Any:
        """As any portal's, but a task is its guid."""
        value = super().call(operation, arguments, unknown)
        if isinstance(value, Task):
            return value.guid or value.result()
        return value
