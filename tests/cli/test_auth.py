"""Test `ovcgen auth`: store a login in a file that only its owner can read, use it, and remove it."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import keyring
import pytest
import requests
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from tests.cli.conftest import PROGRAM, Run, awaited, process
from tests.cli.test_call_documents import CALL, document, written
from tests.client.conftest import Listener
from tests.client.conftest import elsewhere as elsewhere
from tests.client.conftest import portal as portal

CANARY = "canary-7d1e"
GET = ("cloudapi.machines.get", "machineId=1")


class MemoryKeyring(KeyringBackend):
    """A keyring that lives as long as the test. A locked keyring refuses every access."""

    priority = 1  # type: ignore[assignment]  # a class property there

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.kept[service, username]

    def _check(self) -> None:
        if self.is_locked:
            raise KeyringLocked(f"locked: {self.kept}")


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    """Return a keyring in memory that replaces the keyring of this process."""
    before, backend = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def sim(run: Run, home: Path, simulated: Any) -> Any:
    """Start a simulated portal and make the profile `sim` for it."""
    assert home.is_dir()
    provider = f"itsyouonline_url={simulated.itsyouonline}"
    ended = run("profile", "set", "sim", f"url={simulated.url}", "release=2.4.5", provider)
    assert ended.code == 0
    return simulated


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets the standard input of the next command to a text, without a terminal."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def stored(home: Path) -> Path:
    return home / ".local/state/ovcgen/logins/logins.json"


def kinds(server: Any) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return the options and the secret of each kind of login."""
    login = {"username": server.username, "password": server.password}
    key = requests.post(f"{server.url}/restmachine/cloudapi/users/authenticate", data=login, timeout=10).json()
    return {
        "itsyouonline": (("--client-id", server.client_id), server.client_secret),
        "password": (("--username", server.username), server.password),
        "token": (("--kind", "token"), token_of(server)),
        "authkey": (("--kind", "authkey"), key),
    }


def token_of(server: Any) -> str:
    form = {"grant_type": "client_credentials", "client_id": server.client_id, "client_secret": server.client_secret}
    form["response_type"] = "id_token"
    return requests.post(f"{server.itsyouonline}/v1/oauth/access_token", data=form, timeout=10).text


@pytest.mark.parametrize("kind", ["itsyouonline", "password", "token", "authkey"])
def test_a_login_is_kept_for_later_commands(run: Run, home: Path, sim: Any, type_in: Any, kind: str) -> None:
    """Later commands use a stored login until logout, and no output shows the secret."""
    options, secret = kinds(sim)[kind]
    assert secret
    type_in(f"{secret}\n")
    login = run("auth", "login", "sim", *options, "--secret-stdin")
    status = run("auth", "status", "sim")
    called = run("call", "sim", *GET)
    logout = run("auth", "logout", "sim")

    assert [each.code for each in (login, status, called, logout)] == [0, 0, 0, 0], login.err
    assert sim.username in login.err + status.out
    assert kind in status.out
    assert secret not in "".join((*login[1:], *status[1:], *called[1:], *logout[1:]))
    assert json.loads(stored(home).read_text()) == {"logins": {}}
    assert run("call", "sim", *GET).code == 4
    assert run("auth", "status", "sim").code == 1
    assert run("auth", "logout", "sim").code == 1


def test_files_and_folders_are_private(run: Run, home: Path, sim: Any, type_in: Any) -> None:
    """The files and folders of logins are private even if the umask removes no permission."""
    before = os.umask(0)
    try:
        type_in(f"{sim.password}\n")
        assert run("auth", "login", "sim", "--username", sim.username, "--secret-stdin").code == 0
    finally:
        os.umask(before)

    file = stored(home)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]


@pytest.mark.parametrize(("place", "mode"), [("logins.json", 0o640), ("logins.json", 0o602), ("", 0o750)])
def test_a_file_that_others_can_read_is_refused(
    run: Run, home: Path, sim: Any, type_in: Any, place: str, mode: int
) -> None:
    """A file of logins that others can read is refused; the message names the file and the remedy."""
    type_in(f"{sim.password}\n")
    run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")
    path = stored(home).parent / place
    path.chmod(mode)

    for command in (("call", "sim", *GET), ("auth", "status"), ("auth", "logout", "sim")):
        ended = run(*command)
        assert (ended.code, ended.two_lines) == (2, True)
        assert f"chmod {'600' if place else '700'} {path}" in ended.err


@pytest.mark.parametrize("content", ["", "{", "[]", '{"logins": 1}', '{"logins": {"a": 1}}'])
def test_a_file_with_something_else_is_not_overwritten(
    run: Run, home: Path, sim: Any, type_in: Any, content: str
) -> None:
    """A file with other content is not overwritten; an empty file counts as a file without logins."""
    stored(home).parent.mkdir(parents=True, mode=0o700)
    stored(home).touch(mode=0o600)
    stored(home).write_text(content)
    type_in(f"{sim.password}\n")

    ended = run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")

    assert ended.code == (2 if content else 0)
    assert (stored(home).read_text() == content) is bool(content)


@pytest.mark.parametrize("options", [("--kind", "token"), ("--client-id", "a"), (), ("--kind", "password")])
def test_nothing_is_asked_without_a_terminal(run: Run, home: Path, sim: Any, type_in: Any, options: Any) -> None:
    """Without a terminal no question is asked; the message names the option that makes the question unnecessary."""
    assert sim.url
    type_in(f"{CANARY}\n")

    ended = run("auth", "login", "sim", *options)

    assert (ended.code, ended.two_lines) == (2, True)
    assert "can't be asked for" in ended.err
    assert not stored(home).exists()


@pytest.mark.parametrize("kind", ["itsyouonline", "password", "token", "authkey"])
def test_a_wrong_secret_is_neither_shown_nor_kept(run: Run, home: Path, sim: Any, type_in: Any, kind: str) -> None:
    """A secret is tried before it is stored; the error shows no secret and names the user's input, not a variable."""
    options, _ = kinds(sim)[kind]
    type_in(f"{CANARY}\n")

    ended = run("auth", "login", "sim", *options, "--secret-stdin")

    assert ended.code in (2, 4)
    assert ended.two_lines
    assert CANARY not in ended.err
    assert "OVC_" not in ended.err
    assert not stored(home).exists()


def test_the_environment_comes_before_what_is_kept(
    run: Run, home: Path, sim: Any, type_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login in the environment has precedence over the stored login, which is not tried if the portal refuses."""
    assert home.is_dir()
    type_in(f"{sim.password}\n")
    assert run("auth", "login", "sim", "--username", sim.username, "--secret-stdin").code == 0
    monkeypatch.setenv("OVC_AUTHKEY", CANARY)

    ended = run("call", "sim", *GET)
    status = json.loads(run("auth", "status", "--output", "json").out)

    assert ended.code == 4
    assert [(row["kind"], row["stored"]) for row in status] == [("authkey", "environment"), ("password", "file")]
    assert CANARY not in ended.err + str(status)


def test_a_login_is_for_one_address(run: Run, home: Path, sim: Any, type_in: Any) -> None:
    """A login is sent to the address of its profile only; it is not used after the address of the profile changes."""
    assert home.is_dir()
    type_in(f"{sim.password}\n")
    run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")
    run("profile", "set", "twin", f"url={sim.url}", "release=2.4.5")

    assert run("call", "twin", *GET).code == 4
    assert run("call", sim.url, *GET, "--release", "2.4.5").code == 4
    run("profile", "set", "sim", f"url={sim.url.replace('127.0.0.1', 'localhost')}")
    assert run("auth", "status", "sim").code == 1


def test_status_tells_when_a_token_expires(run: Run, home: Path, sim: Any, type_in: Any) -> None:
    """`auth status` says when a token expires; an expired token is not sent, and the message says how to replace it."""
    old, new = (jwt.encode({"exp": int(time.time()) + left}, "k" * 32, algorithm="HS256") for left in (-60, 60))
    words = ("auth", "login", "sim", "--kind", "token", "--secret-stdin", "--no-check")
    type_in(f"{old}\n")
    assert "has expired" in run(*words).err
    type_in(f"{new}\n")
    assert run(*words).code == 0
    stored(home).write_text(stored(home).read_text().replace(new, old))

    [row] = json.loads((status := run("auth", "status", "--output", "json")).out)
    called = run("call", "sim", *GET)

    assert (status.code, row["valid"]) == (1, False)
    assert row["valid_until"].startswith("20")
    assert (called.code, called.two_lines) == (2, True)
    assert "ovcgen auth login sim" in called.err
    assert old not in status.out + called.err
    assert not sim.simulator.seen


def test_a_keyring_keeps_the_secret(run: Run, home: Path, sim: Any, type_in: Any, memory: MemoryKeyring) -> None:
    """With a keyring, the file says only that a secret is in the keyring."""
    type_in(f"{sim.password}\n")
    login = run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")

    assert "kept in the keyring" in login.err
    assert sim.password not in stored(home).read_text()
    assert [json.loads(text) for text in memory.kept.values()] == [{"OVC_PASSWORD": sim.password}]
    assert '"stored": "keyring"' in run("auth", "status").out
    assert run("call", "sim", *GET).code == 0
    assert run("auth", "logout", "sim").code == 0
    assert memory.kept == {}


def test_a_locked_keyring_says_so(run: Run, home: Path, sim: Any, type_in: Any, memory: MemoryKeyring) -> None:
    """A locked keyring loses and shows no login: stored logins stay in the keyring, a new login goes to the file."""
    type_in(f"{sim.password}\n")
    run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")
    memory.is_locked = True

    for command in (("call", "sim", *GET), ("auth", "logout", "sim")):
        ended = run(*command)
        assert (ended.code, ended.two_lines) == (2, True)
        assert "KeyringLocked" in ended.err
        assert sim.password not in ended.err
    status = run("auth", "status")
    assert (status.code, json.loads(status.out)[0]["stored"]) == (0, "keyring")
    assert "warning: " in status.err
    assert "KeyringLocked" in status.err
    type_in(f"{sim.password}\n")
    ended = run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")
    assert ended.code == 0
    assert ended.err.count("warning: ") == 1
    assert sim.password in stored(home).read_text()
    assert run("call", "sim", *GET).code == 0


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.fail", "keyring.backends.null"])
def test_keyrings_that_protect_nothing_are_refused(
    run: Run, home: Path, sim: Any, type_in: Any, memory: MemoryKeyring, module: str
) -> None:
    """Keyrings that store plain text (keyrings.alt) or store nothing are not used; the login is stored in the file."""
    plain = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": module})()
    keyring.set_keyring(plain)
    type_in(f"{sim.password}\n")

    ended = run("auth", "login", "sim", "--username", sim.username, "--secret-stdin")

    assert ended.code == 0
    assert f"{module}.PlaintextKeyring keeps no secrets" in ended.err
    assert f"kept in {stored(home)}" in ended.err
    assert plain.kept == memory.kept == {}


def test_a_terminal_is_asked_and_does_not_show_the_secret(home: Path, sim: Any) -> None:
    """On a terminal the kind, the user and the secret are asked for in this order, and the secret is not echoed."""
    master, terminal = pty.openpty()
    words = [str(PROGRAM), "auth", "login", sim.url]
    started = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
    os.close(terminal)
    said = b""
    for question, answer in (("kind of login", "password"), ("Username", sim.username), ("Password", sim.password)):
        while question.encode() not in said:
            said += os.read(master, 1000)
        time.sleep(0.1 * (question == "Password"))  # until the terminal's echo is off
        os.write(master, f"{answer}\n".encode())
    while b"Logged in" not in said:
        said += os.read(master, 1000)

    assert started.wait(60) == 0
    os.close(master)
    assert f"Log in at {sim.url}.".encode() in said
    assert sim.username.encode() in said
    assert sim.password.encode() not in said
    assert sim.password in stored(home).read_text()


@pytest.mark.parametrize(
    ("scheme", "options", "secrets", "sent"),
    [
        ({"type": "http", "scheme": "bearer"}, (), [CANARY], f"bearer {CANARY}"),
        ({"type": "http", "scheme": "basic"}, ("--username", "ann"), [CANARY], "Basic YW5uOmNhbmFyeS03ZDFl"),
        ({"type": "apiKey", "in": "header", "name": "Authorization"}, (), [CANARY], CANARY),
    ],
)
def test_logins_that_a_document_declares(
    run: Run, home: Path, here: Path, portal: Listener, type_in: Any, scheme: Any, options: Any, secrets: Any, sent: str
) -> None:
    """A login of a document is stored for the address of the service, given the document or a profile that names it."""
    assert home.is_dir()
    file = written(here, document(portal.url, schemes={"s": scheme}))
    type_in("\n".join(secrets) + "\n")
    login = run("auth", "login", file, *options, "--secret-stdin")
    called = run("call", file, CALL)
    status = run("auth", "status", file)

    assert [each.code for each in (login, called, status)] == [0, 0, 0], login.err
    assert portal.seen[-1][3]["Authorization"] == sent
    assert CANARY not in login.err + status.out
    assert run("auth", "logout", file).code == 0
    run("call", file, CALL)
    assert "Authorization" not in portal.seen[-1][3]


def test_a_profile_with_a_document(run: Run, home: Path, here: Path, portal: Listener, type_in: Any) -> None:
    """If a profile names a document, operations are called by the profile's name and with the profile's login."""
    assert home.is_dir()
    file = written(here, document(portal.url, schemes={"s": {"type": "http", "scheme": "bearer"}}))
    assert run("profile", "set", "things", f"spec={file.name}").code == 0
    type_in(f"{CANARY}\n")

    assert run("auth", "login", "things", "--secret-stdin").code == 0
    assert run("call", "things", CALL).code == 0
    assert portal.seen[-1][3]["Authorization"] == f"bearer {CANARY}"


def test_a_stored_client_secret_goes_to_its_token_endpoint_only(
    run: Run, home: Path, here: Path, portal: Listener, elsewhere: Listener, type_in: Any
) -> None:
    """A document that changes after the login can't send a stored client secret to another token endpoint."""
    assert home.is_dir()

    def made(endpoint: str) -> Path:
        flow = {"clientCredentials": {"tokenUrl": f"{endpoint}/token", "scopes": {}}}
        return written(here, document(portal.url, schemes={"o": {"type": "oauth2", "flows": flow}}))

    elsewhere.body = {"access_token": "got"}
    type_in(f"{CANARY}\n")
    assert run("auth", "login", made(elsewhere.url), "--client-id", "me", "--secret-stdin").code == 0

    assert run("call", made(elsewhere.url), CALL).code == 0
    refused = run("call", made("http://127.0.0.1:9"), CALL)

    assert portal.seen[0][3]["Authorization"] == "Bearer got"
    assert (refused.code, refused.two_lines) == (2, True)
    assert "another server than the service" in refused.err


def logins_in(home: Path, count: int, sim: Any) -> list[subprocess.Popen[str]]:
    """Start a login process for each of `count` portals at the same time."""
    words = ("--kind", "authkey", "--no-check", "--secret-stdin")
    started = []
    for number in range(count):
        each = subprocess.Popen(
            [str(PROGRAM), "auth", "login", f"https://p{number}.example", *words],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=home,
        )
        started.append(each)
    assert sim.url
    return started


@pytest.mark.slow
def test_processes_that_log_in_together_lose_nothing(home: Path, sim: Any) -> None:
    """When several processes log in at the same time, all their logins are stored."""
    started = logins_in(home, 4, sim)
    for number, each in enumerate(started):
        each.communicate(f"{CANARY}-{number}\n", timeout=120)

    found = json.loads(stored(home).read_text())["logins"]
    assert {entry["secrets"]["OVC_AUTHKEY"] for entry in found.values()} == {f"{CANARY}-{n}" for n in range(4)}
    assert os.listdir(stored(home).parent) == ["logins.json"]


@pytest.mark.slow
def test_a_killed_login_leaves_the_file_whole(home: Path, sim: Any) -> None:
    """SIGKILL at any moment leaves the old or the new content of the file; the next login removes temporary files."""
    [first] = logins_in(home, 1, sim)
    first.communicate(f"{CANARY}\n", timeout=60)
    begun = time.monotonic()
    for round_ in range(12):
        [each] = logins_in(home, 1, sim)
        assert each.stdin is not None
        each.stdin.write(f"{CANARY}-{round_}\n")
        each.stdin.close()
        time.sleep(0.3 + 0.04 * round_)
        each.send_signal(signal.SIGKILL)
        each.wait()
        if each.stderr is not None:
            each.stderr.close()
        [entry] = json.loads(stored(home).read_text())["logins"].values()
        assert entry["secrets"]["OVC_AUTHKEY"].startswith(CANARY)
    assert time.monotonic() - begun < 120

    [last] = logins_in(home, 1, sim)
    last.communicate(f"{CANARY}\n", timeout=60)
    assert os.listdir(stored(home).parent) == ["logins.json"]


def test_no_secret_is_an_argument_of_a_process(home: Path, sim: Any) -> None:
    """While a login waits for its secret, the arguments of its process are only what the user typed in the shell."""
    assert sim.url
    words = ("auth", "login", sim.url, "--kind", "token", "--secret-stdin")
    started = process(*words, cwd=home)
    awaited(started, lambda: b"--secret-stdin" in Path(f"/proc/{started.pid}/cmdline").read_bytes())
    _, err = started.communicate(timeout=60)

    assert "Standard input has no line with the token" in err


@pytest.mark.parametrize(
    ("variables", "kind", "who"),
    [
        ({"OVCGEN_AUTH": "acme"}, "plugin", None),
        ({"OVC_TOKEN": "x"}, "token", None),
        ({"CLIENT_ID": "me", "CLIENT_SECRET": CANARY}, "itsyouonline", "me"),
        ({"OVC_USERNAME": "ann", "OVC_PASSWORD": CANARY}, "password", "ann"),
    ],
)
def test_status_tells_the_login_of_the_environment(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], kind: str, who: str | None
) -> None:
    """`auth status` names the variables of a login in the environment, without their values."""
    assert home.is_dir()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    ended = run("auth", "status", "-o", "json")

    [row] = json.loads(ended.out)
    assert (ended.code, row["kind"], row["who"], row["place"]) == (0, kind, who, ", ".join(variables))
    assert CANARY not in ended.out
