"""Commands that run one after the other, or at the same time, request one token from the identity provider."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.cli.token_cache import TokenFile
from ovcgen.runtime.errors import ServerError
from ovcgen.runtime.redaction import Secret
from tests.cli.conftest import PATIENCE, awaited, login_of, process

TOKEN_REQUEST = "itsyouonline.access_token"
DAY = 86_400  # seconds that the provider's tokens last


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return the path of a user's cache folder, which does not exist yet."""
    return tmp_path / "cache"


def called(url: Any, cache: Path, **environment: str) -> subprocess.Popen[str]:
    """Start `ovcgen call` with an application key and this cache folder."""
    variables = {**login_of(url), "OVCGEN_NO_TOKEN_CACHE": "", "XDG_CACHE_HOME": str(cache), **environment}
    words = ("call", url, "cloudapi.locations.getUrl", "--release", "2.4.5")
    return process(*words, cwd=cache.parent, environment=variables)


def ended(started: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a command and return its exit code and what it printed on stderr."""
    _, err = started.communicate(timeout=PATIENCE)
    return started.returncode, err


def token_requests(url: Any) -> int:
    return sum(request.path == "/v1/oauth/access_token" for request in url.identity.seen)


def token_file(cache: Path) -> Path:
    """Return the only token file of a cache."""
    [found] = (cache / "ovcgen" / "tokens").glob("*/*")
    return found


def test_two_commands_ask_the_provider_once(simulated: Any, cache: Path) -> None:
    """The second command uses the token of the first, from a file and folders that only the user can read."""
    assert [ended(called(simulated, cache)) for _ in range(2)] == [(0, "")] * 2

    file = token_file(cache)
    assert token_requests(simulated) == 1
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent, file.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]
    assert re.fullmatch(r"[0-9a-f]{64}/token\.json", file.relative_to(file.parents[1]).as_posix())
    assert simulated.client_secret not in file.read_text()


def test_two_commands_that_start_together_ask_once(simulated: Any, cache: Path) -> None:
    """While one command requests a token, the other waits for it instead of requesting another."""
    simulated.simulator.faults.add("delay", operation=TOKEN_REQUEST, times=None, seconds=1.5)

    started = [called(simulated, cache) for _ in range(2)]

    assert [ended(each) for each in started] == [(0, "")] * 2
    assert token_requests(simulated) == 1


def test_the_lock_of_a_killed_command_holds_up_nobody(simulated: Any, cache: Path) -> None:
    """A command that is killed (SIGKILL) during its token request leaves no lock for which the next command waits."""
    simulated.simulator.faults.add("delay", operation=TOKEN_REQUEST, seconds=PATIENCE)
    killed = called(simulated, cache)
    awaited(killed, lambda: token_requests(simulated))
    killed.send_signal(signal.SIGKILL)
    assert ended(killed)[0] == -signal.SIGKILL

    begun = time.monotonic()
    assert ended(called(simulated, cache)) == (0, "")

    assert time.monotonic() - begun < 20
    assert token_requests(simulated) == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"CLIENT_SECRET": "another-secret"}, id="another secret"),
        pytest.param({"CLIENT_ID": "another-client"}, id="another client"),
    ],
)
def test_a_token_belongs_to_the_whole_key(simulated: Any, cache: Path, change: dict[str, str]) -> None:
    """A stored token is not used for another client id or secret: the provider is asked, and refuses."""
    assert ended(called(simulated, cache)) == (0, "")

    code, _ = ended(called(simulated, cache, **change))

    assert (code, token_requests(simulated)) == (4, 2)


def test_the_cache_can_be_turned_off(simulated: Any, cache: Path) -> None:
    """With OVCGEN_NO_TOKEN_CACHE every command requests a token, and no file is written."""
    assert [ended(called(simulated, cache, OVCGEN_NO_TOKEN_CACHE="1")) for _ in range(2)] == [(0, "")] * 2

    assert token_requests(simulated) == 2
    assert not cache.exists()


def test_passwords_and_session_keys_are_not_kept(simulated: Any, cache: Path) -> None:
    """A command that logs in with a user name and password writes nothing into the cache."""
    login = {"OVC_USERNAME": simulated.username, "OVC_PASSWORD": simulated.password}

    assert ended(called(simulated, cache, CLIENT_ID="", CLIENT_SECRET="", **login)) == (0, "")

    assert not cache.exists()


def shared_file(path: Path) -> None:
    token_file(path).chmod(0o640)


def shared_folder(path: Path) -> None:
    token_file(path).parent.chmod(0o750)


def link(path: Path) -> None:
    file = token_file(path)
    file.rename(path / "elsewhere.json")
    file.symlink_to(path / "elsewhere.json")


def blocked(path: Path) -> None:
    folder = path / "ovcgen" / "tokens"
    folder.rename(path / "away")
    folder.write_text("no folder")


@pytest.mark.parametrize("spoil", [shared_file, shared_folder, link, blocked])
def test_an_unsafe_or_unwritable_cache_is_one_warning(
    simulated: Any, cache: Path, spoil: Callable[[Path], None]
) -> None:
    """With an unsafe or unwritable cache a command warns once, requests a token and leaves the cache unchanged."""
    assert ended(called(simulated, cache)) == (0, "")
    spoil(cache)
    before = {path: path.lstat().st_mtime_ns for path in cache.rglob("*")}

    code, err = ended(called(simulated, cache))

    assert (code, token_requests(simulated)) == (0, 2)
    assert [line.startswith("warning: The token can't be kept for the next call: ") for line in err.splitlines()] == [
        True
    ]
    assert {path: path.lstat().st_mtime_ns for path in cache.rglob("*")} == before


class Desk:
    """Several logins with one application key that share a token file and a clock, as separate processes would."""

    def __init__(self, url: Any, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.now = time.time()
        self.warnings: list[str] = []

    def file(self) -> TokenFile:
        identity = (self.url.itsyouonline, "itsyouonline", self.url.client_id)
        secret = Secret(self.url.client_secret)
        return TokenFile(self.folder, identity, secret, warn=self.warnings.append, clock=lambda: self.now)

    def call(self) -> str:
        """Make a call with a new login, as a new process does."""
        url = self.url
        login = ovcgen.ItsYouOnline(url.client_id, url.client_secret, url=url.itsyouonline)
        login._clock = lambda: self.now
        login.store = self.file()
        with ovcgen.connect(url, auth=login, release="2.4.5", retries=0) as portal:
            return str(portal.cloudapi.locations.getUrl())

    def kept(self) -> str:
        """Return the token in the file; "" if there is none."""
        stored = self.file().load()
        return stored.token.reveal() if stored else ""


@pytest.fixture
def desk(simulated: Any, tmp_path: Path) -> Desk:
    return Desk(simulated, tmp_path / "tokens")


def test_a_refused_token_is_replaced(simulated: Any, desk: Desk) -> None:
    """After the portal has refused the stored token once, the file holds a new one."""
    desk.call()
    first = desk.kept()
    desk.now += 2  # so that the next token is another one
    simulated.simulator.advance(2)
    simulated.simulator.faults.add("status", status=401)
    desk.call()
    second = desk.kept()
    desk.call()

    assert first not in ("", second)
    assert desk.kept() == second
    assert token_requests(simulated) == 2


def test_a_refused_token_is_dropped_although_the_provider_is_down(simulated: Any, desk: Desk) -> None:
    """A token that the portal refused is removed from the file even if no new one can be requested."""
    desk.call()
    simulated.simulator.faults.add("status", status=401)
    simulated.simulator.faults.add("status", operation=TOKEN_REQUEST, status=503, times=None)

    with pytest.raises(ServerError):
        desk.call()

    assert desk.kept() == ""


def test_an_expired_token_is_replaced(simulated: Any, desk: Desk) -> None:
    """Every process uses a stored token until 300 s before it expires; then a new one is requested."""
    desk.call()
    desk.now += DAY - 310
    desk.call()
    assert token_requests(simulated) == 1
    desk.now += 20
    desk.call()
    assert token_requests(simulated) == 2
    desk.now += DAY + 1
    assert desk.kept() == ""


def test_a_valid_token_of_the_file_outlives_its_provider(simulated: Any, desk: Desk) -> None:
    """In its last 300 s a stored token is still used if the provider can't renew it, until it expires."""
    desk.call()
    simulated.simulator.faults.add("status", operation=TOKEN_REQUEST, status=503, times=None)
    desk.now += DAY - 100
    desk.call()
    assert token_requests(simulated) == 1 + 3  # a login is repeated twice
    desk.now += 200
    with pytest.raises(ServerError):
        desk.call()


def test_a_locked_file_whose_token_is_valid_holds_up_nobody(simulated: Any, desk: Desk) -> None:
    """A process uses the stored valid token without waiting while another process renews it."""
    desk.call()
    desk.now += DAY - 100

    with desk.file().lock() as is_locked:
        begun = time.monotonic()
        desk.call()

    assert is_locked
    assert time.monotonic() - begun < 10
    assert token_requests(simulated) == 1


def test_a_clock_that_was_set_back_is_noticed(desk: Desk) -> None:
    """A token that was issued later than now is not used, because its remaining lifetime is unknown."""
    desk.call()
    desk.now -= 3600

    assert desk.kept() == ""


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"token": "a\\nb"}', "[" * 50_000, '{"lifetime": NaN}'])
def test_a_file_that_holds_no_token_is_replaced(simulated: Any, desk: Desk, content: str) -> None:
    """A token file with invalid content is ignored without a warning and replaced by the next token."""
    desk.call()
    [file] = desk.folder.glob("*/token.json")
    file.write_text(content)
    desk.call()
    desk.call()

    assert token_requests(simulated) == 2
    assert desk.warnings == []


@pytest.mark.parametrize("name", ["token", "issued", "lifetime", "salt", "proof"])
def test_a_part_of_a_token_file_is_no_token(desk: Desk, name: str) -> None:
    """A token file that lacks a field, or has a field of a wrong type, is ignored."""
    desk.call()
    [file] = desk.folder.glob("*/token.json")
    content = json.loads(file.read_text())
    for changed in ({key: value for key, value in content.items() if key != name}, {**content, name: [1]}):
        file.write_text(json.dumps(changed))
        assert desk.kept() == ""


def test_what_a_killed_process_left_half_written_is_removed(desk: Desk) -> None:
    """The next process that stores a token deletes the temporary file that a killed process left."""
    desk.call()
    [folder] = desk.folder.iterdir()
    (folder / ".ovcgen-abc.json").write_text("half")
    desk.now += DAY

    desk.call()

    assert os.listdir(folder) == ["token.json"]
