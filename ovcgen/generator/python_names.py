"""Derive the names of classes, modules, constants and packages from names of a document.

Every text gets a valid name, and no two names of a scope are equal. Groups, actors, methods and arguments already have
their Python names (see `normalise.names`). Class names keep the letters of the document; names of files and constants
are ASCII. Names differ by more than case, because some file systems ignore case.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from ovcgen.documents.python_identifiers import DIGITS, is_identifier, readable, short_hash, shortened
from ovcgen.errors import UsageError
from ovcgen.model.api import Api, Operation
from ovcgen.model.waiter import WaiterSpec
from ovcgen.normalise.dialect_registry import DIALECTS
from ovcgen.normalise.names import CLIENT_NAMES, METHOD_NAMES, identifiers

Name = TypeVar("Name", bound=Hashable)

LONGEST = 50  # short enough for an import of a class in one line
RESERVED_FILES = frozenset(
    {"aux", "con", "nul", "prn", *(f"com{number}" for number in range(10)), *(f"lpt{number}" for number in range(10))}
)  # names that no file can have on Windows
# a-z and letters of other alphabets, most of which have no upper case. The class without the rest of ASCII compiles in
# a fraction of the time that the range up to U+10FFFF takes.
LOWER = r"[^\x00-`{-\x7f]"
WORD = re.compile(rf"[A-Z]+(?!{LOWER})[0-9]*|[A-Z]?{LOWER}+[0-9]*|[0-9]+")


def distinct(
    names: Iterable[Name],
    spell: Callable[[Name], str],
    *,
    reserved: Set[str] = frozenset(),
    given: Mapping[Name, str] | None = None,
    rank: Callable[[Name], Hashable] = lambda _: 0,
) -> dict[Name, str]:
    """Return a spelling for each name; no two spellings are equal when case is ignored.

    Args:
        names: The names of one scope: texts or tuples.
        spell: Returns the wanted spelling of a name. If it is taken, a short hash of the name is appended.
        reserved: Spellings that no name gets.
        given: Spellings that are kept as they are, even reserved or equal ones; those of other names have no effect.
        rank: The sort key that decides which name gets a spelling first. Among equals, names that need no change come
            first, then alphabetical order counts.
    """
    every = set(names)
    found = {name: word for name, word in (given or {}).items() if name in every}
    taken = {name.casefold() for name in (*reserved, *found.values())}
    for name in sorted(every - found.keys(), key=lambda name: (rank(name), spell(name) != name, ascii(name))):
        found[name] = _free(spell(name), ascii(name), taken)
        taken.add(found[name].casefold())
    return found


def _free(word: str, name: str, taken: Set[str]) -> str:
    if word.casefold() not in taken:
        return word
    digits = sha256(name.encode()).hexdigest()
    wishes = (f"{word.rstrip('_')}_{digits[:length]}" for length in range(DIGITS, len(digits) + 1))
    return next(wish for wish in wishes if wish.casefold() not in taken)


def class_name(name: str, longest: int = LONGEST) -> str:
    """Return a class name: `AddDisk` for `addDisk`, `add_disk` and `add disk`; an `N` goes before a leading digit.

    Two names may get the same class name. `_` is put after a keyword. A name of more than `longest` columns is cut and
    ends with a short hash, and a name without letters and digits gives `Unnamed_` and a short hash.
    """
    word = "".join(map(_capitalised, readable(name).split("_")))
    if not word:
        return f"Unnamed_{short_hash(name)}"
    word = shortened(word, longest, name)
    return f"{word}_" if keyword.iskeyword(word) else word


def group_class_name(name: str) -> str:
    """Return the class name of a group: `PetsGroup` for `pets`."""
    return f"{class_name(name)}Group"


def _capitalised(word: str) -> str:
    upper = word[:1].upper() + word[1:]
    return upper if is_identifier(upper) else word


def module_name(name: str) -> str:
    """Return a module name in lower-case ASCII that is no keyword and a valid file name on Windows.

    A name with other letters, or with none, gets a short hash; one of more than 50 letters is cut and gets one. An `n`
    goes before a leading digit, and `_` behind a keyword, `self`, and a name that Windows reserves. Two names may get
    the same module name.
    """
    word = _ascii_words(name)
    if word[0].isdigit():
        word = f"n{word}"
    word = shortened(word, LONGEST, name)
    return f"{word}_" if keyword.iskeyword(word) or word in RESERVED_FILES or word == "self" else word


def constant_name(name: str) -> str:
    """Return the name of a private constant in upper-case ASCII: `_ADD_DISK` for `addDisk`.

    A name with other letters, or with none, gets a short hash. Two names may get the same constant name.
    """
    return f"_{_ascii_words(name).upper()}"


def operation_constant_name(name: str) -> str:
    """Return the name of an operation's constant, `ADD_DISK` for `addDisk`.

    It is that of `constant_name` without the underscore, and an `N` goes before a leading digit.
    """
    word = constant_name(name)[1:]
    return f"N{word}" if word[0].isdigit() else word


def _ascii_words(name: str) -> str:
    """Return the ASCII letters of a name in snake case, with a hash of the name if it has other letters, or none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = snake_case(plain).strip("_")
    return word if word and readable(name).isascii() else f"{word or 'unnamed'}_{short_hash(name)}"


def snake_case(name: str) -> str:
    """Return a name in snake case: `order_id` for `orderId`. Leading underscores are kept; "" gives ""."""
    words = WORD.findall(name if name.isascii() else readable(name))
    start = re.match("_*", name)
    return (start.group() if start else "") + "_".join(word.lower() for word in words)


class BadPackageName(UsageError):
    """An error: a text can't be the name of a package."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!a:.80} can't be the name of an SDK's package.",
            fix="Use letters, digits and - in a name that Python itself and requests don't have, as in acme-pets.",
        )


def distribution(api: Api) -> tuple[str, str]:
    """Return (distribution name, import name) of the SDK, as in `("acme-pets", "acme_pets")`.

    They are made of the name that the user chose (`Api.package`), else of the release.

    Raises:
        BadPackageName: the user's name can't be that of a package. It is a keyword, a module of Python, `requests` or
            `ovcgen`, or has other characters than ASCII letters, digits and `._-`.
    """
    if not api.package:
        return release_distribution(api)
    package = re.sub(r"[.-]+", "_", api.package).lower()
    is_valid = re.fullmatch(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?", api.package)
    if not is_valid or keyword.iskeyword(package) or package in sys.stdlib_module_names | {"requests", "ovcgen"}:
        raise BadPackageName(api.package)
    return api.package, package


def release_distribution(api: Api) -> tuple[str, str]:
    """Return (distribution name, import name) made of the release: `("petstore-2.4.5", "petstore_2_4_5")`.

    A release that starts with a digit (`2.4.5`) gets the dialect's word for distributions in front. Two releases get
    the same name only if package indexes treat them as equal (PEP 503: case, and which of `.-_` separates words).
    """
    plain = unicodedata.normalize("NFKD", api.release).encode("ascii", "ignore").decode()
    words = re.findall(r"[0-9a-z]+|\.", plain.lower())
    name = re.sub(r"-?\.[-.]*", ".", "-".join(words)).strip(".")
    if not re.fullmatch(r"[0-9A-Za-z ._-]{1,64}", api.release) or not name:
        name = f"{name[:LONGEST].strip('.-') or 'api'}-{sha256(api.release.encode('utf-8', 'replace')).hexdigest()[:8]}"
    if name[0].isdigit():
        name = f"{DIALECTS[api.dialect].wording.distribution}-{name}"
    return name, re.sub(r"[.-]+", "_", name)


def pep8(api: Api) -> Api:
    """Return a copy of the API with the names of groups, actors, methods and keywords in snake case.

    Names that become equal are told apart by a short hash. `use_instead` and the keywords of waiters change too, wire
    names don't.
    """
    groups = _snake({operation.group for operation in api.operations}, CLIENT_NAMES)
    renamed = []
    for operation in api.operations:
        beside = [other for other in api.operations if other.group == operation.group]
        actors = _snake({operation.actor for operation in beside if operation.actor})
        methods = _snake({other.name for other in beside if other.actor == operation.actor})
        names = (groups[operation.group], actors.get(operation.actor, ""), methods[operation.name])
        renamed.append(_renamed(operation, *names))
    return replace(api, operations=tuple(renamed), waiters=tuple(_waiter(waiter) for waiter in api.waiters))


def _waiter(waiter: WaiterSpec) -> WaiterSpec:
    return (
        replace(waiter, list_entry=replace(waiter.list_entry, key=snake_case(waiter.list_entry.name)))
        if waiter.list_entry
        else waiter
    )


def _renamed(operation: Operation, group: str, actor: str, name: str) -> Operation:
    keys = _snake({parameter.key for parameter in operation.parameters}, METHOD_NAMES)
    parameters = tuple(replace(parameter, key=keys[parameter.key]) for parameter in operation.parameters)
    instead = ".".join(map(snake_case, operation.use_instead.split(".")))
    return replace(operation, group=group, actor=actor, name=name, parameters=parameters, use_instead=instead)


def _snake(names: Set[str], reserved: Set[str] = frozenset()) -> dict[str, str]:
    """Return a distinct identifier in snake case for each name."""
    spelled = distinct(names, snake_case)
    final = identifiers(spelled.values(), reserved)
    return {name: final[spelled[name]] for name in names}
