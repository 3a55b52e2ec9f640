"""Test that the commands of the page about profiles and logins print what the page shows."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from ovcgen.cli.app import run as run_command
from tests.cli.conftest import here as here
from tests.cli.conftest import home as home
from tests.cli.test_auth import MemoryKeyring

PAGE = (Path(__file__).parents[2] / "ovcgen" / "docs" / "profiles.md").read_text()
PORTAL = "https://portal.example"
PROVIDER = "https://itsyou.online"
VARIABLE = re.compile(r"([A-Z_]+)=(\S+)")


@pytest.fixture
def memory() -> Iterator[None]:
    """Provide a keyring in memory for one test."""
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    yield
    keyring.set_keyring(before)


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command of the page with its output."""
    for block in re.findall(r"^```session\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


@pytest.mark.usefixtures("memory")
def test_every_command_prints_what_the_page_says(
    home: Path, here: Path, simulated: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command prints what the page shows, on a simulated portal with its own identity provider."""
    (here / "secret.txt").write_text(f"{simulated.client_secret}\n")
    assert len(list(commands())) > 6

    for command, printed in commands():
        line, _, given = command.replace(PORTAL, simulated.url).partition(" < ")
        words = shlex.split(line)
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdin", io.StringIO((here / given).read_text() if given else ""))
            while assigned := VARIABLE.fullmatch(words[0]):
                patch.setenv(assigned[1], assigned[2])
                words.pop(0)
            if words[1:3] == ["auth", "login"]:
                words += ["--itsyouonline-url", simulated.itsyouonline]
            run_command(words[1:])
        shown = capsys.readouterr()

        text = (shown.err + shown.out).replace(simulated.url, PORTAL).replace(str(home), "~")
        assert (command, text) == (command, printed)


def test_the_settings_of_a_project_are_understood(
    here: Path, simulated: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page's block of TOML is a valid project file, whose portal is chosen."""
    [block] = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (here / block.splitlines()[0].removeprefix("# ")).write_text(block.replace(PORTAL, simulated.url))
    monkeypatch.setenv("OVCGEN_PROFILE", "staging")

    assert run_command(["profile", "show", "--query", "url", "-o", "text"]) == 0
    assert capsys.readouterr().out == f"{simulated.url}\n"


def test_every_setting_is_in_the_table() -> None:
    """The table has every setting with its variable, and says whether a project may set it."""
    from ovcgen.cli.profiles.settings_schema import SETTINGS

    rows = [line.split("|")[1:5] for line in PAGE.splitlines() if line.startswith("| `")]
    for name, setting in SETTINGS.items():
        [row] = [row for row in rows if f"`{name}`" in row[0]]
        assert setting.variable in row[2]
        assert row[3].strip().startswith("yes" if setting.in_project else "no")
