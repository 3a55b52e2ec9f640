"""List what earlier releases of OpenvCloud do differently: one record for each behaviour, with its releases.

The simulator asks for a behaviour by its id and never compares releases itself. A comparison of two releases uses the
behaviours that differ:

    behaviour_ids("2.2.6")                # frozenset({"machine-delete-destroys", ...})
    for behaviour in differing("2.2.6", "2.4.5"):
        behaviour.title, behaviour.description("2.2.6"), behaviour.description("2.4.5"), behaviour.level

A new release needs records only for its differences from the release before.
"""

from __future__ import annotations

from functools import cache

from ovcgen.release_behaviours.accounts import ACCOUNTS
from ovcgen.release_behaviours.cloudspaces import CLOUDSPACES
from ovcgen.release_behaviours.deletion import DELETION
from ovcgen.release_behaviours.disks_images import DISKS_AND_IMAGES
from ovcgen.release_behaviours.machine_copies import MACHINE_COPIES
from ovcgen.release_behaviours.machines import MACHINES
from ovcgen.release_behaviours.nodes_system import NODES_AND_SYSTEM
from ovcgen.release_behaviours.port_forwards import PORT_FORWARDS
from ovcgen.release_behaviours.portal_core import PORTAL_CORE
from ovcgen.release_behaviours.release_behaviour import Level, ReleaseBehaviour
from ovcgen.release_behaviours.rights import RIGHTS

TOPICS: dict[str, tuple[ReleaseBehaviour, ...]] = {
    "Deletion and the recycle bin": DELETION,
    "Formats, logins, errors and background calls": PORTAL_CORE,
    "Rights, sessions and users": RIGHTS,
    "Accounts, access lists and consumption": ACCOUNTS,
    "Cloudspaces and firewalls": CLOUDSPACES,
    "Machines": MACHINES,
    "Snapshots, clones and templates": MACHINE_COPIES,
    "Disks, images, sizes and external networks": DISKS_AND_IMAGES,
    "Port forwards": PORT_FORWARDS,
    "Nodes, grids and the system group": NODES_AND_SYSTEM,
}
BEHAVIOURS = tuple(behaviour for listed in TOPICS.values() for behaviour in listed)
BY_ID = {behaviour.id: behaviour for behaviour in BEHAVIOURS}

__all__ = ["BEHAVIOURS", "BY_ID", "TOPICS", "Level", "ReleaseBehaviour", "behaviour_ids", "differing"]


@cache
def behaviour_ids(release: str) -> frozenset[str]:
    """Return the ids of the behaviours (`machine-delete-destroys`, ...) that a release has. The set is cached.

    A name that does not begin with a digit counts as the newest release.
    """
    return frozenset(behaviour.id for behaviour in BEHAVIOURS if behaviour.is_in(release))


def differing(old: str, new: str) -> tuple[ReleaseBehaviour, ...]:
    """Return the behaviours whose description differs between the two releases, in the order of `BEHAVIOURS`."""
    return tuple(behaviour for behaviour in BEHAVIOURS if behaviour.description(old) != behaviour.description(new))
