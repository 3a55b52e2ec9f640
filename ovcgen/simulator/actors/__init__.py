"""Map paths to the functions that implement them: `/cloudapi/machines/get` -> function.

Each module has a table for one actor. Operations that are in no table return sample values.
"""

from __future__ import annotations

from ovcgen.simulator.actors import (
    accounts,
    audits,
    broker,
    cloning,
    cloudspaces,
    contentmanager,
    disks,
    firewalls,
    gridmanager,
    infrastructure,
    libvirt,
    machines,
    networks,
    passwords,
    portforwarding,
    system,
    transfers,
    usermanager,
    users,
)
from ovcgen.simulator.call import Behaviour

BEHAVIOUR: dict[str, Behaviour] = {
    **accounts.TABLE,
    **cloudspaces.TABLE,
    **firewalls.TABLE,
    **machines.TABLE,
    **cloning.TABLE,
    **transfers.TABLE,
    **networks.TABLE,
    **disks.TABLE,
    **portforwarding.TABLE,
    **infrastructure.TABLE,
    **users.TABLE,
    **passwords.TABLE,
    **audits.TABLE,
    **broker.TABLE,
    **libvirt.TABLE,
    **system.TABLE,
    **usermanager.TABLE,
    **gridmanager.TABLE,
    **contentmanager.TABLE,
}

__all__ = ["BEHAVIOUR"]
