"""Choose the runtime modules that an SDK carries: those that its own modules import, and those that these import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

RUNTIME = Path(__file__).resolve().parent.parent / "runtime"
FACE = "__init__"
OF_THE_SDK = re.compile(r"^\s*from \.+_runtime(?:\.([\w.]+))? import (\([^)]*\)|.*)", re.MULTILINE)
OF_THE_RUNTIME = re.compile(r"^\s*from (\.+\w*) import (\([^)]*\)|.*)", re.MULTILINE)
NAME = re.compile(r"(\w+)(?: as \w+)?")


def runtime_files(own_files: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each runtime module that an SDK needs, by its path in the folder `_runtime`.

    Imports under TYPE_CHECKING count, too, so that type checkers find every module in the SDK.

    Args:
        own_files: The text of each of the SDK's own files, by path. Only `.py` files are searched for imports.

    Raises:
        KeyError: a file imports a module that the runtime does not have.
    """
    sources = _sources()
    python = [text for path, text in own_files.items() if path.endswith(".py")]
    waiting = {FACE, *(name for text in python for name in _imported(OF_THE_SDK, text, ""))}
    needed: set[str] = set()
    while waiting:
        waiting |= {_face_beside(name) for name in waiting}
        needed |= waiting
        waiting = {name for module in waiting for name in _imported(OF_THE_RUNTIME, sources[module], module)} - needed
    return {f"{name.replace('.', '/')}.py": sources[name] for name in sorted(needed)}


@cache
def _sources() -> Mapping[str, str]:
    """Return the text of every runtime module by its dotted name, such as `aio.driver`."""
    paths = {path: ".".join(path.relative_to(RUNTIME).with_suffix("").parts) for path in sorted(RUNTIME.rglob("*.py"))}
    return {name: path.read_text("utf-8") for path, name in paths.items()}


def _face_beside(module: str) -> str:
    """Return the `__init__` of the package that a module is in."""
    package, dot, _ = module.rpartition(".")
    return f"{package}{dot}{FACE}"


def _imported(statement: re.Pattern[str], text: str, module: str) -> Iterable[str]:
    """Yield the runtime modules that a module imports: `from .name import value` or `from . import name`.

    `module` is its dotted name in the runtime; "" for a module of the SDK.
    """
    for written, names in statement.findall(text):
        name = written.lstrip(".")
        package = module.split(".")[: -(len(written) - len(name))] if module else []
        found = [name] if name else NAME.findall(names.partition("#")[0])
        for module_name in found:
            yield ".".join([*package, module_name])
