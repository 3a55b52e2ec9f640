"""A portal with a clock of our own, and the people who call it: no port, no waiting."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.releases.library import Library
from ovcgen.simulator import DEMO, LOGINS, HttpRequest, Simulator
from ovcgen.simulator.auth import log_in

SPECS = Path(__file__).parents[2] / "specs"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Clock:
    """A clock that only moves when told to."""

    now: float = 1_540_000_000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@dataclass(frozen=True)
class Reply:
    """An answer, read."""

    status: int
    value: object
    kind: str
    text: str
    cookie: str
    body: bytes = b""


@dataclass
class Visitor:
    """Somebody with a session key who calls a simulator the way clients do: a form, and JSON back."""

    simulator: Simulator
    key: str = ""
    headers: dict = field(default_factory=lambda: {"accept": JSON})

    def post(self, path, /, **values):
        """A form post; of a list, one field each."""
        return self.send("POST", path, body=urlencode(values, doseq=True).encode())

    def get(self, path, /, **values):
        """The same in the query of a GET."""
        return self.send("GET", path, query=urlencode(values, doseq=True))

    def json(self, path, body):
        """A JSON post; `body` may be text that is no JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, body=content, kind=JSON)

    def value(self, path, /, **values):
        """What a form post answers, which must be a success."""
        reply = self.post(path, **values)
        if reply.status != 200:
            raise AssertionError(f"{path}: {reply.status} {reply.text}")
        return reply.value

    def send(self, method, path, *, query="", body=b"", kind=FORM, headers=None):
        """Any request; `headers` in place of our own."""
        sent = dict(self.headers if headers is None else headers)
        sent |= {"content-type": kind, "content-length": str(len(body))} if body else {}
        key = urlencode({"authkey": self.key}) if self.key else ""
        whole = "&".join(part for part in (query, key) if part)
        request = HttpRequest(method, f"/restmachine{path}", whole, tuple(sorted(sent.items())), body)
        return _read(self.simulator.answer(request))


def _read(answer):
    text = answer.body.decode("utf-8", "replace")
    value = json.loads(text) if answer.kind == JSON else None
    cookie = dict(answer.headers).get("Set-Cookie", "")
    return Reply(answer.status, value, answer.kind, text, cookie, answer.body)


@pytest.fixture(scope="session")
def pinned():
    """A function: the Api and the raw document of a pinned release, read once."""
    read_already = {}

    def load(release):
        if release not in read_already:
            spec = Library(SPECS).load(release)
            api = read(normalise(spec.document, spec.overlay, release=release), release)
            read_already[release] = (api, spec.document)
        return read_already[release]

    return load


@pytest.fixture
def clock():
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def simulator(pinned, clock):
    """Release 2.4.5 with the demo seed; things take a while, by our clock."""
    api, document = pinned("2.4.5")
    return Simulator(api, document, clock=clock, sleep=clock.sleep, pace=DEMO)


def _visitor(simulator, name):
    return Visitor(simulator, log_in(simulator.state, name, now=1_540_000_000.0))


@pytest.fixture(scope="session")
def visitor():
    """A function: somebody of that name, logged in at that simulator."""
    return _visitor


@pytest.fixture
def alice(simulator):
    """An ordinary user, administrator of the account acme."""
    return _visitor(simulator, LOGINS.user.username)


@pytest.fixture
def bob(simulator):
    """An ordinary user without any right."""
    return _visitor(simulator, LOGINS.other.username)


@pytest.fixture
def admin(simulator):
    """An administrator of the portal."""
    return _visitor(simulator, LOGINS.admin.username)


@pytest.fixture
def guest(simulator):
    """Somebody who is not logged in."""
    return Visitor(simulator)
