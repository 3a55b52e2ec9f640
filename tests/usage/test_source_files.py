"""Files as they come: broken, huge, in odd encodings, linked in circles, closed to us."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ovcgen.usage.interpreter import usage
from ovcgen.usage.source_files import LARGEST, NoPython, NoSuchSource, sources
from ovcgen.usage.usages import OperationCall
from tests.usage.marked import between

CALL = 'import ovcgen\novcgen.connect("x").cloudapi.machines.stop(machineId=1)\n'


def calls(folder: Path) -> list[tuple[str, int, int]]:
    """Where calls were found: file, line and column."""
    used = usage(*sources([folder]), between().old_api)
    return [(Path(e.place.file).name, e.place.line, e.place.column) for e in used.uses if isinstance(e, OperationCall)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(CALL.encode(), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + CALL.encode(), id="with a byte order mark"),
        pytest.param(CALL.replace("\n", "\r\n").encode(), id="with the line ends of Windows"),
        pytest.param(CALL.replace("\n", "\r").encode(), id="with the line ends of old Macs"),
        pytest.param(f"# coding: latin-1\n\u00e9 = 1\n{CALL}".encode("latin-1"), id="in latin-1"),
        pytest.param(f"\x0c\n{CALL}".encode(), id="with a form feed"),
    ],
)
def test_a_file_is_read_in_its_encoding(data: bytes, tmp_path: Path) -> None:
    """The call is found in it."""
    (tmp_path / "code.py").write_bytes(data)

    assert [name for name, *_ in calls(tmp_path)] == ["code.py"]


def test_scripts_are_found_by_their_first_line(tmp_path: Path) -> None:
    """Tools of operators often have no extension; other files of a project are not looked at."""
    texts = {"deploy": "#!/usr/bin/env -S python3 -u\n", "window.pyw": "", "old": "#!/usr/bin/python\n"}
    texts |= {"run.sh": "#!/bin/python\n", "README": "", "shell": "#!/bin/sh\n# python\n"}
    for name, first in texts.items():
        (tmp_path / name).write_text(first + CALL)
    os.mkfifo(tmp_path / "pipe")

    assert [name for name, *_ in calls(tmp_path)] == ["deploy", "old", "window.pyw"]


def test_columns_count_characters(tmp_path: Path) -> None:
    """As editors do, whatever stands before in the line."""
    (tmp_path / "code.py").write_text(f'import ovcgen; x = "\u00e9\U0001f600"; {CALL.splitlines()[1]}')

    assert calls(tmp_path) == [("code.py", 1, 25)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"def (:\n", "line 1 does not parse: invalid syntax", id="no Python"),
        pytest.param(b'print "a"\n', "line 1 does not parse: Missing parentheses", id="the Python of old"),
        pytest.param(b"x = '\xff'\n", "does not parse", id="not UTF-8"),
        pytest.param(b"# coding: nothing\n", "does not parse", id="an encoding that is none"),
        pytest.param(b"x = 1\x00\n", "", id="a zero byte"),
        pytest.param(b"x = " + b"(" * 150 + b"1" + b")" * 150, "", id="many brackets around nothing much"),
        pytest.param(b"x = " + b"[" * 150 + b"]" * 150, "it nests too deeply", id="lists in lists"),
        pytest.param(b"x = " + b"-" * 5000 + b"1", "it nests too deeply", id="thousands of signs"),
        pytest.param(b"x" + b".x" * 300, "it nests too deeply", id="a chain without end"),
        pytest.param(b"#" * (LARGEST + 1), "it is larger than 4 MB", id="huge"),
    ],
)
def test_a_file_that_can_not_be_read_stops_no_other(data: bytes, reason: str, tmp_path: Path) -> None:
    """It is said which, and why."""
    (tmp_path / "bad.py").write_bytes(data)
    (tmp_path / "good.py").write_text(CALL)

    read, unread = sources([tmp_path])

    assert "good.py" in [source.path.name for source in read]
    assert all(reason in each.reason and each.file.endswith("bad.py") for each in unread)
    assert unread or not reason
    assert [name for name, *_ in calls(tmp_path)] == ["good.py"]


def test_long_sums_and_long_choices_are_no_deep_ones(tmp_path: Path) -> None:
    """What is written in a row may be as long as it likes."""
    choices = "\n".join(f"elif x == {number}:\n    pass" for number in range(1500))
    (tmp_path / "code.py").write_text(f"x = {' + '.join(['a'] * 1500)}\nif x:\n    pass\n{choices}\n{CALL}")

    assert [name for name, *_ in calls(tmp_path)] == ["code.py"]


def test_notebooks_that_mention_the_client_are_listed(tmp_path: Path) -> None:
    """A notebook is not read, and the advice says how it can be; one of another topic is not mentioned."""
    (tmp_path / "portal.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": [CALL]}]}))
    (tmp_path / "plot.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["import numpy"]}]}))
    (tmp_path / "code.py").write_text(CALL)

    read, unread = sources([tmp_path])
    reported = usage(read, unread, between().old_api).unread

    assert [Path(file.file).name for file in reported] == ["portal.ipynb"]
    assert "`jupyter nbconvert --to script`" in reported[0].reason
    assert [Path(source.file).name for source in read] == ["code.py"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    """Each file is read once, under the name that was met first."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "code.py").write_text(CALL)
    (tmp_path / "inner" / "again").symlink_to(tmp_path)
    (tmp_path / "linked.py").symlink_to(tmp_path / "inner" / "code.py")
    (tmp_path / "lost.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")

    read, unread = sources([tmp_path])

    assert len(read) == 1
    assert sorted(Path(each.file).name for each in unread) == ["lost.py", "self.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_is_closed_to_us_is_said(tmp_path: Path) -> None:
    """A file and a folder that others don't let us read."""
    (tmp_path / "file.py").write_text(CALL)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.py").chmod(0)
    (tmp_path / "folder").chmod(0)

    _, unread = sources([tmp_path])
    (tmp_path / "folder").chmod(0o700)

    assert [Path(each.file).name for each in unread] == ["folder", "file.py"]


def test_what_is_nobodys_own_is_left_out(tmp_path: Path) -> None:
    """Environments, hidden folders, caches, generated SDKs."""
    for name in (".git", "venv", "node_modules", "env/lib", "__pycache__"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "code.py").write_text(CALL)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "openvcloud_2_2_6" / "_runtime").mkdir(parents=True)
    (tmp_path / "openvcloud_2_2_6" / "code.py").write_text(CALL)
    (tmp_path / ".ovcgen.json").touch()
    (tmp_path / "own.py").write_text(CALL)

    assert [Path(source.file).name for source in sources([tmp_path])[0]] == ["own.py"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """It would never end."""
    os.mkfifo(tmp_path / "pipe.py")

    assert [unread.reason for unread in sources([tmp_path])[1]] == ["it is no regular file"]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    """A wrong path is not a project without trouble."""
    with pytest.raises(NoSuchSource):
        sources([tmp_path / "nowhere"])
    with pytest.raises(NoPython):
        sources([tmp_path])


def test_nothing_is_ever_run(tmp_path: Path) -> None:
    """Not on import, not as a decorator, not as a default."""
    trap = tmp_path / "trap"
    touch = f"__import__('pathlib').Path({str(trap)!r}).touch()"
    (tmp_path / "code.py").write_text(f"{touch}\n@{touch}\ndef f(x={touch}): pass\nclass A({touch}): pass\n{CALL}")

    assert len(calls(tmp_path)) == 1
    assert not trap.exists()


LOOPS = "".join(f"{' ' * depth}for x{depth} in L:\n" for depth in range(9))
CHAIN = "".join(f"def f{n}(x): return f{n + 1}(x + 1) + f{n + 1}(x - 1)\n" for n in range(60))
BOMBS = {
    "texts that double": "x = 'ab'\nfor _ in range(9): x = f'{x}{x}'\n" + "x = f'{x}{x}'\n" * 80,
    "lists that double": "x = [1, 2]\n" + "x = x + x\n" * 80 + "x = [*x, *x]\n" * 80,
    "dicts in dicts": "x = {'a': 1}\n" + "x = {'a': x, 'b': x}\n" * 80,
    "loops in loops": f"L = {tuple(range(64))}\n{LOOPS}{' ' * 9}f(x1)\n",
    "numbers too long to write": f"x = str(0x{'f' * 9000})\ny = -0x{'f' * 9000}\nz = f'{{y}}'\n",
    "calls in calls": f"{CHAIN}f0(1)\n",
    "going in circles": "def f(x): return f([x])\nf(1)\nclass A(A): pass\nclass B:\n    def g(self): return self.g\n",
    "importing oneself": "x = y = lambda: x()\nx()()()\nfrom code import *\nimport code\ncode.code.code\n",
}


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(bomb, id=name, marks=[pytest.mark.slow] * (name == "loops in loops"))
        for name, bomb in BOMBS.items()
    ],
)
def test_what_grows_without_end_ends(bomb: str, tmp_path: Path) -> None:
    """In little time and memory, and what stands below is found."""
    (tmp_path / "code.py").write_text(bomb + CALL)

    assert [name for name, *_ in calls(tmp_path)] == ["code.py"]


@pytest.mark.parametrize("depth", [101, 190, 500, 1_000, 3_000, 10_000, 100_000])
@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda depth: "-" * depth + "1", id="signs"),
        pytest.param(lambda depth: "not " * depth + "a", id="words"),
        pytest.param(lambda depth: "a" + ".b" * depth, id="attributes"),
        pytest.param(lambda depth: "a" + "()" * depth, id="calls"),
        pytest.param(lambda depth: "lambda: " * depth + "1", id="functions"),
        pytest.param(lambda depth: "1 if a else " * depth + "1", id="choices"),
        pytest.param(lambda depth: "a ** " * depth + "1", id="powers"),
    ],
)
def test_what_nests_too_deeply_is_told_alike_on_every_python(
    form: Callable[[int], str], depth: int, tmp_path: Path
) -> None:
    """Parsers give up at other depths, in other ways; our limit is below all of them."""
    (tmp_path / "bad.py").write_text(f"x = {form(depth)}\n")

    _, unread = sources([tmp_path])

    assert [each.reason for each in unread] == ["it nests too deeply"]
