"""Find all dialects: one for each package beside this module, those of plugins, and `plain` for all other documents."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ovcgen import plugins
from ovcgen.documents.document import Document
from ovcgen.normalise import plain
from ovcgen.normalise.dialect import Dialect

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["DIALECTS", "dialect_of"]


def _beside() -> Iterator[Dialect]:
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.ispkg:
            yield import_module(f"{__package__}.{found.name}").DIALECT


def _all() -> dict[str, Dialect]:
    """Return all dialects by name, `plain` last. Raises BrokenPlugin for a plugin that can't be used."""
    found = {dialect.name: dialect for dialect in _beside()}
    for plugin in plugins.installed("ovcgen.dialects"):
        dialect = plugins.load(plugin, Dialect)
        if dialect.name in found or dialect.name == plain.PLAIN:
            raise plugins.BrokenPlugin(plugin, f"has the name of another dialect, {dialect.name}")
        found[dialect.name] = _guarded(plugin, dialect)
    return {**found, plain.PLAIN: plain.DIALECT}


def _guarded(plugin: EntryPoint, dialect: Dialect) -> Dialect:
    """Return a plugin's dialect whose functions raise errors that name the plugin."""
    guarded = {step: plugins.guarded(plugin, step) for step in (*dialect.steps, *dialect.doubts)}
    return replace(
        dialect,
        recognises=plugins.guarded(plugin, dialect.recognises),
        steps=tuple(guarded[step] for step in dialect.steps),
        doubts=tuple(guarded[step] for step in dialect.doubts),
    )


class Dialects(Mapping[str, Dialect]):
    """A read-only mapping of names to all dialects, `plain` last. Plugins are loaded when the mapping is first used.

    A plugin may import this module, so they can't be loaded earlier. The first use raises BrokenPlugin for a plugin
    that can't be used, or whose dialect has the name of another one.
    """

    @cached_property
    def _found(self) -> dict[str, Dialect]:
        return _all()

    def __getitem__(self, name: str) -> Dialect:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


DIALECTS = Dialects()


def dialect_of(document: Document, name: str = "") -> Dialect:
    """Return the dialect named `name`; if that is "", the first dialect that recognises the document.

    `plain` is the last one and recognises every document. With a name the document is not looked at.

    Raises:
        KeyError: no dialect has that name.
        BrokenPlugin: a plugin that adds a dialect can't be used.
    """
    return DIALECTS[name] if name else next(dialect for dialect in DIALECTS.values() if dialect.recognises(document))
