"""Define the asynchronous runtime client of a portal: `await portal.<group>.<actor>.<method>(...)`."""

from __future__ import annotations

from pathlib import Path

from ovcgen.client import bravado_adapter
from ovcgen.client.portal import CatalogClient
from ovcgen.runtime.aio.client import AsyncSession
from ovcgen.runtime.aio.portal import AsyncPortal
from ovcgen.runtime.aio.waiters import AsyncWaiters
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.policy import CallLimits
from ovcgen.runtime.request_building import Sent
from ovcgen.runtime.session import DecodedResponse, Session


class AsyncRuntimePortal(CatalogClient, AsyncPortal):
    """An asynchronous client whose operations come from a document at run time and are called through bravado.

    Arguments and attributes are those of CatalogClient. Calls on `swagger`, bravado's own client, block.
    """

    _session: AsyncSession
    _waiters_base = AsyncWaiters

    @property
    def _blocking_session(self) -> Session:
        return self._session.blocking

    async def exchange(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send checked values and return the decoded response.

        bravado builds the request and reads the response, as for the blocking client; only the sending is ours.
        """
        found = self._bravado_operation(operation)
        if found is None:  # the poll of a task, if the catalog does not list that operation
            return await super().exchange(operation, sent, switches=switches, to=to, limits=limits)
        return await bravado_adapter.call_async(
            found, operation, sent, self._session.exchange, switches=switches, to=to, limits=limits or self._limits
        )
