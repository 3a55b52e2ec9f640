"""Python's own words inside a class whose methods may have taken them: `list` means the method there, not the type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ovcgen.generator.code import TEXT

BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str"})
TYPING = ("Any", "BinaryIO", "Literal", "Never", "NotRequired", "TypeAlias", "TypedDict", "overload")
DATES = ("date", "datetime")
CHECKING = "TYPE_CHECKING"


@dataclass(frozen=True, slots=True)
class Words:
    """How a word is written where `taken` names mean something else, and where types live (`types.` or here)."""

    taken: frozenset[str] = frozenset()
    types: str = ""

    def __call__(self, word: str) -> str:
        if word in BUILTINS:
            return f"{self('builtins')}.{word}" if word in self.taken else word
        while word in self.taken and word != CHECKING:  # which no class uses
            word += "_"
        return word

    def type(self, name: str) -> str:
        """A type of the SDK by its name."""
        return f"{self(self.types)}.{name}" if self.types else name


def words_in(code: Iterable[str]) -> frozenset[str]:
    """The names that pieces of code use; attributes (`Task` of `types.Task`) and texts are left out."""
    return frozenset(re.findall(r"(?<![\w.])[^\W\d]\w*", TEXT.sub('""', " ".join(code))))


def natural(text: str) -> list[tuple[str, int]]:
    """What sorts `l2` before `l10`, as imports are sorted."""
    return [(word, int(number or 0)) for word, number in re.findall(r"(\D+)(\d*)", text)]


def imported(module: str, names: Iterable[str], words: Words, used: frozenset[str]) -> list[str]:
    """The import lines for those of the names that are used, under the spelling they have here."""
    spelled = {name: words(name) for name in names if words(name) in used}
    plain = [name for name, here in spelled.items() if here == name]
    renamed = [(name, f"from {module} import {name} as {here}") for name, here in spelled.items() if here != name]
    lines = [(plain[0], f"from {module} import {', '.join(plain)}")] if plain else []
    return [line for _, line in sorted([*lines, *renamed], key=lambda each: _kind_and_name(each[0]))]


def _kind_and_name(name: str) -> tuple[int, str]:
    """What sorts imported names: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
