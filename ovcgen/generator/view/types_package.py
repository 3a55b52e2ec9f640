"""Build the template data of the types of an SDK: the module `types`, or a package of that name for very many types.

Editors read a module as a whole, so very many types are split into several modules, the parts. A part refers to types
of other parts through the package, which imports a part when one of its types is first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ovcgen.generator.code import Bracket, Code, lay_out, literal
from ovcgen.generator.view.schema_annotations import NamedTypes
from ovcgen.generator.view.schema_places import Key
from ovcgen.generator.view.shadowed_names import ScopedNames, words_in
from ovcgen.generator.view.types_module import TypesModule, types_module
from ovcgen.model.schema import Record

HERE = ScopedNames()
LONGEST_MODULE = 4000  # lines, which jedi reads in 0.4 s
LONGEST_PART = 1500


@dataclass(frozen=True, slots=True)
class TypesView:
    """The template data of all types.

    Attributes:
        modules: `types`, or the parts of the package `types`.
        exports: The imports of the package, one for each type; () for a single module.
        starts: The assignment to `_STARTS`, the names of the first type of each part but the last; None for a single
            module.
        aliases: The assignment to `_ALIASES`, the names of the types in the last part, which is left out without any;
            None for a single module.
    """

    modules: tuple[TypesModule, ...]
    exports: tuple[Code, ...] = ()
    starts: Code | None = None
    aliases: Code | None = None


def types_view(shapes: NamedTypes) -> TypesView:
    """Return the template data of all types of an SDK, sorted by name.

    They are in one module, `types`, if it has at most about 4,000 lines. Otherwise they are split into parts of about
    1,500 lines, each sorted.
    """
    keys = sorted(shapes.names, key=lambda key: shapes.names[key])
    whole = types_module("types", shapes, keys, HERE)
    if sum(type_.lines for type_ in whole.types) <= LONGEST_MODULE:
        return TypesView((whole,))
    parts = _parts(shapes, keys, whole)
    modules = tuple(
        types_module(
            f"types/_part_{number}",
            shapes,
            part,
            ScopedNames(types="types", own_types=frozenset(shapes.names[key] for key in part)),
        )
        for number, part in enumerate(parts, start=1)
        if part
    )
    exports = tuple(
        Code(f"from ._part_{number} import {shapes.names[key]} as {shapes.names[key]}")
        for number, part in enumerate(parts, start=1)
        for key in part
    )
    starts = _assigned("_STARTS", [shapes.names[part[0]] for part in parts[:-1]])
    return TypesView(modules, exports, starts, _assigned("_ALIASES", [shapes.names[key] for key in parts[-1]]))


def _parts(shapes: NamedTypes, keys: Sequence[Key], whole: TypesModule) -> list[list[Key]]:
    """Return the keys of the types, split into parts of not much more than LONGEST_PART lines.

    The last part has all aliases that refer to aliases, whatever its length, because pyright follows recursive aliases
    only in one module.
    """
    aliases = {shapes.names[key] for key in keys if not isinstance(shapes.named[key], Record)}
    nested = [key for key in keys if _named_aliases(shapes, key, aliases)]
    parts: list[list[Key]] = [[]]
    length = 0
    for key, type_ in zip(keys, whole.types, strict=True):
        if key in nested:
            continue
        if length > LONGEST_PART:
            parts.append([])
            length = 0
        parts[-1].append(key)
        length += type_.lines
    return [*filter(None, parts), nested]


def _named_aliases(shapes: NamedTypes, key: Key, aliases: set[str]) -> frozenset[str]:
    """Return the aliases to which an alias refers; an empty set for a record."""
    if shapes.names[key] not in aliases:
        return frozenset()
    return words_in([shapes.annotation_of(shapes.named[key], key, HERE)]) & aliases


def _assigned(name: str, values: Sequence[str]) -> Code:
    return lay_out(Bracket(f"{name}: list[str] = [", tuple(map(literal, values)), "]"))
