"""Spell builtins and imported names in a class whose methods may hide them: with a method `list`, `list` is no type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ovcgen.generator.code import TEXT

BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "object", "str"})
TYPING = ("Any", "BinaryIO", "Literal", "Never", "NotRequired", "TypeAlias", "TypedDict", "overload")
DATES = ("date", "datetime")
COLLECTIONS = ("Mapping",)
CHECKING = "TYPE_CHECKING"


@dataclass(frozen=True, slots=True)
class ScopedNames:
    """The spelling of builtin and imported names in one scope, where methods may hide them.

    Calling the object with a name returns its spelling: `builtins.list` for `list`, and `Task_` for `Task`, if the
    scope has a method of that name.

    Attributes:
        taken: Names that mean something else in this scope.
        types: The imported name of the module with the SDK's types; "" in that module itself.
        own_types: The types that are defined in this module.
    """

    taken: frozenset[str] = frozenset()
    types: str = ""
    own_types: frozenset[str] = frozenset()

    def __call__(self, word: str) -> str:
        if word in BUILTINS:
            return f"{self('builtins')}.{word}" if word in self.taken else word
        while word in self.taken and word != CHECKING:  # no class uses it
            word += "_"
        return word

    def type(self, name: str) -> str:
        """Return the spelling of one of the SDK's types: `types.Pet`, or `Pet` in the module that defines it."""
        return f"{self(self.types)}.{name}" if self.types and name not in self.own_types else name


def words_in(code: Iterable[str]) -> frozenset[str]:
    """Return the names that pieces of code use, but not attributes (`Task` in `types.Task`) and words in strings.

    Keywords of Python are among them. By these names the imports of a module are found; see `imported`.
    """
    return frozenset(re.findall(r"(?<![\w.])[^\W\d]\w*", TEXT.sub('""', " ".join(code))))


def natural_order(text: str) -> list[tuple[str, int]]:
    """Return a sort key with numbers in numeric order (`l2` before `l10`), as import sorters use it."""
    return [(word, int(number or 0)) for word, number in re.findall(r"(\D+)(\d*)", text)]


def imported(module: str, names: Iterable[str], scope: ScopedNames, used: frozenset[str]) -> list[str]:
    """Return the import lines for those of the names that the code of a module uses; [] if it uses none.

    Args:
        module: The module to import from.
        names: The names that may be imported.
        scope: The spelling of the names: `Task as Task_` if another thing is called `Task`.
        used: The words that the code uses, as spelled in this scope.
    """
    spelled = {name: scope(name) for name in names if scope(name) in used}
    plain = [name for name, here in spelled.items() if here == name]
    renamed = [(name, f"from {module} import {name} as {here}") for name, here in spelled.items() if here != name]
    lines = [(plain[0], f"from {module} import {', '.join(plain)}")] if plain else []
    return [line for _, line in sorted([*lines, *renamed], key=lambda line: _kind_and_name(line[0]))]


def _kind_and_name(name: str) -> tuple[int, str]:
    """Return the sort key of imported names: constants, then classes, then others."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
