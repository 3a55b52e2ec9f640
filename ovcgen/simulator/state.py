"""Hold the objects of a simulated portal as tables of records. Callers that write must hold the simulator's lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Generic, Protocol, TypeVar, cast

from ovcgen.simulator.change_tracking_dict import Tally, TrackedDict
from ovcgen.simulator.http_errors import UnknownObject
from ovcgen.simulator.state_records import (
    Account,
    Appliance,
    Audit,
    Cloudspace,
    Console,
    Disk,
    Event,
    GridLocation,
    Image,
    InstalledVersion,
    Machine,
    Network,
    NetworkIds,
    Node,
    PortForward,
    Size,
    Snapshot,
    StoredValue,
    TaskRecord,
    User,
    UserGroup,
    UserSession,
)

Json = Any


class HasId(Protocol):
    """Protocol of the records that a `Table` stores."""

    @property
    def id(self) -> int:
        """The id of the record, unique in its table and never used twice."""


R = TypeVar("R", bound=HasId)
T = TypeVar("T")


class Table(Generic[R]):
    """A table of records of one type by id, which iterates over its records. An id is never used twice.

    Args:
        category: The portal's name of the type, for the 404 message.
        owner: The name of the field with the id of the owning object, by which `of` looks records up.

    Attributes:
        records: The records by id.
        last: The highest id that was assigned.
    """

    def __init__(self, category: str, *, owner: str = "id") -> None:
        self._category = category
        self._owner = owner
        self.records: TrackedDict[int, R] = TrackedDict()
        self._owned: defaultdict[int | None, dict[int, R]] = defaultdict(dict)
        self._made: dict[int, tuple[R, tuple[Any, ...], Any]] = {}
        self.last = 0

    def add(self, record: R) -> R:
        """Store a record under the next id and return it with that id.

        The record itself is frozen and stays as it is; a copy is stored.
        """
        self.last += 1
        return self.put(replace(record, id=self.last))  # type: ignore[type-var]

    def put(self, record: R) -> R:
        """Store a record under its own id, in place of the one with the same id, and return it.

        It keeps the position of the record that it replaces, unless its owner is another one; then it is last.
        """
        old = self.records.get(record.id)
        if old is not None and self._owner_of(old) != self._owner_of(record):
            self.drop(record.id)
        self.records[record.id] = record
        self._owned[self._owner_of(record)][record.id] = record
        return record

    def drop(self, id: int) -> None:
        """Remove the record with that id, if there is one."""
        record = self.records.pop(id, None)
        if record is not None:
            owner = self._owner_of(record)
            del self._owned[owner][id]
            if not self._owned[owner]:
                del self._owned[owner]
            self._made.pop(id, None)

    def find(self, id: Json) -> R:
        """Return the record with that id. Text of ASCII digits is accepted, booleans are not.

        Raises:
            UnknownObject: there is no such record.
        """
        number = int(id) if isinstance(id, str) and id.isascii() and id.isdecimal() else id  # some are declared as text
        record = self.records.get(number) if type(number) is int else None
        if record is None:
            raise UnknownObject(id, self._category)
        return record

    def of(self, owner: int | None) -> list[R]:
        """Return the records whose owner has that id, in the order in which they got this owner; [] for none."""
        return list(self._owned.get(owner, {}).values())

    def derived(self, record: R, also: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return the value that `make` computes from a record. It is cached.

        `also` is everything else that the value depends on. Only one value is cached for each record: `make` is called
        again for another record object with the same id, or if `also` is not equal to that of the call before.
        """
        before = self._made.get(record.id)
        if before is not None and before[0] is record and before[1] == also:
            return cast(T, before[2])
        made = make()
        self._made[record.id] = (record, also, made)
        return made

    def __iter__(self) -> Iterator[R]:
        return iter(self.records.values())

    def __len__(self) -> int:
        return len(self.records)

    def _owner_of(self, record: R) -> int | None:
        owner: int | None = getattr(record, self._owner)
        return owner


class PortalState:
    """The mutable state of a simulated portal: one table or mapping of records for each type of object."""

    def __init__(self) -> None:
        self.users: TrackedDict[str, User] = TrackedDict()
        self.groups: TrackedDict[str, UserGroup] = TrackedDict()
        self.sessions: TrackedDict[str, UserSession] = TrackedDict()
        self.tasks: TrackedDict[str, TaskRecord] = TrackedDict()
        self.counters: Tally[str] = Tally()  # calls counted by name, to derive new ids and passwords
        self.accounts: Table[Account] = Table("account")
        self.cloudspaces: Table[Cloudspace] = Table("cloudspace")
        self.machines: Table[Machine] = Table("vmachine", owner="cloudspace_id")
        self.disks: Table[Disk] = Table("disk", owner="machine_id")
        self.snapshots: Table[Snapshot] = Table("snapshot", owner="machine_id")
        self.rules: Table[PortForward] = Table("portforwarding", owner="cloudspace_id")
        self.images: Table[Image] = Table("image")
        self.appliances: Table[Appliance] = Table("appliance")
        self.sizes: Table[Size] = Table("size")
        self.locations: Table[GridLocation] = Table("location")
        self.networks: Table[Network] = Table("externalnetwork")
        self.nodes: Table[Node] = Table("node")
        self.network_ids: Table[NetworkIds] = Table("libvirtnetwork")
        self.consoles: Table[Console] = Table("vnc", owner="gid")
        self.notes: TrackedDict[str, StoredValue] = TrackedDict()
        self.versions: Table[InstalledVersion] = Table("version")
        self.events: Table[Event] = Table("event")
        self.audits: Table[Audit] = Table("audit")

    def machines_of(self, cloudspace_id: int) -> list[Machine]:
        """Return the machines of a cloudspace in any status, oldest first."""
        return self.machines.of(cloudspace_id)

    def disks_of(self, machine_id: int) -> list[Disk]:
        """Return the disks of a machine, in the order in which they were attached, boot disk first."""
        return self.disks.of(machine_id)

    def snapshots_of(self, machine_id: int) -> list[Snapshot]:
        """Return the snapshots of a machine, oldest first."""
        return self.snapshots.of(machine_id)

    def rules_of(self, cloudspace_id: int) -> list[PortForward]:
        """Return the port forwards of a cloudspace, oldest first."""
        return self.rules.of(cloudspace_id)

    def user_named(self, name: Json) -> User | None:
        """Return the user with that name, else the first one with that email address; None if there is none.

        Upper and lower case count.
        """
        if not isinstance(name, str):
            return None
        if name in self.users or "@" not in name:
            return self.users.get(name)
        return next((user for user in self.users.values() if name in user.emails), None)

    def upgrading(self, now: float) -> bool:
        """Return whether a new version is being installed at the time `now`."""
        return any(version.status.at(now) == "INSTALLING" for version in self.versions)
