"""Which files of a project can have anything to do with a portal: in large projects most have not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ovcgen.impact.code.imports import Modules
from ovcgen.impact.code.sources import Source
from ovcgen.impact.code.state import Module
from ovcgen.impact.code.surface import Surface


def relevant(sources: Sequence[Source], surface: Surface, package: str) -> list[Source]:
    """Files that mention a client or a name of the portal's, and all that imports lead to from there or back."""
    modules = Modules(sources)
    beside: dict[str, set[str]] = {each.source.file: set() for each in modules.listed}
    for module in modules.listed:
        for name in _imported(module, modules):
            if (other := modules.named(name, module)) and other is not module:
                beside[module.source.file].add(other.source.file)
                beside[other.source.file].add(module.source.file)
    words = _words(surface, package)
    waiting = [each.file for each in sources if words.search(b"\n".join(each.lines))]
    found = set(waiting)
    while waiting:
        fresh = beside[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return [each for each in sources if each.file in found]


def _words(surface: Surface, package: str) -> re.Pattern[bytes]:
    """The SDK, ovcgen, groups as attributes or texts, and methods that nothing else is called like."""
    methods = {dotted.rpartition(".")[2] for dotted in surface.operations}
    groups = "|".join(map(re.escape, sorted(surface.groups)))
    unusual = "|".join(re.escape(each) for each in sorted(methods) if each != each.lower())
    choices = [
        re.escape(package),
        "ovcgen",
        *([f"[.'\"](?:{groups})"] if groups else []),
        *([unusual] if unusual else []),
    ]
    return re.compile(rf"(?:{'|'.join(choices)})\b".encode())


def _imported(module: Module, modules: Modules) -> Iterator[str]:
    for node in ast.walk(module.source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        elif isinstance(node, ast.ImportFrom):
            name = modules.absolute(module, node.level, node.module or "")
            parts = name.split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))
            yield from (f"{name}.{alias.name}" for alias in node.names)
