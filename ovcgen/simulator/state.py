"""All that a portal remembers: tables of frozen records. Whoever writes holds the simulator's lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from ovcgen.simulator.pace import Timeline, steady
from ovcgen.simulator.refusals import UnknownObject

Json = Any
CONFIRMED, CREATED = steady("CONFIRMED"), steady("CREATED")
NEW = 0  # the number of a record that has none yet
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

    @property
    def admin(self) -> bool:
        return "admin" in self.groups


@dataclass(frozen=True, slots=True)
class Session:
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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All disks of a machine at one time; `guids` are pairs of disk and snapshot."""

    id: int
    machine_id: int
    name: str
    epoch: int
    guids: tuple[tuple[str, str], ...]


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
    iops: int = 2000


@dataclass(frozen=True, slots=True)
class Rule:
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


@dataclass(frozen=True, slots=True)
class Size:
    id: int
    memory: int
    vcpus: int
    disks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Location:
    id: int
    gid: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Network:
    """An external network."""

    id: int
    name: str
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A call that runs in the background. `pair` is None for one that never ends."""

    pair: tuple[bool, Json] | None
    ends: float


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Numbered)


class Table(Generic[R]):
    """Records of one kind by number; a number is never given twice."""

    def __init__(self, category: str) -> None:
        self._category = category
        self._records: dict[int, R] = {}
        self._last = 0

    def add(self, record: R) -> R:
        """Keep this record under the next number."""
        self._last += 1
        return self.put(replace(record, id=self._last))  # type: ignore[type-var]

    def put(self, record: R) -> R:
        """Keep this record in place of the one with its number."""
        self._records[record.id] = record
        return record

    def drop(self, id: int) -> None:
        """Forget the record of that number."""
        self._records.pop(id, None)

    def find(self, id: Json) -> R:
        """The record of that number; whatever else is asked for, `true` too, is an unknown object."""
        number = (
            int(id) if isinstance(id, str) and id.isascii() and id.isdecimal() else id
        )  # some ids are declared as text
        record = self._records.get(number) if type(number) is int else None
        if record is None:
            raise UnknownObject(id, self._category)
        return record

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)


class State:
    """The tables."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.sessions: dict[str, Session] = {}
        self.tasks: dict[str, TaskRecord] = {}
        self.counters: Counter[str] = Counter()  # numbers that operations without state have given
        self.accounts: Table[Account] = Table("account")
        self.cloudspaces: Table[Cloudspace] = Table("cloudspace")
        self.machines: Table[Machine] = Table("vmachine")
        self.disks: Table[Disk] = Table("disk")
        self.snapshots: Table[Snapshot] = Table("snapshot")
        self.rules: Table[Rule] = Table("portforwarding")
        self.images: Table[Image] = Table("image")
        self.sizes: Table[Size] = Table("size")
        self.locations: Table[Location] = Table("location")
        self.networks: Table[Network] = Table("externalnetwork")

    def machines_of(self, cloudspace_id: int) -> list[Machine]:
        """The machines of a cloudspace, oldest first, whatever their status."""
        return [machine for machine in self.machines if machine.cloudspace_id == cloudspace_id]

    def disks_of(self, machine_id: int) -> list[Disk]:
        """The disks of a machine, boot disk first."""
        return [disk for disk in self.disks if disk.machine_id == machine_id]

    def snapshots_of(self, machine_id: int) -> list[Snapshot]:
        """The snapshots of a machine, oldest first."""
        return [snapshot for snapshot in self.snapshots if snapshot.machine_id == machine_id]

    def rules_of(self, cloudspace_id: int) -> list[Rule]:
        """The port forwards of a cloudspace, in creation order."""
        return [rule for rule in self.rules if rule.cloudspace_id == cloudspace_id]
