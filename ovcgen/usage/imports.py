"""Which module of a project an import means."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

from ovcgen.usage.scope import Module
from ovcgen.usage.sources import Source


class Modules:
    """The project's files by all names under which they can be imported."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.listed = [Module(source, _name(source)) for source in sources]
        self.by_file = {module.source.file: module for module in self.listed}
        self._by_name: dict[str, list[Module]] = {}
        for module in self.listed:
            parts = _parts(module.source)
            for start in range(len(parts)):
                self._by_name.setdefault(".".join(parts[start:]), []).append(module)

    def named(self, name: str, asking: Module) -> Module | None:
        """The module of that name which is nearest to the one that asks."""
        here = asking.source.path.parts
        found = self._by_name.get(name, [])
        return max(found, key=lambda each: (_shared(each.source.path.parts, here), -len(each.name)), default=None)

    def absolute(self, module: Module, level: int, name: str) -> str:
        """The whole name that a relative import means."""
        parts = _parts(module.source)
        package = parts if module.source.path.stem == "__init__" else parts[:-1]
        base = package[: len(package) - (level - 1)] if level else []
        return ".".join([*base, *([name] if name else [])])


def _name(source: Source) -> str:
    return ".".join(_parts(source)) or source.path.stem


def _parts(source: Source) -> list[str]:
    """The file's path as a dotted name, from the parent of the folder that was asked for."""
    top = Path(os.path.realpath(source.home)).parent
    inside = source.path.relative_to(top) if source.path.is_relative_to(top) else PurePath(source.path.name)
    steps = list(inside.with_suffix("").parts)
    return steps[:-1] if steps[-1:] == ["__init__"] else steps


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders two paths share."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
