"""Evaluate calls of library functions: Python's own, and those that create a client."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ovcgen.usage import string_expressions
from ovcgen.usage.method_calls import Methods
from ovcgen.usage.usages import DynamicLookup, Import
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    DictValue,
    LibraryObject,
    PartialValue,
    PassedArguments,
    PossibleValues,
    ProjectClass,
    ProjectInstance,
    SequenceValue,
    awaited,
    constant_value,
    dict_with,
    elements,
    future,
    joined,
    merged,
    only_value,
    sequence_of,
    sequence_with,
    texts,
    typed,
)

UNCHANGING = {"builtins", "httpx", "requests"}  # modules whose functions do not mutate their arguments
OPENING = ("connect", "portal_client")


class LibraryModels(Methods):
    """The part of the interpreter that knows what library functions return."""

    def call_library(self, name: str, given: PassedArguments) -> PossibleValues:
        """Return the possible results of calling the library function `name`, such as `functools.partial`.

        A function that creates a client, of an SDK or of OpenvCloud, gives a ClientValue. For an unknown function the
        result is ANYTHING, and operations among its arguments are recorded as passed to code that is not followed.
        """
        root = name.partition(".")[0]
        of_sdk = self.project.name_in_sdk(name)
        if of_sdk is not None:
            return self._call_sdk(of_sdk, given, name)
        plain = name.removeprefix("builtins.")
        if plain in METHODS:
            return METHODS[plain](self, given)
        if plain in FUNCTIONS:
            return FUNCTIONS[plain](given)
        if plain in RETURNED:
            return typed(RETURNED[plain])
        self.note_escape(given)
        if root not in sys.stdlib_module_names and root not in UNCHANGING:
            self.mark_arguments_mutated()
        if self.project.api_index.is_client(f"{name}()"):
            return only_value(ClientValue())
        return (
            only_value(LibraryObject(f"{name}()")) if self.project.api_index.leads_to_client(f"{name}()") else ANYTHING
        )

    def _call_sdk(self, name: str, given: PassedArguments, whole: str) -> PossibleValues:
        if name.rpartition(".")[2] in (*OPENING, self.project.client) and not name.startswith("types."):
            return only_value(ClientValue())
        if name in ("as_completed", "wait") and given.values:
            return sequence_of(self.each_of(given.values[0]))
        if name == "paginate" and given.values:
            return sequence_of(self.call(given.values[0], given.after_first()))
        return self.instance_of(LibraryObject(whole))

    def call_getattr(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `getattr(holder, name)`, also with a default.

        If the name is not known, and the holder may be a client, group or actor, a dynamic lookup is recorded.
        """
        if len(given.values) < 2:
            return ANYTHING
        holder, name, *default = given.values
        names = texts(name)
        known = [atom for atom in name if isinstance(atom, ConstantValue) and atom.kind == "str"]
        found = [self._named_attribute(holder, value) for value in known]
        if names is None:
            for atom in holder:
                if isinstance(atom, ClientPart):
                    self.project.record(DynamicLookup(self.place, atom.path, atom.doubt))
                elif isinstance(atom, ClientValue):
                    self.project.record(DynamicLookup(self.place, (), self.scope.guard))
            found.append(ANYTHING)
        return joined(*found, *default)

    def _named_attribute(self, holder: PossibleValues, name: ConstantValue) -> PossibleValues:
        """Evaluate `getattr(holder, name)` for a constant name."""
        value = self.attribute(holder, str(name.value))
        self.note_name(holder, name, value)
        return value

    def call_in_thread(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `to_thread(function, ...)`: an awaitable with the function's result."""
        return future(self.call(given.first(NOTHING), given.after_first()))

    def call_thread(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `Thread(target=function, args=(...), kwargs={...})`: call the function, and return ANYTHING."""
        target = given.keyword("target")
        if target is None:
            return ANYTHING
        listed = elements(given.keyword("args") or sequence_with(()))
        named = [atom for atom in given.keyword("kwargs") or dict_with(()) if isinstance(atom, DictValue)]
        for value in named or [DictValue(open=True)]:
            self.call(target, PassedArguments(listed or (), value.entries, value.open, listed is None))
        return ANYTHING

    def call_super(self, _given: PassedArguments) -> PossibleValues:
        """Evaluate `super()` in a method; ANYTHING outside of classes."""
        owner = self.scope.owner
        return only_value(ProjectInstance(owner, owner)) if owner >= 0 else ANYTHING

    def call_import(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `import_module(name)`, and record imports of the SDK. ANYTHING if the name is not known.

        The result is a LibraryObject, also for a module of the project.
        """

        names = texts(given.values[0]) if given.values else None
        for name in names or ():
            if name.partition(".")[0] == self.project.package:
                self.project.imports[Import(self.place, name)] = None
        return frozenset(LibraryObject(name) for name in names) if names else ANYTHING

    def call_attrgetter(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `attrgetter("one.two", ...)(holder)`: the attribute, or a tuple of several attributes."""
        *paths, holder = given.values
        found = [self._at_path(path, holder) for path in paths]
        return found[0] if len(found) == 1 else sequence_with(found, "tuple")

    def _at_path(self, path: PossibleValues, start: PossibleValues) -> PossibleValues:
        found: list[PossibleValues] = []
        for atom in path:
            if not isinstance(atom, ConstantValue):
                continue
            holder = start
            for step in str(atom.value).split("."):
                holder = self._named_attribute(holder, ConstantValue(step, "str", atom.origins))
            found.append(holder)
        return joined(*found)

    def call_methodcaller(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `methodcaller("name", ...)(holder)`: the result of the method."""
        name, *rest, holder = (*given.values, ANYTHING)[: max(len(given.values), 2)]
        method = self.call_getattr(PassedArguments((holder, name)))
        return self.call(method, PassedArguments(tuple(rest), given.keywords, given.open, given.more))

    def call_itemgetter(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `itemgetter("key", ...)(holder)`."""
        *keys, holder = given.values
        found = [self.item(holder, key, self.place) for key in keys]
        return found[0] if len(found) == 1 else sequence_with(found, "tuple")

    def call_getitem(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `operator.getitem(holder, key)`."""
        return self.item(*given.values, self.place) if len(given.values) == 2 else ANYTHING

    def call_reduce(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `reduce(function, items, start)`: the result of the last call; ANYTHING without a start value."""
        if len(given.values) != 3:
            return ANYTHING
        function, iterated, value = given.values
        listed = elements(iterated)
        for known in listed if listed is not None else (self.each_of(iterated),) * 2:
            value = self.call(function, PassedArguments((value, known)))
        return value

    def call_map(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `map(function, ...)`: a container of the function's results, of unknown length."""
        passed = PassedArguments(tuple(self.each_of(value) for value in given.values[1:]))
        return sequence_of(self.call(given.first(NOTHING), passed))

    def call_filter(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `filter(function, items)`: a container of the items, of unknown length. The function is called."""
        if len(given.values) < 2:
            return ANYTHING
        item = self.each_of(given.values[1])
        self.call(given.values[0], PassedArguments((item,)))
        return sequence_of(item)

    def _each_by_key(self, given: PassedArguments) -> PossibleValues:
        """Return an item of the first argument, after the function `key` was called with it."""
        item = self.each_of(given.values[0])
        if key := given.keyword("key"):
            self.call(key, PassedArguments((item,)))
        return item

    def call_same_items(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `sorted`, `list`, `reversed` and others that return the same items."""
        if not given.values:
            return sequence_with(())
        group = self._each_by_key(given)
        return given.values[0] if elements(given.values[0]) is not None else sequence_of(group)

    def call_one_item(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `next`, `max` and `min`: one of the items, or a default."""
        if not given.values:
            return ANYTHING
        return joined(self._each_by_key(given), *given.values[1:], given.keyword("default") or NOTHING)

    def call_enumerate(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `enumerate(items)`: a container of (index, item) tuples."""
        value = given.first(ANYTHING)
        listed = elements(value)
        if listed is not None:
            return sequence_with(
                sequence_with((constant_value(index), item), "tuple") for index, item in enumerate(listed)
            )
        return sequence_of(sequence_with((typed("int"), self.each_of(value)), "tuple"))

    def call_zip(self, given: PassedArguments) -> PossibleValues:
        """Evaluate `zip(...)`: a container of tuples."""
        rows = [elements(known) for known in given.values]
        known = [row for row in rows if row is not None]
        if known and len(known) == len(rows):
            return sequence_with(sequence_with(row, "tuple") for row in zip(*known, strict=False))
        return sequence_of(sequence_with((self.each_of(known) for known in given.values), "tuple"))


def _partial(given: PassedArguments) -> PossibleValues:
    return frozenset(PartialValue(atom, given.after_first()) for atom in given.first(NOTHING)) or ANYTHING


def _str(given: PassedArguments) -> PossibleValues:
    value = given.first(constant_value(""))
    known = [atom for atom in value if isinstance(atom, ConstantValue) and atom.kind in ("int", "str")]
    return (
        joined(*(constant_value(str(value.value)) for value in known))
        if known and len(known) == len(value)
        else typed("str")
    )


def _int(given: PassedArguments) -> PossibleValues:
    value = given.first(constant_value(0))
    known = [atom.value for atom in value if isinstance(atom, ConstantValue)]
    if len(known) == len(value) == 1 and str(known[0]).lstrip("-").isascii() and str(known[0]).lstrip("-").isdigit():
        return constant_value(int(str(known[0])))
    return typed("int")


def _context_manager(given: PassedArguments) -> PossibleValues:
    return only_value(ContextManagerValue(joined(*given.values) or ANYTHING))


def _last_argument(given: PassedArguments) -> PossibleValues:
    """Evaluate `copy`, `cast` and others that return their last argument."""
    return given.values[-1] if given.values else ANYTHING


def _gather(given: PassedArguments) -> PossibleValues:
    return future(ANYTHING if given.more else sequence_with(map(awaited, given.values)))


def _attrgetter(given: PassedArguments) -> PossibleValues:
    if not given.values or any(texts(known) is None for known in given.values):
        return ANYTHING
    return only_value(PartialValue(LibraryObject("ovcgen-attrgetter"), given))


def _methodcaller(given: PassedArguments) -> PossibleValues:
    return only_value(PartialValue(LibraryObject("ovcgen-methodcaller"), given)) if given.values else ANYTHING


def _itemgetter(given: PassedArguments) -> PossibleValues:
    return only_value(PartialValue(LibraryObject("ovcgen-itemgetter"), given)) if given.values else ANYTHING


def _type_of(given: PassedArguments) -> PossibleValues:
    value = given.first(ANYTHING)
    return frozenset(ProjectClass(atom.number) for atom in value if isinstance(atom, ProjectInstance)) or ANYTHING


def _dict(given: PassedArguments) -> PossibleValues:
    """Evaluate `dict(...)`. A copy of a response is treated like the response."""
    for value in given.values:
        others = frozenset(atom for atom in value if not isinstance(atom, DictValue | SequenceValue))
        if others and not any(isinstance(atom, DictValue) for atom in value):
            return others
    return merged([*given.values, dict_with(given.keywords, open=given.open)])


RETURNED = {
    "bool": "bool", "repr": "str", "format": "str", "ascii": "str", "len": "int", "round": "int", "abs": "int",
    "ord": "int", "chr": "str", "float": "float", "hash": "int", "id": "int", "input": "str", "bytes": "bytes",
    "slice": "slice", "isinstance": "bool", "hasattr": "bool", "callable": "bool", "any": "bool", "all": "bool",
    "range": "range", "print": "NoneType", "time.time": "float", "os.getenv": "str",
    "os.environ.get": "str", "getpass.getpass": "str",
}  # fmt: skip
METHODS: dict[str, Callable[[LibraryModels, PassedArguments], PossibleValues]] = {
    "getattr": LibraryModels.call_getattr,
    "super": LibraryModels.call_super,
    "map": LibraryModels.call_map,
    "filter": LibraryModels.call_filter,
    "enumerate": LibraryModels.call_enumerate,
    "zip": LibraryModels.call_zip,
    "functools.reduce": LibraryModels.call_reduce,
    "ovcgen-attrgetter": LibraryModels.call_attrgetter,
    "ovcgen-methodcaller": LibraryModels.call_methodcaller,
    "ovcgen-itemgetter": LibraryModels.call_itemgetter,
    "operator.getitem": LibraryModels.call_getitem,
    **dict.fromkeys(("importlib.import_module", "__import__"), LibraryModels.call_import),
    **dict.fromkeys(("threading.Thread", "multiprocessing.Process"), LibraryModels.call_thread),
    **dict.fromkeys(
        ("asyncio.to_thread", "anyio.to_thread.run_sync", "trio.to_thread.run_sync"), LibraryModels.call_in_thread
    ),
    **dict.fromkeys(("next", "anext", "max", "min"), LibraryModels.call_one_item),
    **dict.fromkeys(("sorted", "list", "tuple", "set", "frozenset", "reversed", "iter"), LibraryModels.call_same_items),
    **dict.fromkeys(("asyncio.as_completed", "concurrent.futures.as_completed"), LibraryModels.call_same_items),
}
FUNCTIONS: dict[str, Callable[[PassedArguments], PossibleValues]] = {
    "str": _str,
    "int": _int,
    "dict": _dict,
    "type": _type_of,
    "functools.partial": _partial,
    "functools.wraps": lambda _given: ANYTHING,
    "operator.attrgetter": _attrgetter,
    "operator.methodcaller": _methodcaller,
    "operator.itemgetter": _itemgetter,
    "urllib.parse.urljoin": lambda given: (
        string_expressions.with_known_end(given.values[1]) if len(given.values) > 1 else ANYTHING
    ),
    "asyncio.gather": _gather,
    "asyncio.create_task": lambda given: given.first(ANYTHING),
    "asyncio.run": lambda given: awaited(given.first(ANYTHING)),
    **dict.fromkeys((f"contextlib.{name}" for name in ("closing", "suppress", "nullcontext")), _context_manager),
    **dict.fromkeys(("copy.copy", "copy.deepcopy", "typing.cast"), _last_argument),
}
