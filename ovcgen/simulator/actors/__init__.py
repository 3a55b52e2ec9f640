"""What this portal really does: one table of small functions per actor, `/cloudapi/machines/get` -> function."""

from __future__ import annotations

from ovcgen.simulator.actors import (
    accounts,
    broker,
    cloudspaces,
    copies,
    disks,
    infrastructure,
    machines,
    networks,
    portforwarding,
    system,
    users,
)
from ovcgen.simulator.call import Behaviour

BEHAVIOUR: dict[str, Behaviour] = {
    **accounts.TABLE,
    **cloudspaces.TABLE,
    **machines.TABLE,
    **copies.TABLE,
    **networks.TABLE,
    **disks.TABLE,
    **portforwarding.TABLE,
    **infrastructure.TABLE,
    **users.TABLE,
    **system.TABLE,
    **broker.TABLE,
}

__all__ = ["BEHAVIOUR"]
