"""Test `rehearse`, which runs a script on two releases and compares the runs."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run, process

CALLS = """
import json, os, sys, urllib.request

def call(operation, **values):
    request = urllib.request.Request(
        f"{os.environ['OVC_URL']}/restmachine/{operation}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        print(operation, error.code, file=sys.stderr)

key = call("cloudapi/users/authenticate", username=os.environ["OVC_USERNAME"], password=os.environ["OVC_PASSWORD"])
"""
AGAIN = """
new = {"cloudspaceId": 1, "name": "web", "sizeId": 1, "imageId": 1, "disksize": 10, "authkey": key}
for _ in range(2):
    call("cloudapi/machines/delete", machineId=call("cloudapi/machines/create", **new), authkey=key)
"""


@pytest.fixture
def script(here: Path) -> Path:
    """Return a script that creates and deletes a machine, twice with the same name."""
    path = here / "nightly.py"
    path.write_text(f"{CALLS}{AGAIN}print('login', os.environ['OVC_PASSWORD'], key)\n")
    return path


def rehearse(run: Run, *command: object, options: tuple[str, ...] = ()) -> tuple[int, dict[str, object], str]:
    """Run `ovcgen rehearse` and return its exit code, JSON output and stderr."""
    ended = run("rehearse", "--from", "2.2.6", "--to", "2.4.5", "--output", "json", *options, "--", *command)
    return ended.code, json.loads(ended.out), ended.err


def test_a_script_that_meets_the_recycle_bin(run: Run, script: Path) -> None:
    """On the new release the recycle bin keeps the name; the release stands before each line that the script prints."""
    code, found, printed = rehearse(run, sys.executable, script, "--token", "t0ps3cret")

    assert code == 1
    refused = found["differences"][0]
    assert (refused["kind"], refused["subject"]) == ("newly-refused", "cloudapi.machines.create")
    assert refused["new"] == "409 Selected name already exists"
    assert "2.4.5 | cloudapi/machines/create 409" in printed.splitlines()
    assert [line for line in printed.splitlines() if line.startswith("2.2.6")] == ["2.2.6 | login *** ***"]
    assert found["command"][1:] == [str(script), "--token", "***"]
    assert [secret for secret in ("alice-password", "t0ps3cret") if secret in json.dumps(found)] == []


@pytest.mark.slow
def test_the_same_on_both_is_success(run: Run, here: Path) -> None:
    """A rehearsal of a release with itself succeeds, with an administrator's login and without any objects."""
    (here / "nightly.py").write_text(f"{CALLS}print(call('cloudapi/accounts/list', authkey=key))")

    ended = run("rehearse", "--from", "2.4.5", "--to", "2.4.5", "--seed", "empty", "--", sys.executable, "nightly.py")

    assert ended.code == 0
    assert ended.out.startswith("2.4.5 -> 2.4.5: nothing differs\n")
    assert ended.err == "2.4.5 | []\n" * 2


@pytest.mark.slow
def test_the_login_can_be_that_of_an_administrator(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --admin the command gets an administrator's login; no login of a real portal is passed to the command."""
    for name in ("OVC_TOKEN", "OVC_URL_MAIN", "OVCGEN_URL", "OVCGEN_PROFILE"):
        monkeypatch.setenv(name, "of the real portal")
    others = "[name for name, value in os.environ.items() if value == 'of the real portal']"
    (here / "nightly.py").write_text(f"{CALLS}print(os.environ['OVC_USERNAME'], {others})")

    _, _, user = rehearse(run, sys.executable, "nightly.py")
    _, _, admin = rehearse(run, sys.executable, "nightly.py", options=("--admin",))

    assert user == "2.2.6 | alice@itsyouonline []\n2.4.5 | alice@itsyouonline []\n"
    assert admin.count("admin@itsyouonline") == 2


@pytest.mark.slow
def test_a_command_that_calls_no_portal_is_no_success(run: Run) -> None:
    """A command that calls no portal is no success, and the report says how the command ended."""
    ended = run("rehearse", "--from", "2.2.6", "--to", "2.4.5", "--", "sh", "-c", "kill -9 $$")

    assert ended.code == 2
    assert "killed by SIGKILL" in ended.out
    assert "OVC_URL" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2.2.6", "--to", "2.4.5"),
        ("--from", "2.2.6", "--", "true"),
        ("--schema", "--", "true"),
        ("--from", "2.2.6", "--to", "9.9", "--", "true"),
        ("--from", "2.2.6", "--to", "2.4.5", "--timeout", "soon", "--", "true"),
        ("--from", "2.2.6", "--to", "2.4.5", "--", "no-such-program"),
    ],
    ids=["no command", "one release", "schema and more", "unknown release", "timeout", "unknown program"],
)
def test_usage_errors_are_two_lines(run: Run, arguments: tuple[str, ...]) -> None:
    """A usage error has two lines: what is wrong, and what to do."""
    ended = run("rehearse", *arguments)

    assert (ended.code, ended.two_lines) == (2, True)


def test_the_schema_is_printed(run: Run) -> None:
    """The schema of the JSON report is printed without a rehearsal."""
    assert json.loads(run("rehearse", "--schema").out)["title"] == "ovcgen rehearse --output json"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_rehearsal_leaves_nothing(here: Path, number: int, code: int) -> None:
    """An interrupted rehearsal ends the command that it runs."""
    begun = here / "begun"
    script = f"echo $$ > {begun}; sleep 60; echo end"
    started = process("rehearse", "--from", "2.2.6", "--to", "2.4.5", "--", "sh", "-c", script, cwd=here)
    while not begun.exists():
        time.sleep(0.05)
    started.send_signal(number)
    out, _ = started.communicate(timeout=30)

    assert started.returncode == code
    assert out == ""
