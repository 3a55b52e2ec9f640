"""What users expect of any command-line tool, as far as no other file of this folder tests it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Run

ASCII = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
CALL = {"operationId": "list", "tags": ["pets"], "summary": "Gro\u00dfe Katzen.", "responses": {}}
PETS = {"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get": CALL}}}


@pytest.mark.parametrize("path", [r"C:\docs\pets.yaml", "C:/docs/pets.json", r"\\host\docs\pets.yml"])
@pytest.mark.parametrize("command", [("call", "{}", "pets.list"), ("operations", "{}"), ("diff", "{}", "{}")])
def test_a_path_of_windows_is_a_path(run: Run, path: str, command: tuple[str, ...]) -> None:
    """A drive letter is not taken for the scheme of an address: the error speaks of a file."""
    ended = run(*(word.format(path) for word in command))

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"Can't read {path}: No such file or directory." in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(("form", "text"), [("json", r"Gro\u00dfe Katzen."), ("table", "Gro\u00dfe Katzen.")])
@pytest.mark.parametrize("environment", [ASCII, {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}], ids=["ascii", "utf-8"])
def test_texts_are_the_same_in_any_locale(tmp_path: Path, form: str, text: str, environment: dict[str, str]) -> None:
    """A document is read, and a result is written, as UTF-8 in any locale; JSON is ASCII."""
    (tmp_path / "pets.json").write_text(json.dumps(PETS, ensure_ascii=False), "utf-8")

    words = [PROGRAM, "operations", "pets.json", "-o", form]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert text in done.stdout.decode("utf-8")
