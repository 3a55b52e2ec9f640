"""Evaluate methods of dicts, lists, strings, responses, tasks, clients and unknown values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from ovcgen.usage import assignment, calls, items, strings
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    Atom,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    DictEntry,
    DictValue,
    Known,
    PassedArguments,
    ResponseValue,
    SequenceValue,
    TaskValue,
    TypedValue,
    UnknownValue,
    fixed,
    joined,
    many,
    one,
    several,
    typed,
)

if TYPE_CHECKING:
    from ovcgen.usage.calls import CallSite

TEXTS = {"format", "join", "lower", "upper", "strip", "lstrip", "rstrip", "replace", "title", "removeprefix"}
LISTS = {"split", "rsplit", "splitlines", "partition", "rpartition"}
CHANGED = {"clear", "remove", "discard", "update", "setdefault", "__setitem__", "extendleft", "reverse", "sort"}
TRUTHS = {"isdigit", "startswith", "endswith", "isalpha", "isidentifier"}


def call(site: CallSite, holder: Atom, name: str, given: PassedArguments) -> Known:
    """Return the possible results of `holder.name(...)`."""
    match holder:
        case ClientValue():
            return _of_client(site, name, given)
        case ClientPart(doubt=doubt):  # of `portal.wait`
            dotted = site.state.surface.waiters.get(name)
            return frozenset({ResponseValue(dotted, "", doubt)}) if dotted else ANYTHING
        case TaskValue(dotted, doubt):
            ended = frozenset[Atom]({ResponseValue(dotted, "", doubt)}) if dotted else ANYTHING
            return ended if name == "result" else ANYTHING
        case SequenceValue(_, each, "future"):
            return each if name == "result" else ANYTHING
        case SequenceValue():
            return _of_list(site, holder, name, given)
        case DictValue():
            return _of_dict(site, holder, name, given)
        case ResponseValue():
            return _of_answer(site, holder, name, given)
        case ConstantValue(_, "str") | TypedValue("str"):
            return _of_text(holder, name, given)
        case UnknownValue():
            return _of_unknown(site, name, given)
    calls.escape(site, given)
    return ANYTHING


def _of_client(site: CallSite, name: str, given: PassedArguments) -> Known:
    if name == "__enter__":
        return frozenset({ClientValue()})
    if name == "task":
        return frozenset({TaskValue("")})
    calls.escape(site, given)
    return ANYTHING


def _of_unknown(site: CallSite, name: str, given: PassedArguments) -> Known:
    """Evaluate `pool.submit(function, ...)` and similar methods that call the function they are given."""
    if not given.values:
        return ANYTHING
    if name.startswith("enter_"):
        inside = [atom.inside for atom in given.values[0] if isinstance(atom, ContextManagerValue)]
        clients = frozenset(atom for atom in given.values[0] if isinstance(atom, ClientValue))
        return joined(*inside, clients) or ANYTHING
    target, rest = given.values[0], given.values[1:]
    if name == "run_in_executor" and rest:
        target, rest = rest[0], rest[1:]
    if name == "map":
        each = PassedArguments(tuple(items.each_of(site.state, value) for value in rest))
        return many(calls.call(site, target, each))
    if name in ("apply", "apply_async") and rest:
        listed = items.elements(rest[0])
        return items.future(calls.call(site, target, PassedArguments(listed or (), open=True, more=listed is None)))
    known = frozenset(atom for atom in target if not isinstance(atom, UnknownValue))
    return (
        items.future(calls.call(site, known, PassedArguments(rest, given.keywords, given.open))) if known else ANYTHING
    )


def _holder_node(site: CallSite) -> ast.expr | None:
    return site.node.func.value if site.node is not None and isinstance(site.node.func, ast.Attribute) else None


def _of_list(site: CallSite, holder: SequenceValue, name: str, given: PassedArguments) -> Known:
    node = _holder_node(site)
    if (
        name in ("append", "add", "insert", "appendleft", "extend", "put", "put_nowait")
        and given.values
        and node is not None
    ):
        value = given.values[-1]
        added = items.each_of(site.state, value) if name == "extend" else value
        grown = many(joined(holder.each, added), holder.kind)
        assignment.grow(site.state, node, grown, site.scope)
        return fixed(None)
    if name in CHANGED and node is not None:
        assignment.loosen(site.state, node, site.scope)
    if name in ("pop", "popleft", "get"):
        return holder.each or ANYTHING
    if name == "sort" and (key := given.keyword("key")):
        calls.call(site, key, PassedArguments((holder.each,)))
    if holder.kind == "dict":
        return _of_built_dict(holder, name, given)
    return many(holder.each, holder.kind) if name == "copy" else ANYTHING


def _of_built_dict(holder: SequenceValue, name: str, given: PassedArguments) -> Known:
    """Evaluate a method of a dict whose keys are not known."""
    if name in ("get", "pop", "setdefault"):
        return joined(holder.each, *given.values[1:])
    if name == "values":
        return many(holder.each)
    return many(several((ANYTHING, holder.each), "tuple")) if name == "items" else ANYTHING


def _of_dict(site: CallSite, holder: DictValue, name: str, given: PassedArguments) -> Known:
    node = _holder_node(site)
    match name:
        case "get" | "setdefault" | "pop":
            key = given.values[0] if given.values else ANYTHING
            names = [atom.value for atom in key if isinstance(atom, ConstantValue) and isinstance(atom.value, str)]
            if name == "setdefault" and node is not None and names:
                entries = [DictEntry(names[0], joined(*given.values[1:2]) or fixed(None))]
                assignment.change(site.state, node, entries, site.scope, weak=True)
            elif name == "pop" and node is not None:
                assignment.without(site.state, node, names[0] if len(names) == 1 else None, site.scope)
            found = [entry.value for name in names if (entry := holder.entry(name))]
            return joined(*found, *given.values[1:2], ANYTHING if holder.open or not names else NOTHING) or fixed(None)
        case "update":
            _updated(site, given, node)
            return fixed(None)
        case "items":
            pairs = [several((fixed(entry.key), entry.value), "tuple") for entry in holder.entries]
            return many(joined(*pairs, ANYTHING)) if holder.open else several(pairs)
        case "values":
            values = [entry.value for entry in holder.entries]
            return many(joined(*values, ANYTHING)) if holder.open else several(values)
        case "keys":
            keys = [fixed(entry.key) for entry in holder.entries]
            return many(joined(*keys, ANYTHING)) if holder.open else several(keys)
        case "copy":
            return frozenset({holder})
        case "clear" | "popitem" | "__setitem__" if node is not None:
            assignment.change(site.state, node, None, site.scope)
    return ANYTHING


def _updated(site: CallSite, given: PassedArguments, node: ast.expr | None) -> None:
    if node is None:
        return
    entries: list[DictEntry] | None = list(given.keywords)
    for value in given.values:
        dicts = [atom for atom in value if isinstance(atom, DictValue)]
        if len(dicts) != 1 or len(value) != 1 or dicts[0].open:
            entries = None
            break
        entries = [*dicts[0].entries, *(entries or [])]
    assignment.change(site.state, node, None if given.open else entries, site.scope)


def _of_answer(site: CallSite, holder: ResponseValue, name: str, given: PassedArguments) -> Known:
    own = frozenset[Atom]({holder})
    surface = site.state.surface
    match name:
        case "get" | "pop" | "setdefault" if given.values and surface.kind(holder.dotted, holder.member) != "list":
            strict = name == "pop" and not given.values[1:]
            found = items.item(site.state, own, given.values[0], site.place, strict=strict)
            return joined(found, *(given.values[1:2] or [fixed(None)]))
        case "pop":
            return items.each_of(site.state, own)
        case "copy":
            return own
        case "values":
            inner = surface.inside(holder.dotted, holder.member, "")
            return many(
                one(ResponseValue(holder.dotted, inner, holder.doubt)) if inner and inner.endswith("*") else ANYTHING
            )
        case "items":
            inner = surface.inside(holder.dotted, holder.member, "")
            known = (
                one(ResponseValue(holder.dotted, inner, holder.doubt)) if inner and inner.endswith("*") else ANYTHING
            )
            return many(several((typed("str"), known), "tuple"))
        case "sort" if key := given.keyword("key"):
            calls.call(site, key, PassedArguments((items.each_of(site.state, own),)))
    if surface.kind(holder.dotted, holder.member) == "str":
        return _of_text(TypedValue("str"), name, given)
    return ANYTHING


def _of_text(holder: Atom, name: str, given: PassedArguments) -> Known:
    known = holder.value if isinstance(holder, ConstantValue) else None
    arguments = [atom for value in given.values for atom in value]
    constants = [
        argument.value
        for argument in arguments
        if isinstance(argument, ConstantValue) and len(arguments) == len(given.values)
    ]
    if known is not None and len(constants) == len(given.values) and not given.keywords and name in SAFE:
        made = SAFE[name](known, constants)
        origins = holder.origins if isinstance(holder, ConstantValue) else ()
        if made is not None:
            return several(fixed(each, origins) for each in made) if isinstance(made, list) else fixed(made, origins)
    if name == "format":
        return strings.formatted(frozenset({holder}))
    if name in TEXTS:
        return typed("str")
    if name in LISTS:
        return many(typed("str"))
    return typed("bool") if name in TRUTHS else ANYTHING


def _split(text: str, arguments: list[object]) -> list[str] | None:
    separator = arguments[0] if arguments else None
    return (
        text.split(separator) if len(arguments) <= 1 and isinstance(separator, str | None) and separator != "" else None
    )


SAFE: dict[str, Callable[[str, list[object]], str | list[str] | None]] = {
    "split": _split,
    "lower": lambda text, arguments: None if arguments else text.lower(),
    "upper": lambda text, arguments: None if arguments else text.upper(),
    "strip": lambda text, arguments: None if arguments else text.strip(),
}
