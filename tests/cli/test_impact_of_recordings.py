"""`impact --cassettes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BASE = "https://portal.example/restmachine"


@pytest.fixture
def cassettes(here: Path) -> Path:
    """A folder with one recording: an epoch that is a word, and a list."""
    calls = [("/cloudapi/machines/rollbackSnapshot", "machineId=1&epoch=yesterday"), ("/cloudapi/accounts/list", "")]
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "null"}}
    told = [
        {"request": {"method": "POST", "uri": BASE + path, "body": body, "headers": {}}, "response": response}
        for path, body in calls
    ]
    (here / "recorded").mkdir()
    (here / "recorded" / "calls.json").write_text(json.dumps({"version": 1, "interactions": told}))
    return here / "recorded"


@pytest.mark.usefixtures("cassettes")
def test_a_recorded_request_that_turns_invalid(run: Run) -> None:
    """Is told with its cassette, and the exit code is 1."""
    text, told = (
        run("impact", "--cassettes", "recorded", "--from", "2.2.6", "--to", "2.4.5", *words)
        for words in ([], ["--output", "json"])
    )

    assert (text.code, text.err) == (1, "")
    assert text.out.startswith("2.2.6 -> 2.4.5: 1 of 2 recorded requests turns invalid\n\nrecorded/calls.json, inter")
    assert [each["parameter"] for each in json.loads(told.out)["turned"]] == ["epoch"]


@pytest.mark.usefixtures("cassettes")
def test_recordings_that_stay_right(run: Run) -> None:
    """Exit code 0."""
    ended = run("impact", "--cassettes", "recorded", "--from", "2.2.6", "--to", "2.2.6")

    assert ended == (0, "2.2.6 -> 2.2.6: 0 of 2 recorded requests turn invalid\n", "")


@pytest.mark.usefixtures("cassettes")
@pytest.mark.parametrize(
    "words", [["."], ["--output", "sarif"], ["--schema"]], ids=["with code", "without lines", "with a schema"]
)
def test_what_recordings_have_not(run: Run, words: list[str]) -> None:
    """Is refused."""
    ended = run("impact", "--cassettes", "recorded", "--from", "2.2.6", "--to", "2.4.5", *words)

    assert (ended.code, ended.two_lines) == (2, True)


def test_a_cassette_that_is_not_there(run: Run) -> None:
    """In two sentences."""
    ended = run("impact", "--cassettes", "gone", "--from", "2.2.6", "--to", "2.4.5")

    assert (ended.code, ended.two_lines) == (2, True)
