"""The README is true: its Python runs and prints what it says, its commands exist and print what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.diff.policy_file import policy_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(README)


@pytest.mark.usefixtures("openvcloud_2_4_5")
def test_every_python_block_prints_what_the_readme_says(
    simulated: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    """From top to bottom, as a reader would: one session, a simulated portal in place of portal.example."""
    monkeypatch.setenv("CLIENT_ID", simulated.client_id)
    monkeypatch.setenv("CLIENT_SECRET", simulated.client_secret)
    monkeypatch.setenv("ITSYOUONLINE_URL", simulated.itsyouonline)
    monkeypatch.chdir(tmp_path)
    session: dict[str, Any] = {}
    told: list[tuple[str, str]] = []

    for language, text in BLOCKS:
        if language == "python":
            exec(text.replace("https://portal.example", simulated), session)  # noqa: S102
            told.append((capsys.readouterr().out, ""))
        elif language == "text":
            told[-1] = (told[-1][0], text)

    assert [printed for printed, _ in told] == [expected for _, expected in told]
    assert len(told) >= 6
    session["portal"].close()


@pytest.mark.usefixtures("simulated")  # what it loads can't be loaded twice
def test_every_test_of_the_readme_passes(pytester: pytest.Pytester) -> None:
    """Copied into a file, its tests pass in a reader's own run."""
    tests = [text for language, text in BLOCKS if language == "python" and "\ndef test_" in text]
    pytester.makepyfile(**{f"test_readme_{number}": text for number, text in enumerate(tests)})

    outcome = pytester.runpytest("-q", "-W", "error", "--strict-markers", "--ovc-block-network").parseoutcomes()

    assert outcome == {"passed": "".join(tests).count("def test_")}


@pytest.mark.parametrize("block", [text for language, text in BLOCKS if language == "toml"])
def test_every_setting_is_understood(block: str) -> None:
    """Each table of TOML is a policy."""
    policy = policy_of(block, "README.md")

    assert policy.ignores
    assert policy.severity


def without_counts(lines: list[str]) -> list[str]:
    """How many files an SDK has is no promise."""
    return [re.sub(r"in \d+ files", "in N files", line) for line in lines]


@pytest.mark.parametrize("block", [text for language, text in BLOCKS if language == "console"])
def test_every_command_prints_what_the_readme_says(block: str, tmp_path: Path) -> None:
    """Lines after `$` are run; the lines below are what comes, `...` stands for more of it."""
    for text in [text for language, text in BLOCKS if language == "py"]:  # files that begin with their names
        (tmp_path / text.splitlines()[0].removeprefix("# ")).write_text(text)
    command, *expected = block.splitlines()
    words = command.removeprefix("$ ").split()
    program = [str(Path(sys.executable).with_name(words[0])), *words[1:]]

    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)

    shown = without_counts((done.stderr + done.stdout).splitlines())
    expected = without_counts(expected)
    assert done.returncode in (0, 1)
    if expected[-1] == "...":
        assert shown[: len(expected) - 1] == expected[:-1]
    else:
        assert shown == expected


def test_every_other_command_exists() -> None:
    """Make targets are targets of the Makefile, sub-commands of ovcgen are in its help."""
    lines = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
    targets = [line.split()[1] for line in lines if line.startswith("make ")]
    commands = {line.split()[1] for line in lines if line.startswith("ovcgen ")}
    commands |= set(re.findall(r"`ovcgen (\w+) ", README))
    makefile = (ROOT / "Makefile").read_text()
    help_text = subprocess.run(
        [sys.executable, "-m", "ovcgen", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert targets
    assert all(f"\n{target}:" in makefile for target in targets)
    assert all(f"\n  {command} " in help_text for command in commands)


def test_where_is_what_is_where_it_says() -> None:
    """Every path of the last section is there."""
    section = README.partition("## Where is what")[2]
    paths = re.findall(r"(?:^|\s)((?:ovcgen|specs|generated|tests|templates)/[\w/]*(?:\.py)?)", section)

    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
