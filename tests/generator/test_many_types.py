"""Test a document with very many types, which are split into modules and used like one module."""

from __future__ import annotations

import importlib
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.view.types_package import LONGEST_MODULE, _assigned
from ovcgen.generator.write import write
from ovcgen.model.readers.openapi3 import read
from tests.generator.checkers import pyright

NUMBER = 700
SAMPLE = """from many_1 import connect, types

with connect("https://many.example") as client:
    first: types.Model0 = client.models.get()
    reveal_type(first["m699"]["root"]["value"])
    client.models.set(body={"text": 1})
"""


@pytest.mark.parametrize("length", range(95, 125, 3))
def test_a_list_of_names_is_code_at_any_length(length: int) -> None:
    """A list of names is valid code, whether it fits into one line or not."""
    names = ["a" * (length // 2), "b" * (length - length // 2)]

    found: dict[str, Any] = {}
    exec(_assigned("_STARTS", names), found)  # noqa: S102 - our own line

    assert found["_STARTS"] == names


def document() -> dict[str, Any]:
    """Return a document with 700 models, all of them members of the first, and with recursive aliases."""
    fields = {f"member{index}": {"type": "string", "description": "A text."} for index in range(3)}
    schemas: dict[str, Any] = {
        f"Model{number}": {
            "type": "object",
            "required": ["root"],
            "properties": {
                **fields,
                "root": {"$ref": schema_of(0)},
                "types" if number % 50 == 1 else "number": {"type": "integer"},
            },
        }
        for number in range(1, NUMBER)
    }
    members = {f"m{number}": {"$ref": schema_of(number)} for number in range(1, NUMBER)}
    members |= {"value": {"$ref": "#/components/schemas/Json"}}
    schemas["Model0"] = {"type": "object", "required": [*members], "properties": members}
    schemas["Json"] = {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Values"}]}
    schemas["Values"] = {"type": "array", "items": {"$ref": "#/components/schemas/Json"}}
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": schema_of(0)}}}}}
    body = {"type": "object", "properties": {"text": {"type": "string"}}}
    calls = {
        "get": {"operationId": "get", "tags": ["models"], "responses": answer},
        "put": {
            "operationId": "set",
            "tags": ["models"],
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": ""}},
        },
    }
    info = {"title": "Many", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/models": calls}, "components": {"schemas": schemas}}


def schema_of(number: int) -> str:
    return f"#/components/schemas/Model{number}"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the SDK."""
    folder = tmp_path_factory.mktemp("sdk")
    write(sdk_files(read(document(), "Many 1")[0], sha256=""), folder)
    return folder


@pytest.mark.slow
def test_types_of_several_modules_are_used_as_of_one(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A type's module is imported at first use; annotations can be evaluated, and `import *` has all types."""
    monkeypatch.syspath_prepend(sdk)
    package = importlib.import_module("many_1.types")
    loaded = {name for name in sys.modules if name.startswith("many_1.types.")}

    first = package.Model0
    every: dict[str, Any] = {}
    exec("from many_1.types import *", every)  # noqa: S102 - our own line

    parts = sorted(path.stem for path in (sdk / "many_1" / "types").glob("_part_*.py"))
    assert loaded == set()
    assert len(parts) > 1
    assert {name for name in every if name != "__builtins__"} == set(dir(package))
    assert {f"Model{number}" for number in range(NUMBER)} < set(dir(package))
    assert typing.get_type_hints(package.Model1)["root"] is first
    assert every["Model699"] is package.Model699
    assert not hasattr(package, "Model")
    assert not hasattr(package, "Zebra")
    assert not hasattr(package, "__wrapped__")


@pytest.mark.slow
def test_no_module_of_types_is_long(sdk: Path) -> None:
    """No module of types is longer than the limit, since editors read a module as a whole."""
    lengths = [len(path.read_text().splitlines()) for path in (sdk / "many_1" / "types").glob("_part_*.py")]

    assert max(lengths) < LONGEST_MODULE
    assert not (sdk / "many_1" / "types.py").exists()


@pytest.mark.slow
def test_there_is_no_part_without_types() -> None:
    """Every module has types; a module for aliases exists only if an alias names another alias."""
    without = document()
    del without["components"]["schemas"]["Model0"]["properties"]["value"]

    files = sdk_files(read(without, "Many 1")[0], sha256="")

    parts = [text for path, text in files.items() if "types/_part_" in path]
    assert "_ALIASES: list[str] = []\n" in files["many_1/types/__init__.py"]
    assert all("class Model" in text for text in parts)


@pytest.mark.slow
def test_checkers_see_through_the_modules(sdk: Path, tmp_path: Path) -> None:
    """mypy, pyright and ruff report nothing for the SDK, and calls have the types of the modules."""
    sample = tmp_path / "sample.py"
    sample.write_text(SAMPLE)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", f"--cache-dir={tmp_path}", str(sample)]
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,I,UP,B", "--line-length", "120"]

    told = subprocess.run(mypy, cwd=sdk, capture_output=True, text=True, check=False).stdout
    style = subprocess.run([*ruff, str(sdk)], capture_output=True, text=True, check=False).stdout
    found = pyright(tmp_path, sample, sdk / "many_1" / "types", roots=[sdk])

    assert 'Revealed type is "str | list[' in told
    assert [line for line in told.splitlines() if ": error:" in line and "sample.py:6" not in line] == []
    assert style.strip() == "All checks passed!"
    assert {(each["severity"], each["range"]["start"]["line"] + 1) for each in found} == {
        ("information", 5),
        ("error", 6),
    }
