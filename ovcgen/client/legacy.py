"""Emulate OpenvCloud's own portal client, for scripts that were written for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.client.portal import RuntimePortal
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.tasks import Task
from ovcgen.runtime.transport import DecodedResponse


class PortalClient(RuntimePortal):
    """A portal whose tasks are returned as guids, and whose groups are also available as `.actors.<group>`."""

    @property
    def actors(self) -> PortalClient:
        """Return the portal itself: older scripts write `pcl.actors.cloudapi`."""
        return self

    def _value(self, operation: OperationSpec, arguments: Mapping[str, object], answer: DecodedResponse) -> Any:
        """Return the result of a call; for a task its guid, or its result if the call was executed at once."""
        value = super()._value(operation, arguments, answer)
        if isinstance(value, Task):
            return value.guid or value.result()
        return value
