"""Test the files for teams: hooks of pre-commit, the GitHub Action, and the fragments of the changelog."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ovcgen.cli import main

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / ".github" / "actions" / "ovcgen" / "action.yml").read_text())
INSTALL, RUN = ACTION["runs"]["steps"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]  # as GitHub runs a step


def steps(step: dict[str, Any], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one step of the action in that folder, with these variables."""
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), "RUNNER_TEMP": str(folder / "temp"), **env}
    return subprocess.run([*BASH, step["run"]], cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder that looks as if the action's step for installing ovcgen had run there."""
    (tmp_path / "temp" / "ovcgen" / "bin").mkdir(parents=True)
    (tmp_path / "temp" / "ovcgen" / "bin" / "ovcgen").symlink_to(Path(sys.executable).with_name("ovcgen"))
    return tmp_path


def test_steps_read_inputs_from_the_environment_alone() -> None:
    """No step has an input in the text of its script, since a branch name could then inject code."""
    assert [step["run"] for step in ACTION["runs"]["steps"] if "${{" in step["run"]] == []
    assert RUN["env"] == {"COMMAND": "${{ inputs.command }}", "ARGUMENTS": "${{ inputs.arguments }}"}


def test_arguments_reach_the_command_as_they_are(installed: Path) -> None:
    """Each line of the input is one argument, also with blanks, quotes and shell commands."""
    (installed / "my api.json").write_text('{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}}')
    done = steps(RUN, installed, COMMAND="diff", ARGUMENTS="my api.json\n\n$(touch one); touch two `touch three`\n")

    assert "touch one" in done.stderr
    assert done.returncode == 2
    assert not [path for path in installed.iterdir() if path.name in ("one", "two", "three")]


def test_only_three_commands_can_be_run(installed: Path) -> None:
    """A command other than generate, diff and impact is refused."""
    done = steps(RUN, installed, COMMAND="call; touch one", ARGUMENTS="")

    assert (done.returncode, done.stdout) == (2, "::error::The command has to be generate, diff or impact.\n")


def test_a_breaking_change_fails_the_step(installed: Path) -> None:
    """A breaking change fails the step and is printed as an annotation of GitHub."""
    done = steps(RUN, installed, COMMAND="diff", ARGUMENTS="2.3.0\n2.4.0")

    assert done.returncode == 1
    assert done.stdout.startswith("::error")


@pytest.mark.slow
def test_the_action_installs_its_own_ovcgen(tmp_path: Path) -> None:
    """The action installs the version of ovcgen from its own checkout."""
    (tmp_path / "temp").mkdir()
    settings = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "UV_"))}

    done = steps(
        INSTALL, tmp_path, SOURCE=str(ROOT / ".github" / "actions" / "ovcgen" / ".." / ".." / ".."), **settings
    )
    done_too = steps(RUN, tmp_path, COMMAND="diff", ARGUMENTS="2.4.5\n2.4.5")

    assert (done.returncode, done_too.returncode) == (0, 0), done.stderr + done_too.stderr


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_every_hook_is_a_command(hook: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The entry of every hook is a command of ovcgen, and pre-commit runs only one process of the hook at a time."""
    program, *words = hook["entry"].split()
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])

    assert (program, ended.value.code, hook["language"], hook["require_serial"]) == ("ovcgen", 0, "python", True)
    assert "Usage: ovcgen" in capsys.readouterr().out


def test_every_fragment_is_one_of_the_changelog() -> None:
    """The file name of every fragment has a kind of the changelog, and its text is one line."""
    kinds = [
        kind["directory"] for kind in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]["type"]
    ]
    fragments = sorted((ROOT / ".changes").iterdir())

    assert [
        path.name for path in fragments if not re.fullmatch(rf"\+?[\w-]+\.({'|'.join(kinds)})\.md", path.name)
    ] == []
    assert [path.name for path in fragments if not re.fullmatch(r"[^\n]+\.\n", path.read_text())] == []
