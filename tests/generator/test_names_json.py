"""Names that Python or the SDK itself has a use for: whatever a document calls its things, the SDK works."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.write import write
from ovcgen.model.api import Api
from ovcgen.model.schema import Property, Record
from ovcgen.model.waiter import ConditionSpec, WaiterSpec
from tests.build import STRING, api, listed, must, named, one_of, operation, parameter, record

ROOT = Path(__file__).parents[2]
BUILTINS = ["bool", "bytes", "dict", "float", "int", "list", "match", "str", "type"]
TYPING = ["Any", "Literal", "Never", "Self", "TYPE_CHECKING", "annotations", "builtins", "cached_property", "overload"]
OURS = [
    "Actor",
    "AuthBase",
    "Group",
    "Operation",
    "Parameter",
    "Client",
    "Portal",
    "client",
    "Task",
    "Words",
    "_GET",
    "get",
    "portal",
    "Waiters",
    "types",
]
WORDS = [*BUILTINS, *TYPING, *OURS, "connect", "system", "wait"]
GROUPS = [word for word in WORDS if word != "wait"]  # which is reserved: normalising gives such a group another name


def everything() -> Api:
    """A release in which a method, an actor, a group and a type have each of these names."""
    arguments = (must(parameter("ids", listed(STRING))), parameter("kind", one_of("a", "b")), parameter("_GET"))
    methods = [operation(f"/g/words/{word}", *arguments, result=listed(named("Any")), tasks=True) for word in WORDS]
    actors = [operation(f"/g/{word}/list", result=named("Task"), tasks=True) for word in WORDS]
    groups = [operation(f"/{word}/things/get", result=named("TypedDict")) for word in GROUPS]
    odd = Record((Property("list", listed(STRING)), Property("class", named("Any"))), None)
    types = {"Any": odd, "Task": record(a=named("Task"), b=named("Any")), "TypedDict": record(c=STRING)}
    waiter = WaiterSpec("thing_done", "POST", "/g/words/list", (ConditionSpec("/class", ("x",)),))
    return replace(api(*methods, *actors, *groups, **types), waiters=(waiter,))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdk")
    write(sdk_files(everything(), sha256="0" * 64), folder / "sdk")
    return folder / "sdk" / "openvcloud_2_4_5"


def test_everything_can_be_reached(package: Path) -> None:
    """Each name leads to its own part, and no part takes the place of a public function."""
    script = f"""
import sys; sys.path.insert(0, {str(package.parent)!r})
import openvcloud_2_4_5 as ovc, openvcloud_2_4_5.types
portal = ovc.connect("https://portal.example")
for word in {WORDS!r}:
    assert callable(getattr(portal.g.words, word)), word
    assert callable(getattr(portal.g, word).list), word
for word in {GROUPS!r}:
    assert callable(getattr(portal, word).things.get), word
assert callable(ovc.connect) and callable(ovc.wait)
"""
    subprocess.run([sys.executable, "-I", "-W", "error", "-c", script], check=True)


@pytest.mark.slow
def test_type_checkers_agree(package: Path, tmp_path: Path) -> None:
    """All of it is clean under `mypy --strict`."""
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "--no-error-summary"]

    done = subprocess.run([*command, package.name], cwd=package.parent, capture_output=True, text=True, check=False)

    assert done.stdout == ""
