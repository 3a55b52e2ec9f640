"""A hostile text at any place of a document never becomes code of the SDK."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ovcgen import generate
from ovcgen.errors import SpecRefused, UsageError
from tests.generator.test_hostile import HOSTILE

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds
HARMLESS = "harmless"
ALLOWED = {
    *("AttributeError", "TypedDict", "getattr", "globals", "import_module", "repr", "sorted"),
    *("__future__", "functools", "importlib", "os", "pathlib", "typing"),
}  # what the code of an SDK imports and calls besides its own
CHOSEN = "what_it_was or names_stay or no_code"  # tests that are run against mutants
Document = dict[str, Any]
DOCUMENT: Document = {
    "swagger": "2.0",
    "info": {"title": "things", "version": "1", "description": "d", "termsOfService": "t", "x-note": "n"},
    "host": "service.example",
    "basePath": "/api",
    "tags": [{"name": "cloudapi__things", "description": "d"}],
    "paths": {
        "/things/{id}": {
            "post": {
                "operationId": "change",
                "tags": ["cloudapi__things"],
                "summary": "s",
                "description": "d",
                "consumes": ["application/x-www-form-urlencoded"],
                "produces": ["application/json"],
                "parameters": [
                    {"name": "id", "in": "path", "type": "string", "required": True},
                    {"name": "size", "in": "formData", "type": "string", "description": "d", "default": "small"},
                    {"name": "color", "in": "formData", "type": "string", "enum": ["red", "blue"]},
                    {"name": "code", "in": "formData", "type": "string", "format": "f", "pattern": "[a-z]+"},
                    {"name": "trace", "in": "header", "type": "string"},
                ],
                "responses": {"200": {"description": "d", "schema": {"$ref": "#/definitions/Thing"}}},
                "x-note": "n",
            }
        }
    },
    "definitions": {
        "Thing": {
            "type": "object",
            "description": "d",
            "required": ["label"],
            "properties": {"label": {"type": "string", "description": "d", "format": "f", "enum": ["a", "b"]}},
        }
    },
    "securityDefinitions": {"key": {"type": "apiKey", "name": "X-Key", "in": "header", "description": "d"}},
}
# Where a text can stand, by JSON pointer; `#key` renames the member instead of changing its value.
CHANNELS = (
    *("info/title", "info/version", "info/description", "info/termsOfService", "info/x-note", "host", "basePath"),
    *("tags/0/name", "tags/0/description", "paths/~/#key", "paths/~/post/operationId", "paths/~/post/tags/0"),
    *("paths/~/post/summary", "paths/~/post/description", "paths/~/post/x-note", "paths/~/post/consumes/0"),
    *("paths/~/post/produces/0", "paths/~/post/parameters/1/name", "paths/~/post/parameters/1/description"),
    *("paths/~/post/parameters/1/default", "paths/~/post/parameters/2/enum/0", "paths/~/post/parameters/3/format"),
    *("paths/~/post/parameters/3/pattern", "paths/~/post/parameters/4/name", "paths/~/post/responses/200/description"),
    *("definitions/Thing/#key", "definitions/Thing/description", "definitions/Thing/properties/label/#key"),
    *("definitions/Thing/properties/label/description", "definitions/Thing/properties/label/format"),
    *("definitions/Thing/properties/label/enum/0", "securityDefinitions/key/#key", "securityDefinitions/key/name"),
    "securityDefinitions/key/description",
)

# The channels whose texts become names, values or types, so that the structure of the code depends on them.
NAMES = {
    *("paths/~/#key", "paths/~/post/tags/0", "paths/~/post/produces/0", "paths/~/post/parameters/1/name"),
    *("paths/~/post/parameters/2/enum/0", "paths/~/post/parameters/4/name"),
    *("definitions/Thing/properties/label/#key", "definitions/Thing/properties/label/enum/0"),
}


def with_text(document: Document, channel: str, text: str) -> Document:
    """Return the document with the text at the place that `channel` names."""
    changed = copy.deepcopy(document)
    *steps, last = channel.split("/")
    value: Any = changed
    if last == "#key":
        *steps, last = steps
    for step in steps:
        value = value[_key(value, step)]
    key = _key(value, last)
    if channel.endswith("#key"):
        value[f"/{text}/{{id}}" if channel.startswith("paths") else text] = value.pop(key)
        text_of_reference = {"$ref": f"#/definitions/{text.replace('~', '~0').replace('/', '~1')}"}
        if channel == "definitions/Thing/#key":
            [item] = changed["paths"].values()
            item["post"]["responses"]["200"]["schema"] = text_of_reference
    else:
        value[key] = text
    return changed


def _key(value: Any, step: str) -> Any:
    """Return the index or key to which one step of a path leads. The step `~` stands for the only key of an object."""
    return int(step) if isinstance(value, list) else next(iter(value)) if step == "~" else step


def generated(document: Document, folder: Path) -> dict[str, str] | None:
    """Return the files of the document's SDK without the runtime; None if the document is refused."""
    file = folder / "document.json"
    file.write_text(json.dumps(document))
    try:
        files = generate(file)
    except (SpecRefused, UsageError):
        return None
    return {name: text for name, text in files.items() if "/_runtime/" not in name}


class Blank(ast.NodeTransformer):
    """Replaces all texts and names by empty texts, so that only the structure of the code is left."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, field, "")
        return super().generic_visit(node)


def shape(files: dict[str, str]) -> dict[str, str]:
    """Return the structure of every module of an SDK, by its path below the package."""
    modules = {name.partition("/")[2]: text for name, text in files.items() if name.endswith(".py")}
    return {name: ast.dump(Blank().visit(ast.parse(text))) for name, text in modules.items()}


def foreign(files: dict[str, str]) -> set[str]:
    """Return the names of all modules and functions that an SDK imports or calls but does not define."""
    trees = [ast.parse(text) for name, text in files.items() if name.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    own = {node.name for node in nodes if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    imported = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    own |= {alias.name for node in imported if node.level and node.module != "_runtime" for alias in node.names}
    found = {str(node.module) for node in imported if not node.level}
    found |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    return found | {func.id for func in called if isinstance(func, ast.Name)} - own


@cache
def harmless(channel: str) -> list[dict[str, str]]:
    """Return the structures that the SDK may have with any text at that place: mostly that with a harmless text."""
    documents = [with_text(DOCUMENT, channel, HARMLESS)]
    if channel == "securityDefinitions/key/name":  # a login that no header can have is left out
        documents.append({**DOCUMENT, "securityDefinitions": {}})
    with tempfile.TemporaryDirectory() as folder:
        found = [generated(document, Path(folder)) for document in documents]
    return [shape(files) for files in found if files is not None]


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_text_in_one_place_changes_nothing_but_texts(channel: str, tmp_path: Path) -> None:
    """A hostile text adds no import, call or non-ASCII character, and changes the code's structure only as a name."""
    refused = 0
    for text in HOSTILE:
        files = generated(with_text(DOCUMENT, channel, text), tmp_path)
        if files is None:
            refused += 1
            continue
        assert all(re.fullmatch(r"[ -~\n]*", content) for content in files.values())
        assert foreign(files) <= ALLOWED
        if channel not in NAMES:
            assert shape(files) in harmless(channel), ascii(text)
    assert refused <= 1  # a lone surrogate, which is no text


# Run by a child: it imports packages, and prints every audit event that their own code causes.
IMPORTING = """
import importlib, pkgutil, sys
folder, packages = sys.argv[1], sys.argv[2:]
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
QUIET = ("import", "sys._getframe", "function.__new__", "object.__getattr__", "object.__setattr__")
TYPING = importlib.import_module("typing").__file__

def heard(event, arguments):
    if event in QUIET:  # and asking for the frame is such an event
        return
    frame = sys._getframe(1)
    if event == "compile" and frame.f_code.co_filename == TYPING:  # an annotation in quotes, which is not evaluated
        return
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        name = frame.f_code.co_filename
        if name.startswith(folder) and "_runtime" not in name:
            print(event, ascii(arguments)[:200], flush=True)
            return
        frame = frame.f_back

sys.addaudithook(heard)
for package in packages:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if "_runtime" not in module.name:
            importlib.import_module(module.name)
print("imported", len(packages))
"""


def imported(folder: Path, packages: list[str]) -> str:
    """Import packages in a separate process and return what it printed."""
    command = [sys.executable, "-c", IMPORTING, str(folder), *packages]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.stdout + done.stderr


@pytest.mark.slow
def test_an_import_does_nothing_but_import(tmp_path: Path) -> None:
    """Importing an SDK with a hostile text at every place causes no unexpected audit event and creates no file."""
    packages = []
    for number, text in enumerate([HARMLESS, *HOSTILE]):
        document = DOCUMENT
        for channel in sorted(CHANNELS, key=lambda each: (each.endswith("#key"), -each.count("/"))):
            with_one_more = with_text(document, channel, text)
            document = with_one_more if generated(with_one_more, tmp_path) else document
        (tmp_path / "document.json").write_text(json.dumps({**document, "host": f"n{number}.example"}))
        for name, content in generate(tmp_path / "document.json").items():
            _, slash, rest = name.partition("/")
            file = tmp_path / "sdks" / (f"n{number}{slash}{rest}" if slash else f"n{number}.{name}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        packages.append(f"n{number}")
    before = set(tmp_path.rglob("*"))

    assert imported(tmp_path / "sdks", packages) == f"imported {len(packages)}\n"
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "import os; os.system('true')",
        "open('owned', 'w')",
        "eval('1 + 1')",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.create_server(('127.0.0.1', 0)).close()",
    ],
)
def test_the_audit_hook_hears_what_code_does(tmp_path: Path, code: str) -> None:
    """The audit hook reports a package whose import runs a command, evaluates a text, or opens a file or socket."""
    (tmp_path / "sly").mkdir()
    (tmp_path / "sly" / "__init__.py").write_text(code)

    assert imported(tmp_path, ["sly"]) != "imported 1\n"


# Each mutant removes one filter for texts: the file, the code of the filter, and its replacement.
MUTANTS = {
    "none": ("generator/code.py", "WIDTH = 120", "WIDTH = 120"),
    "literal": ("generator/code.py", "return _in_quotes(_escaped(text))", "return _in_quotes(text)"),
    "quotes": ("generator/code.py", "body.replace(quote, chr(92) + quote)", "body"),
    "escapes": ("generator/code.py", 'text.encode("unicode_escape").decode("ascii")', "text"),
    "docstring": ("generator/code.py", "_harmless(prose(text)).split", "prose(text).split"),
    "triple quotes": ("generator/code.py", """.replace('\"\"\"', "\\\\x22\\\\x22\\\\x22")""", ""),
    "last quote": ("generator/code.py", """f"{code[:-1]}\\\\x22" if code.endswith('"') else code""", "code"),
    "identifiers": (
        "documents/python_identifiers.py",
        """f"a{character}".isidentifier() and character not in INVISIBLE""",
        "True",
    ),
    "templates": ("generator/render.py", "if type(value) is Code or", "if True or"),
}


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_missing_filter_is_noticed(tmp_path: Path, mutant: str) -> None:
    """The tests about hostile texts fail in a copy of ovcgen that lacks a filter, and pass in an exact copy."""
    name, code, instead = MUTANTS[mutant]
    shutil.copytree(ROOT / "ovcgen", tmp_path / "ovcgen", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("templates", "specs", "tests"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    file = tmp_path / "ovcgen" / name
    assert file.read_text().count(code) == 1
    file.write_text(file.read_text().replace(code, instead))
    tests = [f"tests/generator/{each}.py" for each in ("test_hostile", "test_render")]

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            str(ROOT / "pyproject.toml"),
            *tests,
            "-k",
            CHOSEN,
        ],
        cwd=tmp_path,  # which comes first in sys.path
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == (0 if mutant == "none" else 1), done.stdout[-2000:]
