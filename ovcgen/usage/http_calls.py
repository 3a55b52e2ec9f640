"""Recognise operations that are called through an HTTP library, and read the parameters that they send."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ovcgen.model.api import Operation
from ovcgen.usage.usages import Lookup, OperationCall
from ovcgen.usage.values import (
    ConstantValue,
    DictEntry,
    DictValue,
    Known,
    PassedArguments,
    SourceSpan,
    TypedValue,
    fixed,
    joined,
)

if TYPE_CHECKING:
    from ovcgen.usage.calls import CallSite

SENDING = {"get", "post", "put", "patch", "delete", "request", "stream", "send", "urlopen", "Request", "fetch"}
SENT = ("data", "json", "params", "fields", "body", "content")
SECOND = {"get": "params", "post": "data", "put": "data", "patch": "data", "urlopen": "data", "Request": "data"}
SURE = 3  # a path with fewer steps may belong to another service
OTHER_SERVICE = "the address may be that of another service"


def note(site: CallSite, given: PassedArguments) -> None:
    """Record the operation that a call sends a request to, if its URL ends in the operation's path."""
    name = _called(site.node)
    if name not in SENDING:
        return
    addresses = [atom for value in _addresses(given) for atom in value]
    for atom in addresses:
        if not isinstance(atom, ConstantValue | TypedValue) or not (text := _text(atom)):
            continue
        path, _, query = text.partition("?")
        if operation := _operation(site, path):
            _note(site, operation, _arguments(operation, name, given, query), atom.origins)


def _note(site: CallSite, operation: Operation, given: PassedArguments, origins: tuple[SourceSpan, ...]) -> None:
    state, scope = site.state, site.scope
    is_short = len(operation.path.strip("/").split("/")) < SURE
    doubt = scope.guard or (OTHER_SERVICE if is_short else "")
    state.use(Lookup(site.place, operation.dotted, doubt))
    used = id(site.node) not in scope.module.ignored
    state.use(OperationCall(site.place, operation.dotted, given, doubt, site.place, used))
    state.followed.update(origins)


def _called(node: ast.Call | None) -> str:
    function = node.func if node else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _addresses(given: PassedArguments) -> Iterator[Known]:
    yield from given.values[:2]
    if (url := given.keyword("url")) is not None:
        yield url


def _text(atom: ConstantValue | TypedValue) -> str:
    if isinstance(atom, TypedValue):
        return atom.ending
    return atom.value if isinstance(atom.value, str) else ""


def _operation(site: CallSite, path: str) -> Operation | None:
    """Return the operation whose path is the end of that path, or None."""
    steps = path.rstrip("/").split("/")
    by_path = site.state.surface.by_path
    for start in range(len(steps)):
        if (found := by_path.get("/" + "/".join(steps[start:]))) and (start or steps[0] == ""):
            return found
    return None


def _arguments(operation: Operation, called: str, given: PassedArguments, query: str) -> PassedArguments:
    """Return what is sent, by Python keyword; `open` if it can't be read completely."""
    keys = {parameter.name: parameter.key for parameter in operation.parameters}
    entries = [DictEntry(keys.get(name, name), _value(fixed(text))) for name, text in parse_qsl(query)]
    is_open = given.open or given.more
    sent = [value for name in SENT if (value := given.keyword(name)) is not None]
    if called in SECOND and len(given.values) > 1:
        sent.append(given.values[1])
    for value in sent:
        dicts = [atom for atom in value if isinstance(atom, DictValue)]
        is_open = (
            is_open or len(dicts) != len(value - fixed(None)) or len(dicts) > 1 or any(dict_.open for dict_ in dicts)
        )
        entries += [
            DictEntry(keys.get(entry.key, entry.key), _value(entry.value), entry.place)
            for inner in dicts
            for entry in inner.entries
        ]
    return PassedArguments(keywords=tuple(entries), open=is_open)


def _value(value: Known) -> Known:
    """Return the value with texts of digits as numbers: HTTP sends both in the same form."""
    return joined(*(_number(atom) if isinstance(atom, ConstantValue) else frozenset({atom}) for atom in value))


def _number(atom: ConstantValue) -> Known:
    is_number = atom.kind == "str" and atom.value.isascii() and atom.value.isdigit()
    return fixed(int(atom.value)) if is_number else frozenset({atom})
