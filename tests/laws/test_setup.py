"""What `make` sets up: the Pythons we promise, and exact versions that fit what pyproject.toml allows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = SETTINGS["project"]
PYTHONS = [classifier.rpartition(" ")[2] for classifier in PROJECT["classifiers"] if "Python :: 3." in classifier]
LOCK = (ROOT / "requirements.lock").read_text()
ENTRY = re.compile(
    r"^(?P<pin>[^\s#][^\\\n]*?)\s*\\\n(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)(?P<why>(?:    #.*\n)*)", re.MULTILINE
)
ASKED = f"PYTHON={sys.executable}"
ENTRIES = [(Requirement(match_["pin"]), match_["hashes"], match_["why"]) for match_ in ENTRY.finditer(LOCK)]


def direct() -> list[Requirement]:
    """What pyproject.toml asks for, of the package, its extras and its build."""
    named = [*PROJECT["dependencies"], *SETTINGS["build-system"]["requires"]]
    for extra in PROJECT["optional-dependencies"].values():
        named += extra
    return [requirement for requirement in map(Requirement, named) if requirement.name != PROJECT["name"]]


def pins(name: str, python: str, system: str) -> list[str]:
    """The exact versions that a machine would take."""
    machine = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": system,
    }
    fitting = [pin for pin, _, _ in ENTRIES if canonicalize_name(pin.name) == canonicalize_name(name)]
    return [str(pin.specifier) for pin in fitting if pin.marker is None or pin.marker.evaluate(machine)]


@pytest.mark.parametrize("system", ["linux", "darwin"])
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_has_one_allowed_version_of_what_is_asked_for(python: str, system: str) -> None:
    """`make lock` renews it after a change of pyproject.toml."""
    for asked in direct():
        [pin] = pins(asked.name, python, system)

        assert asked.specifier.contains(pin.removeprefix("==")), f"{asked} is locked as {pin}: run `make lock`"


def test_the_lock_has_nothing_that_nobody_asks_for() -> None:
    """Each package says for whom it is there; those that are there for us are those of pyproject.toml."""
    ours = {pin.name for pin, _, why in ENTRIES if f"{PROJECT['name']} (pyproject.toml)" in why}

    assert ours == {canonicalize_name(requirement.name) for requirement in direct()}


def test_the_lock_is_exact_and_bound_to_no_host() -> None:
    """Every line of it belongs to a pinned package with hashes; where packages come from is the machine's affair."""
    rest = ENTRY.sub("", LOCK)

    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    assert all(str(pin.specifier).startswith("==") and "sha256:" in hashes for pin, hashes, _ in ENTRIES)
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_the_pythons_are_the_same_everywhere() -> None:
    """Metadata, style, types, set-up and README promise the same lowest version."""
    lowest = PYTHONS[0]
    makefile = (ROOT / "Makefile").read_text()

    assert sorted(PYTHONS, key=lambda each: int(each.partition(".")[2])) == PYTHONS
    assert PROJECT["requires-python"] == f">={lowest}"
    assert SETTINGS["tool"]["ruff"]["target-version"] == f"py{lowest.replace('.', '')}"
    assert f"sys.version_info < ({lowest.replace('.', ', ')})" in makefile
    assert f"--python-version {lowest} " in makefile
    assert f"Python {lowest} or newer" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("there", "arguments", "made"),
    [
        pytest.param("Python 3.10.0", [], False, id="the one that is there"),
        pytest.param(None, [], True, id="none"),
        pytest.param("", [], True, id="a broken one"),
        pytest.param("Python 3.10.0", [ASKED], True, id="another is asked for"),
        pytest.param(f"Python {sys.version.split()[0]}", [ASKED], False, id="the same is asked for"),
    ],
)
def test_an_environment_of_another_python_is_made_anew(
    there: str | None, arguments: list[str], made: bool, tmp_path: Path
) -> None:
    """`make PYTHON=...` never runs on what another Python has left."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    if there is not None:
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\necho '{there}'\n" if there else "#!/nowhere\n")
        python.chmod(0o755)
        (tmp_path / ".venv" / ".ready").touch()

    plain = {name: value for name, value in os.environ.items() if name != "PYTHON" and not name.startswith("MAKE")}

    told = subprocess.run(
        ["make", "-n", "test", *arguments], cwd=tmp_path, env=plain, capture_output=True, text=True, check=True
    )

    assert ("-m venv" in told.stdout) is made
