"""Test that the tutorial works for a newcomer who installs ovcgen's wheel and copies each block of the page."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
import venv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.locked import constrained
from tests.site import build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|127\.0\.0\.1:\d+|in \d+ files|after \d+ s")
PATIENCE = 60  # seconds


class Block(NamedTuple):
    """A block of code on a page: its language, and its text as a reader copies it."""

    language: str
    text: str


class Blocks(HTMLParser):
    """A parser that collects the blocks of code of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Block] = []
        self._language = ""
        self._text: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block of code."""
        classes = dict(attrs).get("class") or ""
        if tag == "div" and (language := re.search(r"language-(\w+)", classes)):
            self._language = language[1]
        elif tag == "code" and self._language:
            self._text = []

    def handle_data(self, data: str) -> None:
        """Add text to the current block."""
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End the current block."""
        if tag == "code" and self._text is not None:
            self.found.append(Block(self._language, "".join(self._text).strip("\n")))
            self._language, self._text = "", None


class Terminal:
    """A shell's environment and folder. Commands run there on a terminal of 80 columns."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.environment = {
            "HOME": str(folder),
            "PATH": f"{programs}:/usr/bin:/bin",
            "TERM": "dumb",
            **constrained(folder),
            **{name: value for name, value in os.environ.items() if name.lower().startswith(("pip_", "uv_", "http"))},
        }

    def begin(self, command: str) -> tuple[subprocess.Popen[bytes], int]:
        """Start a command; return its process and the file descriptor of its terminal."""
        mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        process = subprocess.Popen(
            ["bash", "-c", command],
            stdin=its,
            stdout=its,
            stderr=its,
            env=self.environment,
            cwd=self.folder,
            start_new_session=True,
        )
        os.close(its)
        return process, mine

    def run(self, command: str) -> list[str]:
        """Run a command to its end and return the lines that it printed."""
        process, mine = self.begin(command)
        text = b"".join(received(mine))
        process.wait(PATIENCE)
        os.close(mine)
        return text.decode().replace("\r\n", "\n").splitlines()


def received(descriptor: int) -> Iterator[bytes]:
    """Yield the output of a terminal until its program ends."""
    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # Linux: the other side is closed
            return
        if not data:
            return
        yield data


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install ovcgen's wheel in a new environment and return its folder of programs."""
    folder = tmp_path_factory.mktemp("newcomer")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"], cwd=ROOT, check=True
    )
    venv.create(folder / "venv", with_pip=True)
    [wheel] = (folder / "dist").glob("*.whl")
    subprocess.run(
        [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel],
        env={**os.environ, **constrained(folder)},
        check=True,
    )
    return folder / "venv" / "bin"


def test_the_tutorial_runs_to_its_end_and_prints_what_it_shows(
    programs: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every command of the page prints what the page shows, except for guids, ports, seconds and numbers of files."""
    page = build.build(tmp_path_factory.mktemp("site")) / "tutorial.html"
    first, *blocks = Blocks(page.read_text(encoding="utf-8")).found
    terminal = Terminal(tmp_path, programs)
    portal, output = terminal.begin(commands(first)[0][0])
    try:
        exports = exported(output)
        terminal.environment.update(exports)
        assert "OVC_URL" in exports
        for block in blocks:
            follow(terminal, block)
    finally:
        portal.terminate()
        portal.wait(PATIENCE)
        os.close(output)


def follow(terminal: Terminal, block: Block) -> None:
    """Save a block as a file, or run its commands and compare their output with the page."""
    if block.language == "python":
        name = block.text.splitlines()[0].removeprefix("# ")
        (terminal.folder / name).write_text(block.text + "\n", encoding="utf-8")
    elif block.language == "sh":
        assert terminal.run(f"{block.text} > log 2>&1 || cat log") == []
    else:
        for command, expected in commands(block):
            shown = terminal.run(command)
            if expected[-1:] == ["..."]:
                expected, shown = expected[:-1], shown[: len(expected) - 1]
            assert constant(shown) == constant(expected), command


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Return the commands of a block, each with its lines of output. A command stands after `$ `.

    The heading of a rehearsal also begins with `$ `, but is output, because a line stands above the heading.
    """
    command, *lines = block.text.splitlines()
    return [(command.removeprefix("$ "), lines)]


def constant(lines: list[str]) -> list[str]:
    """Return the lines without the parts that differ from run to run."""
    return [CHANGING.sub("*", line).rstrip() for line in lines]


def exported(output: int) -> dict[str, str]:
    """Read the output of `ovcgen serve` and return the variables of its `export` lines."""
    text, ends = "", time.monotonic() + PATIENCE
    while "ovcgen call" not in text and time.monotonic() < ends:
        text += os.read(output, 65536).decode()
    return dict(re.findall(r"^export (\w+)=(\S+)", text, re.MULTILINE))
