"""How ovcgen spells what a document names: classes, modules, constants and packages. Total, and never two alike.

Groups, actors, methods and arguments have their Python names before they come here (`normalise.names`); this is about
the names that only a package has. Those of classes keep the letters of the document, those of files and constants are
plain ASCII; all stay apart on disks that know no upper case.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from ovcgen.documents.identifiers import DIGITS, is_identifier, readable, short_hash, shortened
from ovcgen.model.api import Api, Operation
from ovcgen.model.waiter import WaiterSpec
from ovcgen.normalise.dialects import DIALECTS
from ovcgen.normalise.names import CLIENT_NAMES, METHOD_NAMES, identifiers

Name = TypeVar("Name", bound=Hashable)

LONGEST = 50  # so that an import of a class fits into a line
RESERVED_FILES = frozenset(
    {"aux", "con", "nul", "prn", *(f"com{number}" for number in range(10)), *(f"lpt{number}" for number in range(10))}
)  # names no file can have on Windows
OTHER = "\u0080-\U0010ffff"  # letters of other alphabets, most of which have no upper case
WORD = re.compile(rf"[A-Z]+(?![a-z{OTHER}])[0-9]*|[A-Z]?[a-z{OTHER}]+[0-9]*|[0-9]+")


def distinct(
    names: Iterable[Name],
    spell: Callable[[Name], str],
    *,
    reserved: Set[str] = frozenset(),
    given: Mapping[Name, str] | None = None,
    rank: Callable[[Name], Hashable] = lambda _: 0,
) -> dict[Name, str]:
    """Return a spelling of its own for each name; they differ by more than upper case.

    `given` spellings are kept. The other names are served in order of `rank`, those that are spelled well first, then
    sorted. A name whose spelling is taken gets a short hash of itself after it.
    """
    every = set(names)
    found = {name: word for name, word in (given or {}).items() if name in every}
    taken = {each.casefold() for each in (*reserved, *found.values())}
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


def class_name(name: str) -> str:
    """`addDisk`, `add_disk` and `add disk` are all `AddDisk`; what starts with a digit gets an `N` before it."""
    word = "".join(map(_capitalised, readable(name).split("_")))
    if not word:
        return f"Unnamed_{short_hash(name)}"
    word = shortened(word, LONGEST, name)
    return f"{word}_" if keyword.iskeyword(word) else word


def _capitalised(word: str) -> str:
    upper = word[:1].upper() + word[1:]
    return upper if is_identifier(upper) else word


def module_name(name: str) -> str:
    """Lower case, and no name that an import statement or a file system has a use for.

    File names are plain ASCII; a short hash stands for letters that are not.
    """
    word = _ascii_words(name)
    if word[0].isdigit():
        word = f"n{word}"
    word = shortened(word, LONGEST, name)
    return f"{word}_" if keyword.iskeyword(word) or word in RESERVED_FILES or word == "self" else word


def constant_name(name: str) -> str:
    """`addDisk` is `_ADD_DISK`."""
    return f"_{_ascii_words(name).upper()}"


def _ascii_words(name: str) -> str:
    """The ASCII letters of a name in snake case, with a hash of the name where it has others, or none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = snake_case(plain).strip("_")
    return word if word and readable(name).isascii() else f"{word or 'unnamed'}_{short_hash(name)}"


def snake_case(name: str) -> str:
    """`orderId` is `order_id`; underscores at the start stay."""
    words = WORD.findall(name if name.isascii() else readable(name))
    start = re.match("_*", name)
    return (start.group() if start else "") + "_".join(word.lower() for word in words)


def distribution(api: Api) -> tuple[str, str]:
    """What the SDK is installed and imported as: `("petstore-2.4.5", "petstore_2_4_5")`.

    A bare number (`2.4.5`) is a release of what its dialect is about. Two releases get the same name only where package
    indexes hold them equal too: upper case, and which of `.-_` stands between the words (PEP 503).
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
    """The same operations under Python's own kind of names: `add_order(pet_id=1)`. The wire knows nothing of it."""
    groups = _snake({operation.group for operation in api.operations}, CLIENT_NAMES)
    renamed = []
    for operation in api.operations:
        beside = [each for each in api.operations if each.group == operation.group]
        actors = _snake({operation.actor for operation in beside if operation.actor})
        methods = _snake({each.name for each in beside if each.actor == operation.actor})
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
    """Identifiers in snake case; two names that would become one keep their numbers apart."""
    spelled = distinct(names, snake_case)
    final = identifiers(spelled.values(), reserved)
    return {name: final[spelled[name]] for name in names}
