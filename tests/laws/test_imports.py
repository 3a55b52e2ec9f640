"""Who may import whom."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ovcgen"
MODULES = sorted(PACKAGE.rglob("*.py"))
RUNTIME = sorted((PACKAGE / "runtime").glob("*.py"))
ASYNCHRONOUS = sorted((PACKAGE / "runtime" / "aio").glob("*.py"))

KNOWN_TO_CHECKERS = ["typing_extensions"]  # part of every type checker, and of no SDK

# From the inside out: a part may import itself and what stands on lines above its own.
LAYERS = [
    {"runtime"},
    {
        "errors",
        "_version",
        "files",
        "resources",
        "fast_jsonschema_import",
        "fast_requests_import",
        "network_guard",
        "private_files",
    },
    {"plugins"},
    {"documents"},
    {"normalise", "annotations"},
    {"model"},
    {"release_behaviours"},
    {"releases", "diff", "generator", "simulator", "client"},
    {"usage", "recordings"},
    {"impact", "rehearsal"},
    {"migrate"},
    {"workflows"},
    {"aio"},
    {"cli", "cassettes", "pytest_plugin"},
    {"jumpscale"},
    {"__init__", "__main__"},
]


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part(name: str) -> str:
    """`ovcgen.model.readers.swagger2` belongs to `model`."""
    return name.split(".")[1] if "." in name else "__init__"


def rank(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if part(name) in names)


def named(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


NAMES = {named(path).removesuffix(".__init__"): path for path in MODULES}


def nodes(node: ast.AST, *, checked: bool) -> Iterator[ast.AST]:
    """Yield every node of a syntax tree; `if TYPE_CHECKING` blocks only with `checked`."""
    yield node
    for child in ast.iter_child_nodes(node):
        only_checked = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if checked or not only_checked:
            yield from nodes(child, checked=checked)


def imports(path: Path, *, checked: bool = True) -> set[str]:
    """Every module that is imported anywhere in the file, by its full name."""
    package = named(path).split(".")[:-1]
    found = set()
    for node in nodes(ast.parse(path.read_text()), checked=checked):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            members = {f"{module}.{name.name}" for name in node.names}
            found |= {member if member in NAMES or module == "ovcgen" else module for member in members}
    return found


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_imports_point_inwards(module: Path) -> None:
    """A part imports itself or parts below it, never its neighbours or what is above."""
    ours = {name for name in imports(module) if name.startswith("ovcgen.")}

    outward = [name for name in ours if rank(name) >= rank(named(module)) and part(name) != part(named(module))]

    assert outward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Modules do not import each other in a circle, also not by imports inside functions."""
    graph = {name: imports(path, checked=False) & NAMES.keys() for name, path in NAMES.items()}

    TopologicalSorter(graph).prepare()  # names the circle where there is one


@pytest.mark.parametrize("module", RUNTIME, ids=relative)
def test_the_runtime_needs_requests_and_nothing_else(module: Path) -> None:
    """SDKs carry the runtime and install `requests` only, which brings urllib3."""
    foreign = {name.split(".")[0] for name in imports(module)} - {"ovcgen"}

    assert foreign <= sys.stdlib_module_names | {"requests", "urllib3", *KNOWN_TO_CHECKERS}


@pytest.mark.parametrize("module", ASYNCHRONOUS, ids=relative)
def test_the_asynchronous_runtime_needs_the_extra_and_nothing_else(module: Path) -> None:
    """SDKs carry it, and install what it needs with their extra `aio`."""
    foreign = {name.split(".")[0] for name in imports(module)} - {"ovcgen"}
    extra = {"anyio", "httpcore2", "httpx2", "socksio"}

    assert foreign <= sys.stdlib_module_names | {"requests", "urllib3"} | extra


@pytest.mark.parametrize("module", RUNTIME, ids=relative)
def test_the_blocking_runtime_loads_nothing_asynchronous(module: Path) -> None:
    """A script that does not use asyncio pays nothing for it, and needs no extra."""
    assert [name for name in imports(module) if name.startswith("ovcgen.runtime.aio")] == []


def test_an_sdk_loads_nothing_that_only_type_checkers_know() -> None:
    """Every module of the runtime imports where there is no such package."""
    names = [named(path) for path in RUNTIME]
    script = f"import sys, importlib; sys.modules.update(dict.fromkeys({KNOWN_TO_CHECKERS})); "

    subprocess.run([sys.executable, "-c", f"{script}[*map(importlib.import_module, {names})]"], check=True)


@pytest.mark.parametrize("module", [*RUNTIME, *ASYNCHRONOUS], ids=relative)
def test_the_runtime_does_not_know_ovcgen(module: Path) -> None:
    """Its imports are relative, so that a copy works anywhere."""
    tree = ast.parse(module.read_text())
    absolute = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]

    assert [node.module for node in absolute if str(node.module).startswith("ovcgen")] == []


@pytest.mark.parametrize(
    "statement",
    ["import ovcgen", "import ovcgen.pytest_plugin", "from ovcgen.cli import main; main(['--help'])"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    """`import ovcgen`, the plugin of pytest and `ovcgen --help` load no bravado, jsonschema, jinja2 or requests."""
    script = f"""
import sys
try:
    {statement}
except SystemExit:
    pass
heavy = {{"anyio", "bravado", "bravado_core", "httpx2", "jsonschema", "jinja2", "requests", "werkzeug"}}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_comparison_loads_nothing_that_it_does_not_need() -> None:
    """`ovcgen diff` of two pinned releases loads neither what SDKs are made of nor TOML or e-mail."""
    script = """
import sys
from ovcgen.cli import main
try:
    main(["diff", "2.4.4", "2.4.5"])
except SystemExit:
    pass
unwanted = {"ovcgen.generator.view.sdk", "tomllib", "email.utils", "ctypes"}
print(sorted(unwanted & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_generator_loads_nothing_that_sends(tmp_path: Path) -> None:
    """`ovcgen generate` of a document loads neither requests, whose import takes long, nor bravado."""
    (tmp_path / "a.json").write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "A", "version": "1"},
                "paths": {"/a": {"get": {"responses": {"200": {"description": "a"}}}}},
            }
        )
    )
    script = f"""
import sys
from ovcgen.cli import main
try:
    main(["generate", {str(tmp_path / "a.json")!r}, "--out", {str(tmp_path)!r}])
finally:
    print(sorted({{"bravado", "httpx2", "requests", "urllib3"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "a-1").is_dir()
