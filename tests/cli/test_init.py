"""Test `ovcgen init`: it writes the settings of a project and a first script that runs."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {"/pets": {"get": {"operationId": "listPets", "tags": ["pets"], "responses": {"204": {}}}}},
}


def test_the_first_script_of_a_portal_runs(
    run: Run, here: Path, simulated: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first script for a portal runs with nothing but the login in the environment."""
    monkeypatch.setenv("CLIENT_ID", simulated.client_id)
    monkeypatch.setenv("CLIENT_SECRET", simulated.client_secret)
    monkeypatch.setenv("ITSYOUONLINE_URL", simulated.itsyouonline)

    ended = run("init", simulated.url)
    runpy.run_path("first_call.py")

    assert (ended.code, ended.out.split()) == (0, ["ovcgen.toml", "first_call.py"])
    settings = tomllib.loads((here / "ovcgen.toml").read_text())
    assert settings == {"profile": "main", "profiles": {"main": {"url": simulated.url}}}
    assert capsys.readouterr().out.startswith("1 production DEPLOYED")
    assert simulated.url in run("profile", "show", "main").out


def test_a_script_may_log_in_with_a_password(
    run: Run, here: Path, simulated: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script for a login with a password reads OVC_USERNAME and OVC_PASSWORD."""
    monkeypatch.setenv("OVC_USERNAME", simulated.username)
    monkeypatch.setenv("OVC_PASSWORD", simulated.password)

    run("init", simulated.url, "--login", "password", "--folder", here)
    runpy.run_path("first_call.py")

    assert "DEPLOYED" in capsys.readouterr().out


def test_the_settings_go_into_a_pyproject_that_is_there(run: Run, here: Path) -> None:
    """The settings are added to an existing pyproject.toml, and a second run writes nothing."""
    (here / "pyproject.toml").write_text('[project]\nname = "mine"  # ours\n')

    run("init", "https://user:secret@portal.example/", "--name", "lab")

    text = (here / "pyproject.toml").read_text()
    assert text.startswith('[project]\nname = "mine"  # ours\n')
    assert tomllib.loads(text)["tool"]["ovcgen"]["profiles"] == {"lab": {"url": "https://portal.example"}}
    assert "secret" not in (here / "first_call.py").read_text()
    (here / "first_call.py").unlink()
    assert re.search(r"pyproject\.toml is there already", run("init", "https://portal.example").err)


@pytest.mark.parametrize("before", ["", "\n"])
def test_an_empty_pyproject_gets_the_settings(run: Run, here: Path, before: str) -> None:
    """A pyproject.toml without content has no settings that could be lost."""
    (here / "pyproject.toml").write_text(before)

    ended = run("init", "https://portal.example")

    assert (ended.code, ended.out.split()) == (0, ["pyproject.toml", "first_call.py"])
    settings = tomllib.loads((here / "pyproject.toml").read_text())
    assert settings == {
        "tool": {"ovcgen": {"profile": "main", "profiles": {"main": {"url": "https://portal.example"}}}}
    }


@pytest.mark.parametrize("file", ["ovcgen.toml", "first_call.py"])
def test_nothing_is_overwritten(run: Run, here: Path, file: str) -> None:
    """If one of the two files exists, neither is written."""
    (here / file).write_text("mine")

    ended = run("init", "https://portal.example")

    assert ended.two_lines
    assert ended.code == 2
    assert [path.name for path in here.iterdir()] == [file]
    assert (here / file).read_text() == "mine"


def test_the_first_script_of_a_document_makes_its_simplest_call(run: Run, here: Path) -> None:
    """The first script for a document makes its simplest call; the path of the document is relative to the project."""
    (here / "pets.json").write_text(json.dumps(PETS))

    run("init", "pets.json")

    assert tomllib.loads((here / "ovcgen.toml").read_text())["profiles"]["main"] == {"spec": "pets.json"}
    script = (here / "first_call.py").read_text()
    assert 'SPEC = Path(__file__).parent / "pets.json"' in script
    assert "print(client.pets.listPets())" in script
    compile(script, "first_call.py", "exec")


def test_a_document_elsewhere_is_refused(run: Run, here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A document outside of the project's folder is refused."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "pets.json"
    elsewhere.write_text(json.dumps(PETS))

    ended = run("init", elsewhere)

    assert "is not in the folder" in ended.err
    assert list(here.iterdir()) == []
