"""README and documentation are true: their Python runs, their commands exist, and both print what the pages say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.diff.policy_file import policy_of

ROOT = Path(__file__).parents[2]
PAGES = {path.name: path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "ovcgen" / "docs").glob("*.md"))]}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"^def test_", re.MULTILINE)
CA_BUNDLES = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}  # of this machine; the pages know of none
ELSEWHERE = {"tutorial.md"}  # tests/site/test_tutorial.py follows it step by step
BLOCKS = {name: BLOCK.findall(text) for name, text in PAGES.items() if name not in ELSEWHERE}
PORTAL = "https://portal.example"
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")


def blocks(*languages: str) -> list[Any]:
    """The blocks in these languages, each with the name of its page."""
    return [
        pytest.param(page, text, id=f"{page}-{number}")
        for page, listed in BLOCKS.items()
        for number, (language, text) in enumerate(listed)
        if language in languages
    ]


def write_files(page: str, folder: Path) -> None:
    """Write the files of a page: its `py` blocks, each of which begins with the name of the file as a comment."""
    for text in [text for language, text in BLOCKS[page] if language == "py"]:
        (folder / text.splitlines()[0].removeprefix("# ")).write_text(text)


@pytest.mark.parametrize("page", [name for name, listed in BLOCKS.items() if any(one == "python" for one, _ in listed)])
@pytest.mark.usefixtures("openvcloud_2_4_5")
def test_every_python_block_prints_what_the_page_says(
    page: str, simulated: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    """A page is one session from top to bottom, with a simulated portal in place of portal.example."""
    monkeypatch.setenv("OVC_URL", simulated.url)
    monkeypatch.setenv("CLIENT_ID", simulated.client_id)
    monkeypatch.setenv("CLIENT_SECRET", simulated.client_secret)
    monkeypatch.setenv("ITSYOUONLINE_URL", simulated.itsyouonline)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    write_files(page, tmp_path)
    session: dict[str, Any] = {}
    outputs: list[tuple[str, str]] = []

    for language, text in BLOCKS[page]:
        if language == "python":
            exec(text.replace(PORTAL, simulated.url), session)  # noqa: S102
            outputs.append((capsys.readouterr().out, ""))
        elif language == "text":
            outputs[-1] = (outputs[-1][0], text)

    assert [printed for printed, _ in outputs] == [expected for _, expected in outputs]
    if "portal" in session:
        session["portal"].close()


@pytest.mark.usefixtures("simulated")  # what it loads can't be loaded twice
def test_every_test_of_the_documentation_passes(pytester: pytest.Pytester) -> None:
    """Copied into a file, the tests of the pages pass in a reader's own run."""
    tests = {
        page: [text for language, text in listed if language == "python" and TEST.search(text)]
        for page, listed in BLOCKS.items()
    }
    for page, texts in tests.items():
        if texts:
            write_files(page, pytester.path)
            pytester.makepyfile(**{f"test_{page.removesuffix('.md')}": "\n\n".join(texts)})

    outcome = pytester.runpytest("-q", "-W", "error", "--strict-markers", "--ovc-block-network").parseoutcomes()

    assert outcome == {"passed": sum(len(TEST.findall(text)) for texts in tests.values() for text in texts)}


@pytest.mark.parametrize(
    ("page", "block"), [each for each in blocks("toml") if not str(each.values[1]).startswith("# ovcgen.toml")]
)
def test_every_setting_is_understood(page: str, block: str) -> None:
    """Every block of TOML is a valid policy, except a project's file, which has a test of its own."""
    policy = policy_of(block, page)

    assert policy.ignores
    assert policy.severity


def without_counts(lines: list[str]) -> list[str]:
    """Return the lines without numbers that may change: counts of files and versions of ovcgen and of a library."""
    return [re.sub(r"(ovcgen/|python-requests/)[\d.]+|(?<=in )\d+(?= files)", r"\1N", line) for line in lines]


@pytest.mark.parametrize(("page", "block"), blocks("console"))
def test_every_command_prints_what_the_page_says(page: str, block: str, tmp_path: Path, simulated: Any) -> None:
    """Each command after `$` prints the lines below; `...` stands for more output.

    A simulated portal stands in for portal.example.
    """
    write_files(page, tmp_path)
    command, *expected = block.splitlines()
    words = shlex.split(command.removeprefix("$ ").replace(PORTAL, simulated.url))
    program = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    login = {"CLIENT_ID": simulated.client_id, "CLIENT_SECRET": simulated.client_secret, "OVCGEN_NO_TOKEN_CACHE": "1"}
    environment = {**os.environ, **login, "ITSYOUONLINE_URL": simulated.itsyouonline}
    environment = {name: value for name, value in environment.items() if name not in CA_BUNDLES}

    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    shown = without_counts((done.stderr + done.stdout).replace(simulated.url, PORTAL).splitlines())
    expected = without_counts(expected)
    assert done.returncode in (0, 1) or expected[0].startswith(("ovcgen: ", '{"error": '))
    if expected[-1] == "...":
        assert shown[: len(expected) - 1] == expected[:-1]
    else:
        assert shown == expected


def test_every_other_command_exists() -> None:
    """Make targets are in the Makefile, and sub-commands of ovcgen are in its help."""
    listed = [block for page in BLOCKS.values() for block in page]
    lines = [line for language, text in listed if language == "sh" for line in text.splitlines()]
    targets = {line.split()[1] for line in lines if line.startswith("make ")}
    commands = {line.split()[1] for line in lines if line.startswith("ovcgen ")}
    commands |= {name for text in PAGES.values() for name in re.findall(r"`ovcgen (\w+) ", text)}
    makefile = (ROOT / "Makefile").read_text()
    help_text = subprocess.run(
        [sys.executable, "-m", "ovcgen", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert targets
    assert all(f"\n{target}:" in makefile for target in targets)
    assert all(f"\n  {command} " in help_text for command in commands)


def test_every_link_leads_somewhere() -> None:
    """Relative links name files that are there, and headings that these have."""
    for path in [ROOT / "README.md", *(ROOT / "ovcgen" / "docs").glob("*.md")]:
        for target, anchor in LINK.findall(path.read_text()):
            if target.startswith("reference/"):  # made when the site is built, and checked there
                continue
            linked = path.parent / target if target else path
            assert linked.exists(), (path.name, target)
            headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.MULTILINE) if linked.is_file() else []
            assert not anchor or anchor in [heading.lower().replace(" ", "-") for heading in headings]


def test_the_readme_fits_on_a_few_screens() -> None:
    """What it is, how to install it, the first call, and where to read on."""
    assert 80 <= len(PAGES["README.md"].splitlines()) <= 120


def test_where_is_what_is_where_it_says() -> None:
    """Every path of that section is there."""
    section = PAGES["contributing.md"].partition("## Where is what")[2]
    paths = re.findall(r"(?:^|\s)((?:ovcgen|specs|generated|tests|templates)/[\w/]*(?:\.py)?)", section)

    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
