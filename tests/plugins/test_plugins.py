"""Test plugins of other distributions: they are found, used, and named in errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen import plugins
from ovcgen.normalise.dialect import Dialect
from tests.cli.conftest import PROGRAM

EXAMPLE = Path(__file__).parent / "acme"


def entry(value: str) -> EntryPoint:
    """Return the entry point of a plugin that is not installed."""
    return EntryPoint("acme", value, "ovcgen.dialects")


def test_a_value_is_loaded() -> None:
    """A plugin whose value has the class of its group is loaded."""
    assert plugins.load(entry("ovcgen.normalise.plain:DIALECT"), Dialect).name == "plain"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("no_such_module:X", "can't be loaded: ModuleNotFoundError", id="no module"),
        pytest.param("ovcgen.normalise.plain:X", "can't be loaded: AttributeError", id="no such value"),
        pytest.param("ovcgen.normalise.plain:PLAIN", "is no Dialect", id="another class"),
    ],
)
def test_what_can_not_be_loaded_is_named(value: str, text: str) -> None:
    """The error about a plugin that can't be loaded names the plugin, its group and the remedy."""
    with pytest.raises(plugins.BrokenPlugin, match=f"acme of ovcgen.dialects {text}.*OVCGEN_NO_PLUGINS=1"):
        plugins.load(entry(value), Dialect)


def test_a_failure_is_named_wherever_it_happens() -> None:
    """A failure in a plugin's function or generator becomes BrokenPlugin; an error of ovcgen's own is unchanged."""

    def generate() -> Iterator[int]:
        yield 1
        raise ValueError("two\nlines")

    def refuse() -> None:
        raise ovcgen.ArgumentError("No.", fix="Yes.")

    made = plugins.guarded(entry("x"), generate)()
    assert next(made) == 1
    with pytest.raises(plugins.BrokenPlugin, match=r"acme of ovcgen\.dialects has failed: ValueError, two lines"):
        next(made)
    with pytest.raises(ovcgen.ArgumentError):
        plugins.guarded(entry("x"), refuse)()


def test_an_unknown_name_is_an_error() -> None:
    """The name of a plugin that is not installed is an error with the name and the group."""
    with pytest.raises(plugins.UnknownPlugin, match=r"no plugin 'acme' in ovcgen\.auth"):
        plugins.load_named("ovcgen.auth", "acme")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the example plugin is installed."""
    folder: Path = tmp_path_factory.mktemp("site")
    pip = [PROGRAM.with_name("uv"), "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--python", sys.executable, "--target", folder, EXAMPLE], check=True)
    return folder


def run(site: Path, folder: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ovcgen with the example plugin."""
    variables = {**os.environ, "PYTHONPATH": str(site), **env}
    command = [PROGRAM, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder with two documents of Acme that differ in a summary."""
    for name in ("old", "new"):
        get = {"operationId": "list", "tags": ["pets"], "summary": name, "responses": {"200": {"description": ""}}}
        document: dict[str, Any] = {"swagger": "2.0", "info": {"title": "Acme pets", "version": "1"}}
        (tmp_path / f"{name}.json").write_text(json.dumps({**document, "paths": {"/pets": {"get": get}}}))
    return tmp_path


@pytest.mark.slow
def test_an_installed_dialect_and_rule_are_used(site: Path, documents: Path) -> None:
    """The installed dialect recognises the document; the installed rule finds and explains its kind of change."""
    found = run(site, documents, "diff", "old.json", "new.json", "--output", "json")
    without = run(site, documents, "diff", "old.json", "new.json", "--output", "json", OVCGEN_NO_PLUGINS="1")
    made = run(site, documents, "generate", "old.json", "--dialect", "acme")

    kinds = {change["id"] for change in json.loads(found.stdout)["changes"]}
    assert kinds - {change["id"] for change in json.loads(without.stdout)["changes"]} == {"acme.summary-changed"}
    assert "Acme's price list quotes it" in run(site, documents, "diff", "--explain", "acme.summary-changed").stdout
    readme = (documents / made.stdout.strip() / "README.md").read_text()
    assert "Acme service" in readme


@pytest.mark.slow
def test_an_installed_login_is_used(site: Path, tmp_path: Path, simulated: Any) -> None:
    """OVCGEN_AUTH selects the installed login; if that login's variables are missing, the error names the plugin."""
    env = {"OVCGEN_AUTH": "acme", "ACME_USER": simulated.username, "ACME_PASSWORD": simulated.password}

    done = run(site, tmp_path, "call", simulated.url, "cloudapi.accounts.list", **env)
    lacking = run(site, tmp_path, "call", simulated.url, "cloudapi.accounts.list", OVCGEN_AUTH="acme")

    assert json.loads(done.stdout)[0]["name"] == "acme"
    assert "acme-broken of ovcgen.auth (ovcgen-acme 1.2)" in run(site, tmp_path, "doctor").stdout
    assert "The plugin acme of ovcgen.auth (ovcgen-acme 1.2) has failed: KeyError, 'ACME_USER'." in lacking.stderr


@pytest.mark.slow
def test_a_plugin_that_fails_is_named_without_a_traceback(site: Path, documents: Path, simulated: Any) -> None:
    """A rule or login that fails ends the command with an error that names the plugin, without a traceback."""
    rule = run(site, documents, "diff", "old.json", "new.json", ACME_FAILS="1")
    login = run(site, documents, "call", simulated.url, "cloudapi.accounts.list", OVCGEN_AUTH="acme-broken")

    assert "acme of ovcgen.rules (ovcgen-acme 1.2) has failed: RuntimeError, the price list is away." in rule.stderr
    assert "acme-broken of ovcgen.auth (ovcgen-acme 1.2) has failed: KeyError, 'vault'." in login.stderr
    assert (rule.returncode, login.returncode) == (2, 2)
    assert "Traceback" not in rule.stderr + login.stderr
