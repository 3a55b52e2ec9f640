"""Map paths to the functions that implement them: `/cloudapi/machines/get` -> function.

Each module has a table for one actor. Operations that are in no table return sample values.
"""

from __future__ import annotations

from ovcgen.simulator.actors import (
    accounts,
    audits,
    broker,
    catalog_and_tasks,
    cloudspaces,
    disks,
    external_network_addresses,
    firewalls,
    libvirt,
    locations_sizes_images,
    machine_copies,
    machines,
    ovf_transfers,
    physical_machines,
    portforwarding,
    small_system_actors,
    user_passwords,
    usermanager,
    users,
)
from ovcgen.simulator.operation_call import Behaviour

BEHAVIOUR: dict[str, Behaviour] = {
    **accounts.TABLE,
    **cloudspaces.TABLE,
    **firewalls.TABLE,
    **machines.TABLE,
    **machine_copies.TABLE,
    **ovf_transfers.TABLE,
    **external_network_addresses.TABLE,
    **disks.TABLE,
    **portforwarding.TABLE,
    **locations_sizes_images.TABLE,
    **users.TABLE,
    **user_passwords.TABLE,
    **audits.TABLE,
    **broker.TABLE,
    **libvirt.TABLE,
    **catalog_and_tasks.TABLE,
    **usermanager.TABLE,
    **physical_machines.TABLE,
    **small_system_actors.TABLE,
}

__all__ = ["BEHAVIOUR"]
