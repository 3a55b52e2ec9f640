"""The generic parts know no dialect by name: what is special about one stands in its folder below normalise/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ovcgen.generator import sdk_files
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.normalise.dialect_registry import DIALECTS

ROOT = Path(__file__).parents[2]
GENERIC = ("ovcgen/diff", "ovcgen/generator", "ovcgen/model", "ovcgen/normalise", "ovcgen/documents", "templates")
FILES = sorted(
    path
    for folder in GENERIC
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".jinja", ".py", ".txt")
    and not any((ROOT / "ovcgen" / "normalise" / name) in path.parents for name in DIALECTS)
)
WORDS = (
    "openvcloud|greenitglobe|itsyou|jumpscale|restmachine|libcloud|libvirt|cloud_?space|cloud_?api|cloud_?broker|"
    "task_?guid|usermanager|docgenerator|prepareCatalog|virtual machine|/machines?\\b|\\bmachines?[._]|machineId|"
    r"\b_?ovc(?!gen|error)"
)
OURS = re.compile(WORDS, re.IGNORECASE)
PLAIN = re.compile(rf"portal|\btasks?\b|\bwait(s|er|ers)?\b|{WORDS}", re.IGNORECASE)

SHOP = {
    "swagger": "2.0",
    "info": {"title": "Shop", "version": "1.0"},
    "securityDefinitions": {
        "key": {"type": "apiKey", "name": "X-Key", "in": "header"},
        "user": {"type": "basic"},
        "token": {"type": "oauth2", "flow": "application", "tokenUrl": "https://id.example/token", "scopes": {}},
    },
    "paths": {
        "/orders": {
            "get": {"responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/Order"}}}},
            "post": {
                "tags": ["orders"],
                "parameters": [
                    {"name": "size", "in": "query", "type": "integer"},
                    {"name": "order", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Order"}},
                ],
                "responses": {"200": {"description": "", "schema": {"type": "file"}}},
            },
        }
    },
    "definitions": {"Order": {"type": "object", "properties": {"state": {"type": "string", "enum": ["new", "sent"]}}}},
}


def found(words: re.Pattern[str], name: str, text: str) -> list[str]:
    """Where one of the words stands: `file:line: the line`."""
    lines = enumerate(text.splitlines(), start=1)
    return [f"{name}:{number}: {line.strip()}" for number, line in lines if words.search(line)]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_generic_parts_know_no_dialect_by_name(file: Path) -> None:
    """A word that only OpenvCloud has goes to ovcgen/normalise/openvcloud/, an example gets a neutral one."""
    name = file.relative_to(ROOT).as_posix()

    assert found(OURS, name, f"{name}\n{file.read_text()}") == []


def test_an_sdk_of_a_plain_document_speaks_of_nothing_else() -> None:
    """Neither its texts nor its names; the runtime in it is the one that all SDKs carry."""
    files = sdk_files(read(normalise(SHOP), "Shop-1.0"), sha256="0" * 64)
    own = {name: text for name, text in files.items() if "/_runtime/" not in name}

    assert {"README.md", "pyproject.toml", "shop_1_0/__init__.py", "shop_1_0/orders/__init__.py"} <= own.keys()
    assert [line for name, text in own.items() for line in found(PLAIN, name, f"{name}\n{text}")] == []


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_every_dialect_says_what_it_is(name: str) -> None:
    """It is called what its folder or module is called, and any document belongs to one."""
    folder = ROOT / "ovcgen" / "normalise"

    assert DIALECTS[name].name == name
    assert (folder / name).is_dir() or (folder / f"{name}.py").is_file()
    assert list(DIALECTS)[-1] == "plain"
