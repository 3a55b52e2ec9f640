"""Parse the words `name=value`, `name:=json` and `name@file` of the `call` command into an operation's arguments.

`name:=@file` reads the JSON from a file.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.errors import UsageError
from ovcgen.runtime.media_types import is_json

if TYPE_CHECKING:
    from ovcgen.runtime.operation import OperationSpec, ParameterSpec

FROM_INPUT = "-"
CONTENT_TYPE = "_content_type"
ASYNC = "_async"
JSON_KINDS = ("integer", "number", "boolean", "array", "object", "json")
WANTED = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list in JSON"}


class NoArgument(UsageError):
    """An error: a word of the command line does not have the form `name=value`, `name:=json` or `name@file`."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word[:60]!a} is no argument.", fix="Write name=value, name:=json, or name@file.")


class UnknownArgument(UsageError):
    """An error: the operation has no argument of that name. A portal would silently ignore the argument.

    Args:
        operation: The name of the operation.
        name: The name on the command line.
        known: The names of all its arguments. The advice is the most similar one, or else lists all of them.
    """

    def __init__(self, operation: str, name: str, known: Iterable[str]) -> None:
        by_lower = {name.lower(): name for name in sorted(known)}
        near = get_close_matches(name.lower(), by_lower, n=1)
        takes = f"It takes {', '.join(sorted(by_lower.values()))}." if by_lower else "It takes no arguments."
        hint = "Pass --async instead." if name == ASYNC else f"Did you mean {by_lower[near[0]]}?" if near else takes
        super().__init__(f"{operation} takes no argument {name[:60]!a}.", fix=hint)


class MissingArgument(UsageError):
    """An error: required arguments of the operation are not given.

    Args:
        operation: The name of the operation.
        names: The names of the missing arguments.
    """

    def __init__(self, operation: str, names: Iterable[str]) -> None:
        missing = list(names)
        super().__init__(
            f"{operation} needs {', '.join(missing)}.", fix=f"Add {' '.join(f'{name}=VALUE' for name in missing)}."
        )


class GivenTwice(UsageError):
    """An error: an argument that takes one value was given twice."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is given twice, and takes one value.", fix="Leave one of them out.")


class BadArgumentValue(UsageError):
    """An error: a value is not the JSON that its argument needs. The message does not show it: it may be a secret.

    Args:
        name: The name of the argument.
        wanted: What the argument takes, such as `a whole number`.
    """

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"The value of {name} is not {wanted}.", fix="Correct it; `name:=json` takes any JSON.")


class NoFileToUpload(UsageError):
    """An error: the file that `name@file` names, which is to be uploaded, does not exist.

    Args:
        name: The name of the argument.
        path: The path of the file, as on the command line.
    """

    def __init__(self, name: str, path: str) -> None:
        super().__init__(f"There is no file {path!a} for {name}.", fix=f"Check the path; {name}=TEXT passes a text.")


class NoFileToRead(UsageError):
    """An error: the file that `name:=@file` names, with the JSON of an argument, is missing or is not UTF-8.

    Args:
        name: The name of the argument.
        path: The path of the file, as on the command line.
    """

    def __init__(self, name: str, path: str) -> None:
        super().__init__(
            f"Can't read {path!a} for {name}.", fix=f"Check the path; {name}:=@FILE reads JSON in UTF-8 from a file."
        )


class NothingToRead(UsageError):
    """An error: standard input is empty, closed, no text, or was already read for another argument (`name=-`).

    Args:
        name: The name of the argument.
        reason: Why it can't be read, as a phrase such as `it is empty`.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The value of {name} can't be read from standard input: {reason}.",
            fix=f"Write its value into the command's input, once, as in `printf %s ... | ovcgen call ... {name}=-`.",
        )


def arguments_of(operation: OperationSpec, words: Iterable[str]) -> dict[str, Any]:
    """Return the arguments that the words of a command line give to an operation, by their Python keys.

    Names are Python keys or names of the wire, in the same case. `name=text` takes the text; for an integer, a number,
    a boolean (in any case) or a list item of such a type it reads JSON, without checking that the type fits: the call
    does that. `name:=json` takes any JSON, `name:=@file` reads it from a file, and `name=-` reads standard input up to
    its end, without the last line break. `name@file` becomes a Path to upload, or is the same as `name:=@file` for an
    argument that can't be a file. A list argument may be given several times, or once as `name=[...]`.
    `name[member]=text` sets a member of a `deepObject` parameter. `_content_type=type` is kept as it is if the
    operation has several content types.

    Raises:
        NoArgument: a word is not `name=value`, `name:=json` or `name@file`.
        NoFileToUpload: there is no file to upload.
        NoFileToRead: the file with the JSON is missing or is not UTF-8.
        UnknownArgument: the operation does not have that argument.
        GivenTwice: an argument that takes one value was given twice.
        BadArgumentValue: a value is not JSON where it has to be.
        NothingToRead: standard input has no value, or was read for another argument.
        MissingArgument: a required argument is missing.
    """
    parameters = {key: parameter for parameter in operation.parameters for key in (parameter.key, parameter.name)}
    names = {*parameters, CONTENT_TYPE}
    given: dict[str, Any] = {}
    read: list[str] = []
    for word in words:
        name, sign, text = _split(word, names)
        if name == CONTENT_TYPE and name in operation.known:
            given[name] = text
            continue
        root, *steps = [name] if name in parameters else _steps(name)
        if root not in parameters or (steps and not _has_members(parameters[root])):
            raise UnknownArgument(operation.name, name, (parameter.name for parameter in operation.parameters))
        parameter = parameters[root]
        if text == FROM_INPUT and sign == "=":
            text = _from_input(name, read)
        if sign == "@" and not steps and _takes_no_file(operation, parameter):
            sign, text = ":=", f"@{text}"
        if steps:
            _set_member(given, parameter, steps, _value(name, "string", sign, text))
        elif parameter.kind == "array" and sign != ":=" and not text.startswith("["):
            _append(given, parameter, _value(name, parameter.items, sign, text))
        elif parameter.key in given:
            raise GivenTwice(name)
        else:
            given[parameter.key] = _value(name, parameter.kind, sign, text)
    _refuse_missing(operation, given)
    return given


def has_all_arguments(operation: OperationSpec, words: Iterable[str]) -> bool:
    """Return whether the operation has every argument that the words (such as `name=value`) name. Values are not read.

    If it has not, a kept catalog may be out of date. `_content_type` and `_async` count as arguments of every
    operation. True also if a word has not the form of an argument; `arguments_of` reports that error.
    """
    names = {
        *(name for parameter in operation.parameters for name in (parameter.key, parameter.name)),
        CONTENT_TYPE,
        ASYNC,
    }
    try:
        named = [_split(word, names)[0] for word in words]
        return all(name in names or _steps(name)[0] in names for name in named)
    except NoArgument:
        return True


def _steps(name: str) -> list[str]:
    """Return the steps of a name such as `filter[owner][name]`; one step for any other name."""
    root, bracket, inner = name.partition("[")
    return [root, *inner.removesuffix("]").split("][")] if root and bracket and name.endswith("]") else [name]


def _has_members(parameter: ParameterSpec) -> bool:
    """Return whether the members of a parameter have names such as `filter[a]` in the query."""
    from ovcgen.runtime.parameter_styles import DEEP

    return getattr(parameter, "style", "") == DEEP


def _set_member(given: dict[str, Any], parameter: ParameterSpec, steps: list[str], value: Any) -> None:
    """Set a member of an object, at any depth. A member that is given several times becomes a list."""
    *outer, last = (parameter.key, *steps)
    for step in outer:
        given = given.setdefault(step, {})
        if not isinstance(given, dict):
            raise GivenTwice(parameter.name)
    given[last] = [*_each(given[last]), value] if last in given else value


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _split(word: str, names: Container[str]) -> tuple[str, str, str]:
    """Return name, sign (`=`, `:=` or `@`) and text of a word. A sign may be part of one of `names`.

    Raises:
        NoArgument: there is no sign, or no name before it.
    """
    name, equals, text = word.partition("=")
    sign, name = ":=" if name.endswith(":") else "=", name.removesuffix(":")
    uploaded, at, path = word.partition("@")
    if at and uploaded and ((uploaded in names and name not in names) or not equals):
        return uploaded, at, path
    if not equals or not name:
        raise NoArgument(word.partition("=")[0])
    return name, sign, text


def _value(name: str, kind: str, sign: str, text: str) -> Any:
    if sign == ":=":
        return _json(name, _from_file(name, text[1:]) if text.startswith("@") else text, "JSON")
    if sign == "=":
        return _typed(name, kind, text)
    if not Path(text).is_file():
        raise NoFileToUpload(name, text)
    return Path(text)


def _from_file(name: str, path: str) -> str:
    """Return the text of a file. Raises NoFileToRead if there is none in UTF-8."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError):
        raise NoFileToRead(name, path) from None


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


def _takes_no_file(operation: OperationSpec, parameter: ParameterSpec) -> bool:
    """Return whether the value of a parameter is always JSON. A body with another media type may be a file."""
    bodies = getattr(operation, "bodies", ())  # only of a StyledOperation
    if parameter.in_body and not all(is_json(body.content_type) for body in bodies):
        return False
    return parameter.kind in JSON_KINDS and (parameter.kind, parameter.items) != ("array", "file")


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
