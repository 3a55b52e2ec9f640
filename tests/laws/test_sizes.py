"""Small files, small functions, and a sentence at the top of each."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "ovcgen").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
VAGUE = {"utils", "helpers", "common", "base", "misc"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_file_has_at_most_500_lines(file: Path) -> None:
    """What does not fit on a few screens has two subjects."""
    assert len(file.read_text().splitlines()) <= 500


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_function_has_at_most_50_lines(file: Path) -> None:
    """What does not fit on a screen has two subjects; decorators and docstring count."""
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]

    assert [function.name for function in functions if (function.end_lineno or 0) - function.lineno >= 50] == []


@pytest.mark.parametrize("file", FILES, ids=relative)
def test_a_module_says_what_it_is(file: Path) -> None:
    """The first statement is a docstring, and the name is no box for odds and ends."""
    if file.read_text().strip():
        assert ast.get_docstring(ast.parse(file.read_text()))
    assert file.stem not in VAGUE


@pytest.mark.parametrize("file", [file for file in FILES if file.name.startswith("test_")], ids=relative)
def test_a_test_is_one_sentence(file: Path) -> None:
    """Every test says in its docstring what it holds."""
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]

    assert [
        function.name for function in functions if function.name.startswith("test_") and not ast.get_docstring(function)
    ] == []
