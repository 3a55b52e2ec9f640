"""Define the objects of a portal as frozen records. A change replaces a record by a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ovcgen.simulator.timing import Timeline, steady

Json = Any

CONFIRMED, CREATED = steady("CONFIRMED"), steady("CREATED")
NEW = 0  # the id of a record that is not stored yet
FAST: Mapping[str, int] = {"total_iops_sec": 2000}
CAP = 200  # maximum length of a portal's lists
UNLIMITED: Mapping[str, float] = {"CU_M": -1.0, "CU_D": -1, "CU_C": -1, "CU_NP": -1, "CU_I": -1}


@dataclass(frozen=True, slots=True)
class User:
    """A record of a user who can log in to a simulated portal.

    Attributes:
        name: The user name, which identifies the user.
        password: As text; "" for a user without one.
        groups: Names of user groups; `admin` makes an administrator.
        data: Free data, set with `users/setData`.
        authkey: A static key that never expires, or "".
        protected: Created by the cloud broker; `usermanager/delete` refuses to delete the user.
    """

    name: str
    password: str = ""
    groups: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    data: Mapping[str, Json] = field(default_factory=dict)
    authkey: str = ""
    domain: str = ""
    protected: bool = False

    @property
    def admin(self) -> bool:
        """Return whether the user is an administrator of the portal."""
        return "admin" in self.groups


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A record of a group of users. The members are stored in `User.groups`."""

    name: str
    domain: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class UserSession:
    """A record of a login session of the user named `user`. It ends at `until`, in seconds since the epoch."""

    user: str
    until: float


@dataclass(frozen=True, slots=True)
class Ace:
    """A record of the rights of one user on one object (access control entry).

    Attributes:
        user: The user name.
        right: Letters: R read, C create, X execute, D delete, U manage users, A administrate.
        explicit: False if the entry was added automatically for rights on a lower object.
    """

    user: str
    right: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """A record of a customer account, which owns cloudspaces.

    Attributes:
        acl: The rights of users on it.
        created, updated: In seconds since the epoch.
        status: Its status over time.
        limits: The largest amount of each cloud unit (see resource_quotas.py) that it may use; -1 means unlimited.
        send_access_emails: Whether users are told by email that they got access.
    """

    id: int
    name: str
    acl: tuple[Ace, ...]
    created: int
    updated: int
    status: Timeline = CONFIRMED
    limits: Mapping[str, float] = field(default_factory=lambda: UNLIMITED)
    send_access_emails: bool = True


@dataclass(frozen=True, slots=True)
class Cloudspace:
    """A record of a cloudspace: a private network of machines with a firewall.

    Attributes:
        created, updated: In seconds since the epoch.
        public_ip: The public address of its firewall.
        secret: Random text from which passwords of the firewall are derived.
        gid: The id of its grid.
        network: The private network of its machines, with the prefix length.
        sizes: Ids of the allowed machine sizes; empty means all.
        limits: As for an account.
        external_id: The id of the external network that `public_ip` belongs to.
        firewall: STARTED or STOPPED. The firewall exists from status DEPLOYED on.
        node_id: The id of the node on which the firewall runs.
        taken_along: Whether it was deleted together with its account.
    """

    id: int
    account_id: int
    name: str
    acl: tuple[Ace, ...]
    status: Timeline
    created: int
    updated: int
    public_ip: str
    secret: str
    location: str
    gid: int
    network: str = "192.168.103.0/24"
    description: str = ""
    sizes: tuple[int, ...] = ()
    limits: Mapping[str, float] = field(default_factory=lambda: UNLIMITED)
    external_id: int = 1
    firewall: str = "STARTED"
    node_id: int = 1
    taken_along: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """A record of a virtual machine of a simulated portal.

    Attributes:
        status: Its status over time.
        memory: MB.
        created, updated: In seconds since the epoch.
        address: Private IP address. Callers see it from the time `address_at` on.
        login, password: The credentials of its operating system.
        size_id: The id of its size; 0 if memory and vcpus were chosen freely.
        clone_of: Id of the source machine, or 0.
        networks: Pairs of an external network's id and the machine's address in it.
        stack_id: The id of the node on which it runs.
        taken_along: Whether it was deleted together with its cloudspace; then it is restored together with it.
    """

    id: int
    cloudspace_id: int
    name: str
    status: Timeline
    image_id: int
    size_id: int
    memory: int
    vcpus: int
    created: int
    updated: int
    address: str
    address_at: float
    login: str
    password: str
    acl: tuple[Ace, ...] = ()
    description: str = ""
    clone_of: int = 0
    networks: tuple[tuple[int, str], ...] = ()
    stack_id: int = 1
    taken_along: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A record of a copy of all disks of a machine at one time.

    Attributes:
        epoch: When it was made, in seconds since the epoch.
        guids: Pairs of a disk's guid and the guid of its snapshot.
        until: When the storage has deleted it, in seconds since the epoch; infinite if it was not deleted.
    """

    id: int
    machine_id: int
    name: str
    epoch: int
    guids: tuple[tuple[str, str], ...]
    until: float = float("inf")


@dataclass(frozen=True, slots=True)
class Disk:
    """A record of a disk of a machine, or of an unattached one.

    Attributes:
        type: B boot, D data, M metadata, C CD-ROM, P physical.
        size: GB.
        machine_id: The machine that it is attached to; None for an unattached one.
        tune: I/O limits by name, such as `total_iops_sec`.
        deleted: When it was put into the recycle bin, in seconds since the epoch, or 0.
    """

    id: int
    name: str
    type: str
    size: int
    account_id: int
    status: Timeline
    machine_id: int | None = None
    description: str = ""
    tune: Mapping[str, int] = field(default_factory=lambda: FAST)
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class PortForward:
    """A record of a rule that forwards a port of a public address to a port of a machine (`local_port`).

    The API identifies it by its index among those of its cloudspace, not by `id`. `protocol` is `tcp` or `udp`.
    """

    id: int
    cloudspace_id: int
    public_ip: str
    public_port: int
    machine_id: int
    local_port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class Image:
    """A record of an image from which machines are made.

    Attributes:
        size: The size of the boot disk in GB.
        username: The user name to log in with on its machines; None for the default.
        account_id: The owner; 0 for an image of all accounts.
        hot_resize: Whether its machines can be resized while they run.
    """

    id: int
    name: str
    type: str
    size: int
    username: str | None = None
    account_id: int = 0
    description: str = ""
    status: Timeline = CREATED
    hot_resize: bool = True


@dataclass(frozen=True, slots=True)
class Appliance:
    """A record of a machine that was exported as OVF, so that it can be imported again.

    Attributes:
        place: URL of the folder that it was exported to.
        since: When the export is complete, in seconds since the epoch.
        disks: Disk sizes in GB.
    """

    id: int
    place: str
    since: float
    image_id: int
    disks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A record of a machine size. `memory` is in MB, `disks` are the possible disk sizes in GB."""

    id: int
    memory: int
    vcpus: int
    disks: tuple[int, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class GridLocation:
    """A record of a place, such as a data centre, with one grid of nodes.

    Attributes:
        gid: The id of the grid.
        code: The name by which calls select the location.
        settings: The settings of the grid by name.
    """

    id: int
    gid: int
    name: str
    code: str
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """A record of an external network, whose public addresses cloudspaces and machines get.

    Attributes:
        account_id: The owner; 0 for a network of all accounts.
        addresses: The addresses that can be assigned to cloudspaces and machines.
        pings: Addresses that are pinged to check the connection.
    """

    id: int
    name: str
    account_id: int = 0
    subnet: str = ""
    gateway: str = ""
    addresses: tuple[str, ...] = ()
    gid: int = 0
    vlan: int | None = None
    pings: tuple[str, ...] = ("8.8.8.8",)


@dataclass(frozen=True, slots=True)
class Node:
    """A record of a physical machine of the grid `gid`. The stack (hypervisor) on it has the same id."""

    id: int
    gid: int
    name: str
    status: str = "ENABLED"


@dataclass(frozen=True, slots=True)
class NetworkIds:
    """A record of the free network ids of a grid. `id` is the id of the grid."""

    id: int
    free: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Console:
    """A record of the URL of a server that shows the consoles of the machines in the grid `gid`."""

    id: int
    gid: int
    url: str


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A record of a value that a client stored under a key until the time `until`, in seconds since the epoch."""

    value: Json
    until: float


@dataclass(frozen=True, slots=True)
class InstalledVersion:
    """A record of a release of OpenvCloud that was installed or is being installed.

    Attributes:
        name: The release, such as `2.4.5`.
        status: `INSTALLING`, `CURRENT`, `PREVIOUS` or `ERROR`, over time.
        created: When its installation began, in seconds since the epoch.
    """

    id: int
    name: str
    url: str
    status: Timeline
    created: int


@dataclass(frozen=True, slots=True)
class Event:
    """A record of a message about work in the background, which the portal shows in the browser.

    Attributes:
        level: How the browser shows it, such as `success` or `error`.
    """

    id: int
    title: str
    text: str
    level: str
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """A record of one call that changed something, in the portal's audit log.

    Attributes:
        user: The name of the user who called.
        path: The path of the operation.
        status: The HTTP status of the response.
        arguments: The JSON text of its arguments, without secrets.
        time: When it was made, in seconds since the epoch.
    """

    id: int
    user: str
    path: str
    status: int
    arguments: str
    time: float


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A record of a call that runs in the background, with its result.

    Attributes:
        pair: (True, result) or (False, error message); None for a task that never ends.
        ends: When the call ends, in seconds since the epoch.
        refusal: Status and text of the refusal because of which a task never ends, which the caller never gets; "" for
            other tasks.
    """

    pair: tuple[bool, Json] | None
    ends: float
    refusal: str = ""
