"""Provide a portal of one release with its callers, and the register of trials (expected results of behaviours)."""

from dataclasses import dataclass, replace

from ovcgen.simulator import DEMO, LOGINS, Simulator
from ovcgen.simulator.auth import log_in
from ovcgen.simulator.state_records import NEW, Account, Ace, Disk, Image, Network, User
from ovcgen.simulator.timing import steady
from tests.simulator.conftest import Visitor

CREATED = steady("CREATED")
SAME = object()
ALICE, BOB, ADMIN = LOGINS.user.username, LOGINS.other.username, LOGINS.admin.username
A, C, D, M = "/cloudapi/accounts", "/cloudapi/cloudspaces", "/cloudapi/disks", "/cloudapi/machines"
I, P, S, U = "/cloudapi/images", "/cloudapi/portforwarding", "/cloudapi/sizes", "/cloudapi/users"  # noqa: E741
BA, BC, BI, BM = "/cloudbroker/account", "/cloudbroker/cloudspace", "/cloudbroker/image", "/cloudbroker/machine"
WHY = {"reason": "x"}
PUBLIC = "203.0.113.10"
TRIALS = {}


@dataclass(frozen=True)
class Trial:
    """What callers see of one behaviour.

    Attributes:
        look: A function of the world that calls the portal and returns the result.
        has: The result in a release with the behaviour.
        later: The result in later releases.
        earlier: The result in earlier releases.
    """

    look: object
    has: object
    later: object
    earlier: object


def trial(id, *, has, later, earlier=SAME):
    """Register the decorated function as the trial of the behaviour with that id."""

    def register(look):
        if id in TRIALS:
            raise ValueError(id)
        TRIALS[id] = Trial(look, has, later, later if earlier is SAME else earlier)
        return look

    return register


class World:
    """A portal of one release with the demo seed, and its callers.

    `alice`, `bob` and `admin` are logged in, `guest` is not, and `root` uses the portal's own secret.
    """

    def __init__(self, release, api, document, clock):
        self.release, self.clock = release, clock
        self.simulator = Simulator(api, document, clock=clock, sleep=clock.sleep, pace=DEMO)
        self.start = clock.now

    def renew(self):
        """Reset the portal and the clock, log the callers in, and return the world."""
        self.clock.now = self.start
        self.simulator.reset()
        self.alice, self.bob, self.admin = (self.visitor(name) for name in (ALICE, BOB, ADMIN))
        self.root, self.guest = Visitor(self.simulator, self.simulator.auth_secrets.portal), Visitor(self.simulator)
        return self

    @property
    def state(self):
        """Return the stored objects."""
        return self.simulator.state

    def visitor(self, name, *groups):
        """Return a logged-in caller of that name; with groups, a new user in these groups is stored first."""
        if groups:
            self.state.users[name] = User(name, groups=groups)
        return Visitor(self.simulator, log_in(self.state, name, now=self.clock.now))

    def has_route(self, path):
        """Return whether the catalog has the path."""
        return any(operation.path == path for operation in self.simulator.api.operations)

    def later(self, seconds=60):
        """Move the clock on by that many seconds, so that background work is done, and return the world."""
        self.clock.sleep(seconds)
        return self

    def change(self, table, number, **values):
        """Store an object with changed values."""
        records = getattr(self.state, table)
        return records.put(replace(records.find(number), **values))

    def status(self, table, number):
        """Return the stored status of an object at this time."""
        return getattr(self.state, table).find(number).status.at(self.clock.now)

    def set_status(self, table, number, status):
        """Set the status of a stored object."""
        self.change(table, number, status=steady(status))

    def machine(self, who=None, **values):
        """Create a machine and return the reply."""
        new = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 1, "disksize": 10}
        return (who or self.alice).post(f"{M}/create", **{**new, **values})

    def halted(self):
        """Set the status of machine 1 to HALTED, and return the world."""
        self.set_status("machines", 1, "HALTED")
        return self

    def space(self, who=None, **values):
        """Create a cloudspace and return the reply."""
        new = {"accountId": 1, "location": "be-demo-1", "name": "two", "access": ALICE}
        return (who or self.alice).post(f"{C}/create", **{**new, **values})

    def disk(self, who=None, **values):
        """Create a disk and return the reply."""
        new = {"accountId": 1, "gid": 66, "name": "data", "description": "data", "size": 10, "type": "D"}
        return (who or self.alice).post(f"{D}/create", **{**new, **values})

    def more_disk(self, **values):
        """Add a disk to machine 1 and return the disk's id."""
        new = {"machineId": 1, "diskName": "more", "description": "more", "size": 10, "type": "D"}
        return self.alice.value(f"{M}/addDisk", **{**new, **values})

    def store_disk(self, kind="D", **values):
        """Store a disk without a call and return its id."""
        return self.state.disks.add(Disk(NEW, "stored", kind, 10, **{"account_id": 1, "status": CREATED, **values})).id

    def store_image(self, **values):
        """Store an image of account 1 without a call and return its id."""
        return self.state.images.add(Image(NEW, "gold", "Linux", 10, **{"account_id": 1, **values})).id

    def store_account(self, name="other", user=ALICE):
        """Store another account without a call and return its id."""
        return self.state.accounts.add(Account(NEW, name, (Ace(user, "CXDRAU"),), 0, 0)).id

    def store_network(self, **values):
        """Store another external network without a call and return its id."""
        addresses = tuple(f"198.51.100.{n}" for n in range(10, 20))
        network = Network(NEW, "more", subnet="198.51.100.0/24", gateway="198.51.100.1", addresses=addresses, gid=66)
        return self.state.networks.add(replace(network, **values)).id

    def forward(self, who=None, **values):
        """Create a port forward and return the reply."""
        new = {"cloudspaceId": 1, "publicIp": PUBLIC, "publicPort": 2200, "machineId": 1, "localPort": 22}
        return (who or self.alice).post(f"{P}/create", **{**new, "protocol": "tcp", **values})

    def typed(self, path, who=None, **values):
        """Send the values as a JSON body and return the reply."""
        return (who or self.alice).json(path, values)

    def login(self, name, password, path=f"{U}/authenticate", **names):
        """Log in with a password and return the reply."""
        return self.guest.post(path, **(names or {"username": name, "password": password}))
