"""Define the input and output of the functions that implement operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ovcgen.model.api import Api, Operation
from ovcgen.release_behaviours import BY_ID, behaviour_ids
from ovcgen.simulator.prepare_catalog_response import Catalog
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.timing import Pace

Json = Any


@dataclass(frozen=True, slots=True)
class Caller:
    """A record of the user who calls an operation, as identified by the credentials of the request.

    Attributes:
        name: The user name; `guest` for a caller who is not logged in.
        admin: Whether the user is an administrator of the portal.
        known: False if the token is valid but the portal has no user of that name.
        session: The session key, or "".
        by_key: Whether a session key in the parameter `authkey` identified the caller.
    """

    name: str = "guest"
    admin: bool = False
    known: bool = False
    session: str = ""
    by_key: bool = False

    @property
    def guest(self) -> bool:
        """Return whether the caller is not logged in."""
        return self.name == "guest"


@dataclass(frozen=True, slots=True)
class ActorCall:
    """A record of one call of an operation of a simulated portal, with converted and checked arguments.

    Attributes:
        operation: The operation that is called.
        arguments: The values by parameter name. Unknown parameters are included, as a portal passes them on.
        caller: The user who calls.
        now: Time of the call in seconds since the epoch.
        pace: The durations of slow work.
        state: The objects of the portal. Behaviours change them.
        api, catalog: The operations of the release, and the document that the portal serves.
        fixed_tasks: Whether tasks report how they failed, instead of running for ever as in a portal.
    """

    operation: Operation
    arguments: Mapping[str, Json]
    caller: Caller
    now: float
    pace: Pace
    state: PortalState
    api: Api
    catalog: Catalog
    fixed_tasks: bool = False

    def behaves(self, id: str) -> bool:
        """Return whether this release has the behaviour with the given id (see ovcgen/release_behaviours).

        An unknown id gives False.
        """
        return id in behaviour_ids(self.api.release)

    def behaves_here(self, id: str) -> bool:
        """Return whether this release has the behaviour with the given id, and its patterns match this operation."""
        return self.behaves(id) and BY_ID[id].touches(self.operation.path)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A record of the result of a call that succeeded. Refusals are raised instead.

    Attributes:
        value: The JSON value of the response.
        after: Seconds until the response is sent.
        status: The HTTP status.
        file: File name if the response is a file; then `value` is its bytes.
        empty: Send neither body nor Content-Type.
        session: Session key for the response's cookie.
        text: `value` as JSON, if it has been serialized already.
    """

    value: Json = None
    after: float = 0.0
    status: int = 200
    file: str = ""
    empty: bool = False
    session: str = ""
    text: str = ""


Behaviour = Callable[[ActorCall], Json | Outcome]
