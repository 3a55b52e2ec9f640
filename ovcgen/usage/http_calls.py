"""Recognise operations that are called through an HTTP library, and read the parameters that they send."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from ovcgen.model.api import Operation
from ovcgen.usage.api_index import ApiIndex
from ovcgen.usage.values import (
    NOTHING,
    AbstractValue,
    ConstantValue,
    DictEntry,
    DictValue,
    PassedArguments,
    PossibleValues,
    SourceSpan,
    TypedValue,
    constant_value,
    joined,
    merged,
    only_value,
)

SENDING = {"get", "post", "put", "patch", "delete", "request", "stream", "send", "urlopen", "Request", "fetch"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
SENT = ("data", "json", "params", "fields", "body", "content")
SECOND = {"get": "params", "post": "data", "put": "data", "patch": "data", "urlopen": "data", "Request": "data"}
SURE = 3  # a path with fewer steps may belong to another service
OTHER_SERVICE = "the address may be that of another service"
OTHER_METHOD = "the HTTP method may be another one"


def requests(
    api_index: ApiIndex, function: str, given: PassedArguments
) -> Iterator[tuple[Operation, PassedArguments, str, tuple[SourceSpan, ...]]]:
    """Yield (operation, arguments by Python keyword, doubt, positions of the URL) for each request that may be sent.

    The URL is one of the first two arguments, or `url`. Its query gives arguments too. The HTTP method only chooses
    between several operations of one path. The doubt is why it may be another request; "" if that is very unlikely.
    Nothing is yielded for other functions than those that send requests, such as `get`, `post` and `urlopen`.

    Args:
        api_index: The operations; one is found if the URL ends in its path.
        function: The last name of the called function, such as `post`.
        given: The arguments of the call.
    """
    if function not in SENDING:
        return
    methods = _methods(function, given)
    addresses = [*given.values[:2], given.keyword("url") or NOTHING]
    for atom in NOTHING.union(*addresses):
        match atom:
            case ConstantValue(str(text)) | TypedValue(_, text) if text:
                candidates = _operations(api_index, text)
                found = [operation for operation in candidates if operation.method in methods] or candidates
                for operation in found:
                    sent = _arguments(operation, function, given, text.partition("?")[2])
                    yield operation, sent, OTHER_METHOD if len(found) > 1 else _doubt(operation), atom.origins


def _methods(function: str, given: PassedArguments) -> set[str]:
    """Return the HTTP methods that a request may have, in upper case; an empty set if they are not known."""
    if function.upper() in METHODS:
        return {function.upper()}
    method = given.keyword("method") or given.first(NOTHING)
    names = {str(atom.value).upper() if isinstance(atom, ConstantValue) else "" for atom in method}
    return names if names <= METHODS else set()


def _doubt(operation: Operation) -> str:
    """Return why a URL that ends in the operation's path may belong to another service; "" if that is very unlikely.

    It is unlikely if the path has at least three steps.
    """
    return OTHER_SERVICE if len(operation.path.strip("/").split("/")) < SURE else ""


def _operations(api_index: ApiIndex, address: str) -> list[Operation]:
    """Return the operations whose path is the end of the path in a URL; the longest such path counts."""
    steps = address.partition("?")[0].rstrip("/").split("/")
    for start in range(len(steps)):
        if (found := api_index.by_path.get("/" + "/".join(steps[start:]))) and (start or steps[0] == ""):
            return found
    return []


def _arguments(operation: Operation, called: str, given: PassedArguments, query: str) -> PassedArguments:
    """Return what is sent, by Python keyword; `open` if it can't be read completely."""
    keys = {parameter.name: parameter.key for parameter in operation.parameters}
    entries = [DictEntry(keys.get(name, name), _value(constant_value(text))) for name, text in parse_qsl(query)]
    sent = [value - constant_value(None) for name in SENT if (value := given.keyword(name)) is not None]
    if called in SECOND and len(given.values) > 1:
        sent.append(given.values[1] - constant_value(None))
    is_open = given.open or given.more
    for atom in merged(value for value in sent if value):
        known = atom if isinstance(atom, DictValue) else DictValue(open=True)
        is_open = is_open or known.open
        entries += [
            DictEntry(keys.get(entry.key, entry.key), _value(entry.value), entry.place) for entry in known.entries
        ]
    return PassedArguments(keywords=tuple(entries), open=is_open)


def _value(value: PossibleValues) -> PossibleValues:
    """Return the value with texts of digits as numbers: HTTP sends both in the same form."""
    return joined(*map(_number, value))


def _number(atom: AbstractValue) -> PossibleValues:
    match atom:
        case ConstantValue(str(text)) if text.isascii() and text.isdigit():
            return constant_value(int(text))
    return only_value(atom)
