"""Test `ovcgen completion`: the suggested words, and the completion in real shells."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ovcgen.cli.app import COMMANDS
from ovcgen.cli.commands.completion import SCRIPTS
from ovcgen.cli.completion_candidates import words_of
from ovcgen.releases.catalog_cache import catalog_cache
from tests.cli.conftest import PATIENCE, PROGRAM, Run, small_catalog

PORTAL = "http://127.0.0.1:8443"
LIST = "cloudapi.things.list"
CREATE = "cloudapi.machines.create"
PETS = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "list",
                "tags": ["pets"],
                "summary": "List pets.",
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["cat", "dog"]}},
                    {"name": "sold", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                ],
                "responses": {"200": {"description": "ok"}},
            }
        }
    },
}


@pytest.fixture
def kept() -> str:
    """Return the address of a portal that does not run and whose catalog is in the cache."""
    from ovcgen.documents.document import canonical

    catalog_cache(pytest.fail).keep_catalog(PORTAL, "cloudapi", canonical(json.loads(small_catalog())).encode())
    return PORTAL


def words(run: Run, line: str, *options: str) -> list[str]:
    """Return the words that complete a line, and the kinds of file names."""
    ended = run("completion", "bash", "--line", line, *options)
    assert (ended.code, ended.err) == (0, "")
    rows = [row.split("\t") for row in ended.out.splitlines()]
    return [value if kind == "plain" else f"<{kind}>" for kind, value, _ in rows]


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_script_is_printed(run: Run, shell: str) -> None:
    """The printed script of each shell calls ovcgen to get the words."""
    ended = run("completion", shell)

    assert (ended.code, ended.err) == (0, "")
    assert f"completion {shell} --line" in ended.out


def test_commands_and_options(run: Run) -> None:
    """Commands and options are completed, also those of command groups; an unknown command has no completion."""
    assert words(run, "ovcgen ") == list(COMMANDS)
    assert words(run, "ovcgen op") == ["operations"]
    assert words(run, "ovcgen task w") == ["wait"]
    assert words(run, "ovcgen call --rel") == ["--release"]
    assert words(run, "ovcgen diff --fail-on br") == ["breaking"]
    assert words(run, "ovcgen nonsense ") == []


@pytest.mark.parametrize(
    "line", ["generate 2.4", "diff 2.4", "diff 2.1.6 2.4", "impact src --from 2.4", "serve --release 2.4"]
)
def test_releases(run: Run, line: str) -> None:
    """Releases are completed, the newest first."""
    found = words(run, f"ovcgen {line}")

    assert [word for word in found if word[0] != "<"] == ["2.4.5", "2.4.4", "2.4.0"]


def test_portals_and_their_operations(run: Run, kept: str) -> None:
    """Portals whose catalog is in the cache are completed, and so are their operations."""
    assert words(run, "ovcgen call h") == [kept, "<file>"]
    assert words(run, f"ovcgen task get {kept[:9]}") == [kept]
    assert words(run, f"ovcgen call {kept} ") == [LIST, "system.task.get", "system.task.kill"]
    assert words(run, f"ovcgen call {kept}/ cloudapi.things.l") == [LIST]
    assert words(run, f"ovcgen call --timeout 5 {kept} c") == [LIST]


def test_an_unknown_portal_has_the_operations_of_the_newest_release(run: Run) -> None:
    """Without a cached catalog the operations of the newest release are suggested, since no request is sent."""
    assert CREATE in words(run, "ovcgen call https://portal.example cloudapi.machines.c")


def test_arguments_of_an_operation(run: Run) -> None:
    """Arguments that are not yet given are suggested; a list argument is suggested again."""
    start = f"ovcgen call https://portal.example --release 2.4.5 {CREATE} "

    assert words(run, f"{start}cl") == ["cloudspaceId="]
    assert "name=" not in words(run, f"{start}name=a ")
    assert "datadisks=" in words(run, f"{start}datadisks=1 ")
    assert words(run, f"{start}nonsense") == []


def test_values_of_an_argument(run: Run, here: Path) -> None:
    """The enum values of the document, or true and false, complete a value. A changed document is read again."""
    (here / "pets.json").write_text(json.dumps(PETS))

    assert words(run, "ovcgen call https://a.example --spec pets.json p") == ["pets.list"]
    assert words(run, "ovcgen call pets.json pets.list ") == ["kind=", "sold=", "ids="]
    assert words(run, "ovcgen call pets.json pets.list kind=") == ["kind=cat", "kind=dog"]
    assert words(run, "ovcgen call pets.json pets.list sold=f") == ["sold=false"]
    assert words(run, "ovcgen call pets.json pets.list kind@") == ["<file>"]
    assert words(run, "ovcgen call missing.json pets.list ") == []
    (here / "pets.json").write_text(json.dumps(PETS).replace("pets.list", "x").replace('"kind"', '"race"'))
    assert "race=" in words(run, "ovcgen call pets.json pets.list ")


@pytest.mark.usefixtures("kept")
def test_a_damaged_cache_does_not_spoil_the_line(run: Run) -> None:
    """A damaged cache file prints nothing while a line is completed."""
    for path in (Path(os.environ["OVCGEN_CACHE_DIR"]) / "catalogs").iterdir():
        path.write_bytes(b"nonsense")

    assert words(run, "ovcgen call h") == ["<file>"]


@pytest.mark.usefixtures("kept")
def test_a_shell_that_splits_words_gets_the_rest_of_them(run: Run) -> None:
    """bash gets only the part of a word after the last `:` or `=`, because bash replaces only that part."""
    assert words(run, "ovcgen call http://127.0.0.1:8", "--breaks", "=:") == ["8443", "<file>"]


@pytest.mark.parametrize(
    ("line", "finished", "last"),
    [
        ("", [], ""),
        ("ovcgen", [], "ovcgen"),
        ("ovcgen ", ["ovcgen"], ""),
        ("ovcgen call 'a b", ["ovcgen", "call"], "a b"),
        ('ovcgen call "a b" c', ["ovcgen", "call", "a b"], "c"),
        ("ovcgen call a\\", ["ovcgen", "call"], "a\\"),
    ],
)
def test_words_of_a_line(line: str, finished: list[str], last: str) -> None:
    """A line is split into words even if its last quotation mark is not closed."""
    assert words_of(line) == (finished, last)


def test_completing_loads_nothing_that_reads_documents(run: Run, kept: str) -> None:
    """A completion imports no module that reads documents, so that it takes only a fraction of a second."""
    line = f"ovcgen call {kept} {LIST} "
    words(run, line)
    script = f"""
import sys
from ovcgen.cli import main
try:
    main(["completion", "bash", "--line", {line!r}])
except SystemExit:
    pass
heavy = {{"bravado", "jsonschema", "ovcgen.normalise", "ovcgen.documents.json_reader", "requests", "yaml"}}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], ['eval "$(ovcgen completion bash)"']),
    "zsh": (["zsh", "-f", "-i"], ["autoload -U compinit; compinit -u -D", 'eval "$(ovcgen completion zsh)"']),
    "fish": (["fish", "--no-config", "-i"], ["ovcgen completion fish | source"]),
}


class Terminal:
    """An interactive shell in a terminal of its own."""

    def __init__(self, shell: str) -> None:
        command, commands = SHELLS[shell]
        self._pid, self._terminal = pty.fork()
        if not self._pid:
            os.environ.update(TERM="xterm", PATH=f"{PROGRAM.parent}:{os.environ['PATH']}")
            os.execvp(command[0], command)  # noqa: S606  # one of SHELLS
        self._output = b""
        for line in [*commands, "echo rea''dy"]:
            self.type(f"{line}\r")
        self.await_text(rb"[\r\n]ready")

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def await_text(self, pattern: bytes) -> str:
        """Read until a pattern is found, and return its first group."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self._output)):
            if time.monotonic() > deadline:
                pytest.fail(f"There is no {pattern!r} in {self._output[-2000:]!r}")
            if select.select([self._terminal], [], [], 0.1)[0]:
                self._output += os.read(self._terminal, 65536)
        self._output = self._output[found.end() :]
        return found[found.lastindex or 0].decode()

    def completed(self, typed: str) -> str:
        """Type the beginning of a line and the Tab key, and return the line; then the shell's line is empty again.

        The line is put behind `echo`, so that the shell prints it.
        """
        self.type(f"{typed}\t\x01echo \x05 done\r")
        # Not what the terminal itself echoes while the shell is not reading yet: that has the keys in it.
        return self.await_text(rb"[\r\n](ovcgen [^\r\n\t^]*) done")

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_in_a_real_shell(shell: str, kept: str) -> None:
    """A real shell completes a line with the words of the command, also with words that contain `:` and `=`."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    terminal = Terminal(shell)
    try:
        assert terminal.completed("ovcgen oper").rstrip() == "ovcgen operations"
        assert terminal.completed("ovcgen call http://127.0.0.1:").rstrip() == f"ovcgen call {kept}"
        assert terminal.completed(f"ovcgen call {kept} cloudapi.t").rstrip() == f"ovcgen call {kept} {LIST}"
        line = f"ovcgen call --release 2.4.5 https://a.example {CREATE} "
        assert terminal.completed(f"{line}disks") == f"{line}disksize="
    finally:
        terminal.close()
