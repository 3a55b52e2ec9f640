"""What an actor's function gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ovcgen.model.api import Api, Operation
from ovcgen.simulator.behaviours import behaviours
from ovcgen.simulator.catalog import Catalog
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.timing import Pace

Json = Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. A guest has no session; `known` is False for a token of somebody this portal has no user for."""

    name: str = "guest"
    admin: bool = False
    known: bool = False
    session: str = ""

    @property
    def guest(self) -> bool:
        return self.name == "guest"


@dataclass(frozen=True, slots=True)
class ActorCall:
    """One call whose parameters are checked. `arguments` holds unknown parameters too, as the portal passes them on."""

    operation: Operation
    arguments: Mapping[str, Json]
    caller: Caller
    now: float
    pace: Pace
    state: PortalState
    api: Api
    catalog: Catalog
    fixed_tasks: bool = False  # they tell how they failed

    def does(self, name: str) -> bool:
        """Return whether this release behaves in the way that a row of behaviours.py names."""
        return self._behaviour(name) is True

    def how(self, name: str) -> str:
        """Return the word that a row of behaviours.py has for this release."""
        return str(self._behaviour(name))

    def _behaviour(self, name: str) -> bool | str:
        return behaviours(self.api.release)[name]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call answers, and how many seconds it takes to."""

    value: Json = None
    after: float = 0.0
    status: int = 200
    file: str = ""  # the name of a file answer, whose bytes are `value`
    empty: bool = False  # no body and no Content-Type
    session: str = ""  # the session that the answer's cookie names
    text: str = ""  # the JSON of `value`, where it is written already


Behaviour = Callable[[ActorCall], Json | Outcome]
