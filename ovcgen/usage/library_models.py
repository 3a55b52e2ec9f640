"""Evaluate calls of library functions: Python's own, and those that create a client."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ovcgen.usage import attributes, builtin_iterables, calls, items, strings, type_hints, unrelated_names
from ovcgen.usage.usages import Import, Loose
from ovcgen.usage.values import (
    ANYTHING,
    Atom,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    DictValue,
    Known,
    LibraryObject,
    PartialValue,
    PassedArguments,
    ProjectClass,
    ProjectInstance,
    a_dict,
    fixed,
    joined,
    many,
    one,
    several,
    texts,
    typed,
)

if TYPE_CHECKING:
    from ovcgen.usage.calls import CallSite

UNCHANGING = {"builtins", "httpx", "requests"}  # modules whose functions do not mutate their arguments
OPENING = ("connect", "portal_client")


def call(site: CallSite, name: str, given: PassedArguments) -> Known:
    """Return the possible results of calling the library function `name`, such as `functools.partial`."""
    root, _, rest = name.partition(".")
    if root in (site.state.package, "ovcgen"):
        return _of_sdk(site, rest.removeprefix("_client."), given, name)
    plain = name.removeprefix("builtins.")
    if plain in FUNCTIONS:
        return FUNCTIONS[plain](site, given)
    if plain in RETURNED:
        return typed(RETURNED[plain])
    calls.escape(site, given)
    if root not in sys.stdlib_module_names and root not in UNCHANGING:
        calls.loosen_arguments(site)
    if site.state.surface.is_client(f"{name}()"):
        return frozenset({ClientValue()})
    return frozenset({LibraryObject(f"{name}()")}) if site.state.surface.leads_to_client(f"{name}()") else ANYTHING


def _of_sdk(site: CallSite, name: str, given: PassedArguments, whole: str) -> Known:
    if name.rpartition(".")[2] in (*OPENING, site.state.client) and not name.startswith("types."):
        return frozenset({ClientValue()})
    if name in ("as_completed", "wait") and given.values:
        return many(items.each_of(site.state, given.values[0]))
    return type_hints.instance(site.state, LibraryObject(whole))


def _getattr(site: CallSite, given: PassedArguments) -> Known:
    if len(given.values) < 2:
        return ANYTHING
    holder, name, *default = given.values
    names = texts(name)
    spoken = ""
    if site.node is not None and site.node.args:
        first = site.node.args[0]
        spoken = str(first.attr if isinstance(first, ast.Attribute) else getattr(first, "id", ""))
    look = attributes.Look(site.state, site.place, site.scope, spoken)
    known = [atom for atom in name if isinstance(atom, ConstantValue) and atom.kind == "str"]
    found = [_named(look, holder, value) for value in known]
    if names is None:
        for atom in holder:
            if isinstance(atom, ClientPart):
                site.state.use(Loose(site.place, atom.path, atom.doubt))
            elif isinstance(atom, ClientValue):
                site.state.use(Loose(site.place, (), site.scope.guard))
        found.append(ANYTHING)
    return joined(*found, *default)


def _named(look: attributes.Look, holder: Known, name: ConstantValue) -> Known:
    """Evaluate `getattr(holder, name)` for a constant name."""
    value = attributes.attribute(look, holder, str(name.value))
    unrelated_names.note_name(look.state, holder, name, value)
    return value


def _partial(_site: CallSite, given: PassedArguments) -> Known:
    target, rest = builtin_iterables.handed_over(given)
    return joined(*(one(PartialValue(atom, rest)) for atom in target)) or ANYTHING


def _handed(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `to_thread(function, ...)`: an awaitable with the function's result."""
    target, rest = builtin_iterables.handed_over(given)
    return items.future(calls.call(site, target, rest))


def _thread(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `Thread(target=function, args=(...), kwargs={...})`."""
    target = given.keyword("target")
    if target is None:
        return ANYTHING
    listed = items.elements(given.keyword("args") or several(()))
    named = [atom for atom in given.keyword("kwargs") or a_dict(()) if isinstance(atom, DictValue)]
    for value in named or [DictValue(open=True)]:
        calls.call(site, target, PassedArguments(listed or (), value.entries, value.open, listed is None))
    return ANYTHING


def _text(_site: CallSite, given: PassedArguments) -> Known:
    value = given.values[0] if given.values else fixed("")
    known = [atom for atom in value if isinstance(atom, ConstantValue) and atom.kind in ("int", "str")]
    return joined(*(fixed(str(value.value)) for value in known)) if known and len(known) == len(value) else typed("str")


def _number(_site: CallSite, given: PassedArguments) -> Known:
    value = given.values[0] if given.values else fixed(0)
    known = [atom.value for atom in value if isinstance(atom, ConstantValue)]
    if len(known) == len(value) == 1 and str(known[0]).lstrip("-").isascii() and str(known[0]).lstrip("-").isdigit():
        return fixed(int(str(known[0])))
    return typed("int")


def _super(site: CallSite, _given: PassedArguments) -> Known:
    owner = site.scope.owner
    return frozenset({ProjectInstance(owner, owner)}) if owner >= 0 else ANYTHING


def _module(site: CallSite, given: PassedArguments) -> Known:
    names = texts(given.values[0]) if given.values else None
    for name in names or ():
        if name.partition(".")[0] == site.state.package:
            site.state.imports[Import(site.place, name)] = None
    return frozenset(LibraryObject(name) for name in names) if names else ANYTHING


def _inside(_site: CallSite, given: PassedArguments) -> Known:
    return frozenset({ContextManagerValue(joined(*given.values) or ANYTHING)})


def _kept(_site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `copy`, `cast` and others that return their last argument."""
    return given.values[-1] if given.values else ANYTHING


def _gathered(_site: CallSite, given: PassedArguments) -> Known:
    if given.more:
        return items.future(ANYTHING)
    return items.future(several(items.awaited(known) for known in given.values))


def _getter(_site: CallSite, given: PassedArguments) -> Known:
    if not given.values or any(texts(known) is None for known in given.values):
        return ANYTHING
    return frozenset({PartialValue(LibraryObject("ovcgen-attrgetter"), given)})


def _got(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `attrgetter("one.two", ...)(holder)`."""
    *paths, holder = given.values
    found = [_at_path(site, path, holder) for path in paths]
    return found[0] if len(found) == 1 else several(found, "tuple")


def _at_path(site: CallSite, path: Known, start: Known) -> Known:
    look = attributes.Look(site.state, site.place, site.scope)
    found: list[Known] = []
    for atom in path:
        holder = start
        for step in str(atom.value).split(".") if isinstance(atom, ConstantValue) else ():
            holder = _named(
                look, holder, ConstantValue(step, "str", atom.origins if isinstance(atom, ConstantValue) else ())
            )
        found.append(holder)
    return joined(*found)


def _method_caller(_site: CallSite, given: PassedArguments) -> Known:
    return frozenset({PartialValue(LibraryObject("ovcgen-methodcaller"), given)}) if given.values else ANYTHING


def _method_called(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `methodcaller("name", ...)(holder)`."""
    name, *rest, holder = (*given.values, ANYTHING)[: max(len(given.values), 2)]
    method = _getattr(site, PassedArguments((holder, name)))
    return calls.call(site, method, PassedArguments(tuple(rest), given.keywords, given.open, given.more))


def _reduced(site: CallSite, given: PassedArguments) -> Known:
    if len(given.values) != 3:
        return ANYTHING
    function, iterated, value = given.values
    listed = items.elements(iterated)
    for known in listed if listed is not None else (items.each_of(site.state, iterated),) * 2:
        value = calls.call(site, function, PassedArguments((value, known)))
    return value


def _typed_names(_site: CallSite, given: PassedArguments) -> Known:
    value = given.values[0] if given.values else ANYTHING
    own = frozenset[Atom](ProjectClass(atom.number) for atom in value if isinstance(atom, ProjectInstance))
    return own or ANYTHING


RETURNED = {
    "bool": "bool", "repr": "str", "format": "str", "ascii": "str", "len": "int", "round": "int", "abs": "int",
    "ord": "int", "chr": "str", "float": "float", "hash": "int", "id": "int", "input": "str", "bytes": "bytes",
    "slice": "slice", "isinstance": "bool", "hasattr": "bool", "callable": "bool", "any": "bool", "all": "bool",
    "range": "range", "print": "NoneType", "time.time": "float", "os.getenv": "str",
    "os.environ.get": "str", "getpass.getpass": "str",
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[CallSite, PassedArguments], Known]] = {
    "getattr": _getattr,
    "functools.partial": _partial,
    "functools.reduce": _reduced,
    "functools.wraps": lambda _site, _given: ANYTHING,
    "operator.attrgetter": _getter,
    "ovcgen-attrgetter": _got,
    "operator.methodcaller": _method_caller,
    "ovcgen-methodcaller": _method_called,
    "urllib.parse.urljoin": lambda _site, given: strings.ended(given.values[1]) if len(given.values) > 1 else ANYTHING,
    "asyncio.to_thread": _handed,
    "anyio.to_thread.run_sync": _handed,
    "trio.to_thread.run_sync": _handed,
    "asyncio.gather": _gathered,
    "asyncio.as_completed": builtin_iterables.same_items,
    "concurrent.futures.as_completed": builtin_iterables.same_items,
    "asyncio.create_task": lambda _site, given: given.values[0] if given.values else ANYTHING,
    "asyncio.run": lambda _site, given: items.awaited(given.values[0]) if given.values else ANYTHING,
    "threading.Thread": _thread,
    "multiprocessing.Process": _thread,
    "map": builtin_iterables.mapped,
    "filter": builtin_iterables.filtered,
    "sorted": builtin_iterables.same_items,
    "list": builtin_iterables.same_items,
    "tuple": builtin_iterables.same_items,
    "set": builtin_iterables.same_items,
    "frozenset": builtin_iterables.same_items,
    "reversed": builtin_iterables.same_items,
    "iter": builtin_iterables.same_items,
    "next": builtin_iterables.one_item,
    "anext": builtin_iterables.one_item,
    "max": builtin_iterables.one_item,
    "min": builtin_iterables.one_item,
    "enumerate": builtin_iterables.enumerated,
    "zip": builtin_iterables.zipped,
    "dict": builtin_iterables.dict_of,
    "str": _text,
    "int": _number,
    "super": _super,
    "type": _typed_names,
    "importlib.import_module": _module,
    "__import__": _module,
    "contextlib.closing": _inside,
    "contextlib.suppress": _inside,
    "contextlib.nullcontext": _inside,
    "copy.copy": _kept,
    "copy.deepcopy": _kept,
    "typing.cast": _kept,
}
