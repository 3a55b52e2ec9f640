"""Parse the words `name=value` and `name:=json` of the `call` command into the arguments of an operation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ovcgen.documents.nesting import read_json
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.runtime.operation import OperationSpec, ParameterSpec

FROM_INPUT = "-"
ASYNC = "_async"
WANTED = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list in JSON"}


class NoArgument(UsageError):
    """A word of the command line is not of the form `name=value` or `name:=json`."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word[:60]!a} is no argument.", fix="Write name=value, or name:=json.")


class UnknownArgument(UsageError):
    """An argument that the operation does not have. The portal would silently ignore it."""

    def __init__(self, operation: str, name: str, known: Iterable[str]) -> None:
        by_lower = {name.lower(): name for name in sorted(known)}
        near = get_close_matches(name.lower(), by_lower, n=1)
        takes = f"It takes {', '.join(sorted(by_lower.values()))}." if by_lower else "It takes no arguments."
        hint = "Pass --async instead." if name == ASYNC else f"Did you mean {by_lower[near[0]]}?" if near else takes
        super().__init__(f"{operation} takes no argument {name[:60]!a}.", fix=hint)


class MissingArgument(UsageError):
    """Required arguments are missing."""

    def __init__(self, operation: str, names: Iterable[str]) -> None:
        missing = list(names)
        super().__init__(
            f"{operation} needs {', '.join(missing)}.", fix=f"Add {' '.join(f'{name}=VALUE' for name in missing)}."
        )


class GivenTwice(UsageError):
    """An argument that takes one value was given twice."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is given twice, and takes one value.", fix="Leave one of them out.")


class BadArgumentValue(UsageError):
    """A value of the wrong type. It is not printed, because it may be a secret."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"The value of {name} is not {wanted}.", fix="Correct it; `name:=json` takes any JSON.")


class NothingToRead(UsageError):
    """Standard input is empty, closed, no text, or was already read for another argument."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The value of {name} can't be read from standard input: {reason}.",
            fix=f"Write its value into the command's input, once, as in `printf %s ... | ovcgen call ... {name}=-`.",
        )


def arguments_of(operation: OperationSpec, words: Iterable[str]) -> dict[str, Any]:
    """Return the arguments of an operation by its Python keys. A list argument may be given several times.

    The value `-` reads standard input.

    Raises:
        NoArgument: a word is not `name=value` or `name:=json`.
        UnknownArgument: the operation does not have that argument.
        GivenTwice: an argument that takes one value was given twice.
        BadArgumentValue: a value is not of the parameter's type.
        NothingToRead: standard input has no value.
        MissingArgument: a required argument is missing.
    """
    parameters = {key: parameter for parameter in operation.parameters for key in (parameter.key, parameter.name)}
    given: dict[str, Any] = {}
    read: list[str] = []
    for word in words:
        name, equals, text = word.partition("=")
        as_json, name = name.endswith(":"), name.removesuffix(":")
        if not equals or not name:
            raise NoArgument(word.partition("=")[0])
        if name not in parameters:
            raise UnknownArgument(operation.name, name, (parameter.name for parameter in operation.parameters))
        parameter = parameters[name]
        if text == FROM_INPUT and not as_json:
            text = _from_input(name, read)
        if parameter.kind == "array" and not as_json and not text.startswith("["):
            _append(given, parameter, _typed(name, parameter.items, text))
        elif parameter.key in given:
            raise GivenTwice(name)
        else:
            given[parameter.key] = _json(name, text, "JSON") if as_json else _typed(name, parameter.kind, text)
    _refuse_missing(operation, given)
    return given


def _from_input(name: str, read: list[str]) -> str:
    """Return the whole standard input without its last line break. `read` collects the arguments read from it."""
    if read:
        raise NothingToRead(name, f"{read[0]} was read from it")
    read.append(name)
    try:
        text = sys.stdin.read()
    except (ValueError, AttributeError):  # closed, or not in its encoding
        raise NothingToRead(name, "it is closed, or no text") from None
    if not text:
        raise NothingToRead(name, "it is empty")
    return text.removesuffix("\n").removesuffix("\r")


def _append(given: dict[str, Any], parameter: ParameterSpec, value: Any) -> None:
    values = given.setdefault(parameter.key, [])
    if not isinstance(values, list):
        raise GivenTwice(parameter.name)
    values.append(value)


def _typed(name: str, kind: str, text: str) -> Any:
    if kind not in WANTED:
        return text
    return _json(name, text.lower() if kind == "boolean" else text, WANTED[kind])


def _json(name: str, text: str, wanted: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        raise BadArgumentValue(name, wanted) from None


def _refuse_missing(operation: OperationSpec, given: Mapping[str, Any]) -> None:
    names = {parameter.key: parameter.name for parameter in operation.parameters}
    missing = [names[key] for key in operation.required if key not in given]
    if missing:
        raise MissingArgument(operation.name, missing)
