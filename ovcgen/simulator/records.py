"""What a portal keeps of its objects: frozen records. A change is a new record in place of the old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ovcgen.simulator.timing import Timeline, steady

Json = Any

CONFIRMED, CREATED = steady("CONFIRMED"), steady("CREATED")
NEW = 0  # the number of a record that has none yet
FAST: Mapping[str, int] = {"total_iops_sec": 2000}
CAP = 200  # no list of a portal is longer
UNLIMITED: Mapping[str, float] = {"CU_M": -1.0, "CU_D": -1, "CU_C": -1, "CU_NP": -1, "CU_I": -1}


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can log in. `authkey` is a static key that never expires."""

    name: str
    password: str = ""
    groups: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    data: Mapping[str, Json] = field(default_factory=dict)
    authkey: str = ""
    domain: str = ""
    protected: bool = False  # made by the cloud broker: the portal's own user manager can't delete him

    @property
    def admin(self) -> bool:
        return "admin" in self.groups


@dataclass(frozen=True, slots=True)
class UserGroup:
    """Users with something in common. Who is in it, his own record says."""

    name: str
    domain: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class UserSession:
    """A login that lasts until a time."""

    user: str
    until: float


@dataclass(frozen=True, slots=True)
class Ace:
    """One user's rights on one object; not explicit when it was added on behalf of a lower object."""

    user: str
    right: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Account:
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
    external_id: int = 1  # the external network that its address is from
    firewall: str = "STARTED"  # or STOPPED; there is one from DEPLOYED on
    node_id: int = 1  # where its firewall runs
    taken_along: bool = False  # it went because its account did


@dataclass(frozen=True, slots=True)
class Machine:
    """`address` is known to callers from `address_at` on."""

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
    networks: tuple[tuple[int, str], ...] = ()  # external networks and the addresses in them
    stack_id: int = 1  # the node that it runs on
    taken_along: bool = False  # it went because its cloudspace did, and comes back with it
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All disks of a machine at one time; `guids` are pairs of disk and snapshot."""

    id: int
    machine_id: int
    name: str
    epoch: int
    guids: tuple[tuple[str, str], ...]
    until: float = float("inf")  # when the storage has thrown it away


@dataclass(frozen=True, slots=True)
class Disk:
    id: int
    name: str
    type: str
    size: int
    account_id: int
    status: Timeline
    machine_id: int | None = None
    description: str = ""
    tune: Mapping[str, int] = field(default_factory=lambda: FAST)  # limits of its input and output
    deleted: int = 0  # when it went into the recycle bin


@dataclass(frozen=True, slots=True)
class PortForward:
    """A port forward; its number is its place among those of its cloudspace."""

    id: int
    cloudspace_id: int
    public_ip: str
    public_port: int
    machine_id: int
    local_port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class Image:
    id: int
    name: str
    type: str
    size: int
    username: str | None = None
    account_id: int = 0
    description: str = ""
    status: Timeline = CREATED
    hot_resize: bool = True  # its machines take more memory, processors and room while they run


@dataclass(frozen=True, slots=True)
class Appliance:
    """A machine that was exported: where to, from when on it is there, and how large its disks are."""

    id: int
    place: str
    since: float
    image_id: int
    disks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Size:
    id: int
    memory: int
    vcpus: int
    disks: tuple[int, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class GridLocation:
    id: int
    gid: int
    name: str
    code: str
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """An external network; `addresses` are those that it may give away. Of account 0, it is everybody's."""

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
    """A physical machine; as a place for virtual ones it is the stack of the same number."""

    id: int
    gid: int
    name: str
    status: str = "ENABLED"


@dataclass(frozen=True, slots=True)
class NetworkIds:
    """The network numbers that a grid has left to give; the record's own number is the grid's."""

    id: int
    free: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Console:
    """Where a grid shows the screens of its machines."""

    id: int
    gid: int
    url: str


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A value that was left under a key, until a time."""

    value: Json
    until: float


@dataclass(frozen=True, slots=True)
class InstalledVersion:
    """A release that was, or is being, installed."""

    id: int
    name: str
    url: str
    status: Timeline
    created: int


@dataclass(frozen=True, slots=True)
class Event:
    """What a browser is told of work in the background."""

    id: int
    title: str
    text: str
    level: str
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """One call that was made; `arguments` is the JSON text of what it was given."""

    id: int
    user: str
    path: str
    status: int
    arguments: str
    time: float


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A call that runs in the background. `pair` is None for one that never ends."""

    pair: tuple[bool, Json] | None
    ends: float
