"""The asynchronous modules of an SDK have what the blocking ones have, and repeat nothing of it but signatures."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.generator import sdk_files
from ovcgen.generator.view.asynchronous import REQUIREMENTS, summary_of
from ovcgen.generator.write import check, write
from ovcgen.workflows.build_sdk import sdk_of
from tests.build import machines
from tests.generator.conftest import ROOT, TORTURE, Made
from tests.generator.test_sdk import API, PLAIN

PACKAGE = "openvcloud_2_4_5"
SOURCES = {"2.4.5": "2.4.5", "2.1.6": "2.1.6", "torture": str(TORTURE)}


def modules(files: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (path, blocking source, asynchronous source) of each module that an SDK has twice."""
    for path, text in sorted(files.items()):
        package, aio, rest = path.partition("/aio/")
        if aio and not package.endswith("_runtime") and rest != "__init__.py":
            yield path, files[f"{package}/{rest}"], text


def functions(source: str, *, is_async: bool) -> dict[str, list[str]]:
    """Return the signatures of all public functions by `Class.name`; that of overloads in order, their decorators too.

    Asserts that the methods that send something, and no others, are asynchronous if `is_async`.
    """
    found: dict[str, list[str]] = {}
    for holder in ast.walk(ast.parse(source)):
        for node in getattr(holder, "body", []) if isinstance(holder, ast.Module | ast.ClassDef) else []:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__"):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                sends = node.name != "connect" and "cached_property" not in " ".join(marks)
                assert isinstance(node, ast.AsyncFunctionDef) == (is_async and sends), node.name
                returned = ast.unparse(node.returns) if node.returns else ""
                declared = f"{marks} ({ast.unparse(node.args)}) -> {returned}"
                found.setdefault(f"{getattr(holder, 'name', '')}.{node.name}", []).append(declared)
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_signatures_are_the_same(source: str) -> None:
    """Every function of a blocking module is there, with the same arguments, overloads, marks and result."""
    twins = list(modules(ovcgen.generate(SOURCES[source])))

    assert len(twins) > 3
    for path, blocking, asynchronous in twins:
        assert functions(asynchronous, is_async=True) == functions(blocking, is_async=False), path


@pytest.mark.parametrize("source", SOURCES)
def test_wire_tables_are_imported(source: str) -> None:
    """No asynchronous module describes an operation or a waiter again."""
    for path, _, text in modules(ovcgen.generate(SOURCES[source])):
        assert [word for word in ("Spec(", " Waiter(", "Condition(") if word in text] == [], path


def test_an_sdk_can_be_without_them() -> None:
    """Then neither the modules nor their part of the runtime nor the extra is there, and the README is silent."""
    files = sdk_files(API, sha256="", aio=False)

    assert [path for path in files if "/aio/" in path] == []
    assert "optional-dependencies" not in files["pyproject.toml"]
    assert "asyncio" not in files["README.md"]
    assert json.loads(files[f"{PACKAGE}/names.json"])["aio"] is False


def test_they_change_nothing_in_the_blocking_modules() -> None:
    """The other Python files are the same with and without them."""
    with_them, without = sdk_files(API, sha256=""), sdk_files(API, sha256="", aio=False)

    own = {path: text for path, text in with_them.items() if path.endswith(".py") and "/aio/" not in path}
    assert own == {path: text for path, text in without.items() if path.endswith(".py")}


@pytest.mark.parametrize("aio", [True, False])
def test_the_choice_is_kept(aio: bool, tmp_path: Path) -> None:
    """An SDK that was generated with or without them stays so, until the other is asked for."""
    folder = tmp_path / "openvcloud-2.4.5"
    write(sdk_of("2.4.5", out=tmp_path, aio=aio, groups="libcloud").files, folder)

    assert check(sdk_of("2.4.5", out=tmp_path, groups="libcloud").files, folder) == []
    assert check(sdk_of("2.4.5", out=tmp_path, aio=not aio, groups="libcloud").files, folder) != []


def test_the_extra_is_that_of_ovcgen() -> None:
    """The runtime is the same, so are the packages that it needs."""
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["aio"]
    made = tomllib.loads(sdk_files(PLAIN, sha256="")["pyproject.toml"])["project"]

    assert made["optional-dependencies"] == {"aio": own}
    assert list(REQUIREMENTS) == own
    assert made["dependencies"] == ["requests>=2.32.4"]


def told(script: str, made: Made) -> Any:
    """Return what a program says as JSON that finds the SDK."""
    whole = f"import json, sys; sys.path.insert(0, {str(made.folder)!r})\n{script.replace('PACKAGE', made.package)}"
    done = subprocess.run([sys.executable, "-I", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


CALLED = """
import PACKAGE as ovc
portal = ovc.connect("https://portal.example")
names = [name for name in ovc.__all__ if getattr(ovc, name)]
print(json.dumps([name for name in sys.modules if ".aio" in name or name in ("anyio", "httpx2", "asyncio")]))
"""
NAMES = """
import PACKAGE as blocking, PACKAGE.aio as ovc
names = {"RELEASE", "SPEC_SHA256", "__version__", *blocking.__all__}
same = [name for name in names if getattr(ovc, name) is getattr(blocking, name)]
groups = [name for name in sys.modules if name.startswith("PACKAGE.") and "_runtime" not in name]
print(json.dumps([ovc.__all__ == blocking.__all__, sorted(names - set(same)), groups]))
"""


@pytest.mark.parametrize("kind", ["portal", "plain"])
def test_a_blocking_program_loads_nothing_of_them(kind: str, portal_sdk: Made, plain_sdk: Made) -> None:
    """Neither the modules nor an event loop, even if all public names are used."""
    assert told(CALLED, portal_sdk if kind == "portal" else plain_sdk) == []


def test_the_public_names_are_the_same(portal_sdk: Made, plain_sdk: Made) -> None:
    """Errors, logins and types are the same objects; groups load on first use here, too."""
    modules_of = ["", ".types", ".aio", ".aio._client"]
    own = ["Portal", "Task", "Waited", "as_completed", "connect", "wait"]

    names, different, loaded = told(NAMES, portal_sdk)
    assert (names, different) == (True, own)
    assert {f"{portal_sdk.package}{name}" for name in modules_of if name} | {f"{portal_sdk.package}._client"} == {
        *loaded
    }
    assert told(NAMES, plain_sdk)[:2] == [True, ["Client", "connect"]]


@pytest.mark.parametrize(
    ("doc", "summary"),
    [
        ("Makes one.", "Makes one."),
        ("Makes one. And more.", "Makes one. And more."),
        (f"Makes one. {'Very ' * 25}long.", "Makes one."),
        (f"{'Very ' * 30}long.", f"{'Very ' * 30}long."),
        ("Makes one\n\nfor you.", "Makes one"),
        ("", "POST /cloudapi/machines/create."),
    ],
)
def test_the_docstring_is_a_line_of_whole_sentences(doc: str, summary: str) -> None:
    """The arguments are described at the blocking method."""
    assert summary_of(machines(doc=doc)) == summary
