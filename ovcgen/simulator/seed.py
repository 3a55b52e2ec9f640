"""Create the initial state of a simulated portal. All people and objects are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from ipaddress import IPv4Network

from ovcgen.errors import UsageError
from ovcgen.release_behaviours import behaviour_ids
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_records import (
    NEW,
    Account,
    Ace,
    Cloudspace,
    Disk,
    GridLocation,
    Image,
    InstalledVersion,
    Machine,
    Network,
    NetworkIds,
    Node,
    Size,
    User,
    UserGroup,
)
from ovcgen.simulator.timing import steady

ISSUER = "itsyouonline"
GID = 66
NEWEST = "2.4.5"
GROUPS = ("admin", "user", "level1", "level2", "level3")
ADMIN_GROUPS = ("admin", "level1", "level2", "level3")
PUBLIC = IPv4Network("203.0.113.0/24")
DISK_SIZES = (10, 20, 50, 100, 250, 500, 1000, 2000)
DIMENSIONS = ((512, 1), (1024, 1), (2048, 2), (4096, 2), (8192, 4), (16384, 8))
SIZES = tuple(Size(NEW, memory, vcpus, DISK_SIZES) for memory, vcpus in DIMENSIONS)
IMAGES = (
    Image(NEW, "Ubuntu 16.04 x64", "Linux", 10),
    Image(NEW, "Windows 2012r2 Standard", "Windows", 20, hot_resize=False),
)


@dataclass(frozen=True, slots=True)
class SeedLogin:
    """A record of one person's two logins: an application key (identity provider) and a user name with password."""

    client_id: str
    client_secret: str
    username: str
    password: str

    def as_dict(self) -> dict[str, str]:
        """Return the client id, client secret, user name and password by name.

        They work with simulators only, so they may be printed.
        """
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SeedLogins:
    """A record of the logins of three invented users, the same in every seed. The properties are those of `user`.

    Attributes:
        user: An ordinary user, who is administrator of the account `acme` in the seed `demo`.
        admin: An administrator of the portal.
        other: A second ordinary user, without any rights.
    """

    user: SeedLogin
    admin: SeedLogin
    other: SeedLogin

    @property
    def client_id(self) -> str:
        """The client id of `user`."""
        return self.user.client_id

    @property
    def client_secret(self) -> str:
        """The client secret of `user`."""
        return self.user.client_secret

    @property
    def username(self) -> str:
        """The user name of `user` at the portal."""
        return self.user.username

    @property
    def password(self) -> str:
        """The password of `user` at the portal."""
        return self.user.password

    @property
    def clients(self) -> dict[str, tuple[str, str]]:
        """Return the application keys by client id, as pairs of the secret and the owner's name at the provider."""
        logins = (self.user, self.admin, self.other)
        return {login.client_id: (login.client_secret, login.username.partition("@")[0]) for login in logins}


LOGINS = SeedLogins(
    user=SeedLogin("demo-client-alice", "demo-secret-of-alice", f"alice@{ISSUER}", "alice-password"),
    admin=SeedLogin("demo-client-admin", "demo-secret-of-admin", f"admin@{ISSUER}", "admin-password"),
    other=SeedLogin("demo-client-bob", "demo-secret-of-bob", f"bob@{ISSUER}", "bob-password"),
)


class UnknownSeed(UsageError):
    """An error: there is no seed of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no seed named {name}.", fix=f"Choose one of {', '.join(SEEDS)}.")


def seeded(name: str, *, now: float, release: str = "") -> PortalState:
    """Return a new state with the users of `LOGINS` and the content of the seed `name`, as `release` stores it.

    `name` is `demo` or `empty`. `release=""` means the newest release. `now` is the time of creation of all objects, in
    seconds since the epoch.

    Raises:
        UnknownSeed: there is no seed of that name.
    """
    if name not in SEEDS:
        raise UnknownSeed(name)
    state = PortalState()
    for login, groups in ((LOGINS.user, ("user",)), (LOGINS.other, ("user",)), (LOGINS.admin, ADMIN_GROUPS)):
        email = f"{login.username.partition('@')[0]}@example.org"
        state.users[login.username] = User(login.username, login.password, groups, (email,))
    SEEDS[name](state, int(now), release)
    return state


def _infrastructure(state: PortalState, now: int, release: str) -> None:
    """Add groups, a location, a network, nodes, sizes and images, but no account."""
    state.groups |= {name: UserGroup(name) for name in GROUPS}
    state.locations.add(GridLocation(NEW, GID, "Demo", "be-demo-1"))
    free = tuple(str(address) for address in list(PUBLIC.hosts())[9:])
    state.networks.add(Network(NEW, "public", subnet=str(PUBLIC), gateway=str(PUBLIC[1]), addresses=free, gid=GID))
    state.network_ids.put(NetworkIds(GID, tuple(range(1001, 2001))))
    version = release if release[:1].isdecimal() else NEWEST
    state.versions.add(InstalledVersion(NEW, version, "", steady("CURRENT"), now))
    for name in ("node1", "node2"):
        state.nodes.add(Node(NEW, GID, name))
    for size in SIZES:
        state.sizes.add(size)
    for image in IMAGES:
        state.images.add(image)


def _demo(state: PortalState, now: int, release: str) -> None:
    """Add an account with one cloudspace and one running machine.

    Releases in which a password login needs an account get a second account, whose only user is the administrator.
    """
    _infrastructure(state, now, release)
    known = behaviour_ids(release)
    account = state.accounts.add(Account(NEW, "acme", (Ace(LOGINS.username, "CXDRAU"),), now, now))
    space = state.cloudspaces.add(_cloudspace(account.id, now))
    machine = state.machines.add(_machine(space.id, now))
    status = steady("" if "disk-status-empty" in known else "ASSIGNED")
    metadata = [] if "machine-without-metadata-disk" in known else [("Metadata iso", "M", 0)]
    for name, kind, size in (("Boot disk", "B", 10), *metadata):
        state.disks.add(Disk(NEW, name, kind, size, account.id, status, machine.id))
    if "login-needs-account" in known:
        state.accounts.add(Account(NEW, "operators", (Ace(LOGINS.admin.username, "CXDRAU"),), now, now))


def _cloudspace(account_id: int, now: int) -> Cloudspace:
    return Cloudspace(
        id=NEW,
        account_id=account_id,
        name="production",
        acl=(),
        status=steady("DEPLOYED"),
        created=now,
        updated=now,
        public_ip="203.0.113.10",
        secret="0d3f5a0c-1c39-4d8e-9d3b-1f4b1f1f0a11",  # noqa: S106 - invented
        location="be-demo-1",
        gid=GID,
    )


def _machine(cloudspace_id: int, now: int) -> Machine:
    return Machine(
        id=NEW,
        cloudspace_id=cloudspace_id,
        name="web1",
        status=steady("RUNNING"),
        image_id=1,
        size_id=2,
        memory=1024,
        vcpus=1,
        created=now,
        updated=now,
        address="192.168.103.254",
        address_at=0.0,
        login="cloudscalers",
        password="aB3dE6g7h",  # noqa: S106 - invented
    )


SEEDS: dict[str, Callable[[PortalState, int, str], None]] = {"demo": _demo, "empty": _infrastructure}
