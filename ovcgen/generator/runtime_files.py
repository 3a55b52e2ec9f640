"""Choose the runtime modules that an SDK carries: those that its own modules import, and those that these import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

RUNTIME = Path(__file__).resolve().parent.parent / "runtime"
FACE = "__init__"
OF_THE_SDK = re.compile(r"^\s*from \.+_runtime(?:\.(\w+))? import (\([^)]*\)|.*)", re.MULTILINE)
OF_THE_RUNTIME = re.compile(r"^\s*from \.(\w*) import (\([^)]*\)|.*)", re.MULTILINE)
NAME = re.compile(r"(\w+)(?: as \w+)?")


def runtime_files(own_files: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each runtime module that the files of an SDK need, by file name.

    Imports under TYPE_CHECKING count, too, so that type checkers find every module in the SDK.
    """
    sources = _sources()
    python = [text for path, text in own_files.items() if path.endswith(".py")]
    waiting = {FACE, *(name for text in python for name in _imported(OF_THE_SDK, text))}
    needed: set[str] = set()
    while waiting:
        needed |= waiting
        waiting = {name for module in waiting for name in _imported(OF_THE_RUNTIME, sources[module])} - needed
    return {f"{name}.py": sources[name] for name in sorted(needed)}


@cache
def _sources() -> Mapping[str, str]:
    """Return the text of every runtime module by its name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(RUNTIME.glob("*.py"))}


def _imported(statement: re.Pattern[str], text: str) -> Iterable[str]:
    """Yield the runtime modules that a text imports: `from .module import name` or `from . import module`."""
    for module, names in statement.findall(text):
        if module:
            yield module
        else:
            yield from NAME.findall(names.partition("#")[0])
