"""Find the project module that an import means."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

from ovcgen.usage.scope import Module
from ovcgen.usage.sources import Source


class Modules:
    """The files of a project by all names under which they may be imported."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.listed = [Module(source, _name(source)) for source in sources]
        self.by_file = {module.source.file: module for module in self.listed}
        self._by_name: dict[str, list[Module]] = {}
        for module in self.listed:
            parts = _parts(module.source)
            for start in range(len(parts)):
                self._by_name.setdefault(".".join(parts[start:]), []).append(module)

    def named(self, name: str, asking: Module) -> Module | None:
        """Return the module with that name that is nearest to `asking` in the file system, or None."""
        here = asking.source.path.parts
        found = self._by_name.get(name, [])
        return max(found, key=lambda each: (_shared(each.source.path.parts, here), -len(each.name)), default=None)

    def absolute(self, module: Module, level: int, name: str) -> str:
        """Return the full name for a relative import (`level` dots, then `name`) in a module."""
        parts = _parts(module.source)
        package = parts if module.source.path.stem == "__init__" else parts[:-1]
        base = package[: len(package) - (level - 1)] if level else []
        return ".".join([*base, *([name] if name else [])])


def _name(source: Source) -> str:
    return ".".join(_parts(source)) or source.path.stem


def _parts(source: Source) -> list[str]:
    """Return the dotted name of a file as parts, starting at the parent of the folder given by the user."""
    top = Path(os.path.realpath(source.home)).parent
    inside = source.path.relative_to(top) if source.path.is_relative_to(top) else PurePath(source.path.name)
    steps = list(inside.with_suffix("").parts)
    return steps[:-1] if steps[-1:] == ["__init__"] else steps


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many leading parts two paths share."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
