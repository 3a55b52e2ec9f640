"""Programs at random that call one operation which is gone: none of them is passed over in silence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.usage.marked import findings
from tests.usage.programs import program

FEW, MANY = 60, 2000


def silent(folder: Path, numbers: range) -> dict[int, str]:
    """Return the programs in which a file names the operation but has no reported place."""
    found = {}
    for number in numbers:
        files, operation = program(number)
        method = re.compile(rf"\b{operation.rpartition('.')[2]}\b")
        broken, unresolved = findings(folder / str(number), files)
        reported_files = {each.partition(":")[0] for each in broken | unresolved}
        naming = {name for name, text in files.items() if method.search(text)}
        if not naming <= reported_files:
            found[number] = "\n".join(f"# {name}\n{text}" for name, text in files.items())
    return found


def test_programs_are_python_and_unlike() -> None:
    """A generator that makes the same or broken programs would prove nothing."""
    texts = [program(number)[0]["code.py"] for number in range(200)]
    for text in texts:
        ast.parse(text)

    assert len(set(texts)) > 190


def test_no_program_is_silent(tmp_path: Path) -> None:
    """However a program writes the call, the call is reported as broken or as not resolved."""
    assert silent(tmp_path, range(FEW)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, MANY, 250))
def test_none_of_many_programs_is_silent(start: int, tmp_path: Path) -> None:
    """The same for 2,000 programs."""
    assert silent(tmp_path, range(start, start + 250)) == {}
