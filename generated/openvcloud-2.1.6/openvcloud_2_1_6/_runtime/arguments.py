"""Check the arguments of a call before it is sent, with the same rules for both clients.

Services that are not `plain` do not distinguish absent, empty and null parameters, so an empty string can't be sent to
them. They read lists from repeated keys and booleans as `true` and `false`, and ignore unknown names silently.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Set
from decimal import Decimal
from typing import Any, NamedTuple

from .content_type_choice import CHOICE, chosen_type, parameter_for_type
from .errors import ArgumentError
from .operation import ANY_NUMBER, MISSING, OperationSpec, ParameterSpec
from .typeguards import is_dict, is_sequence
from .upload import Upload
from .value_encoding import SEPARATORS, Unsendable, dated, first_unwritable_part, json_of, text_of

FILES = ("file", "content")


class Validator(NamedTuple):
    """A rule by which a service checks the values of a parameter, such as that for names.

    Attributes:
        allows: Returns whether the service accepts a value.
        wants: The accepted values, as a phrase for an error: `at least 2 characters`.
    """

    allows: Callable[[Any], bool]
    wants: str


RULES: dict[str, Validator] = {}  # by the name in `ParameterSpec.validator`


def check_names(
    operation: OperationSpec,
    names: Iterable[str],
    gone: Callable[[str], str] | None = None,
    given: Mapping[str, object] | None = None,
) -> None:
    """Check that the operation takes all names: many services would ignore an unknown one silently.

    Args:
        operation: The operation to call.
        names: The keywords to check.
        gone: Returns a sentence about a name that earlier releases had; "" for other names. None for no such sentences.
        given: The keywords that were passed. A required one that is missing is suggested first for a misspelt name.

    Raises:
        TypeError: a name is unknown; the message suggests another one.
    """
    known = operation.known
    for name in names:
        if name in known:
            continue
        had: Mapping[str, object] = {} if given is None else given
        missing = [key for key in operation.required if had.get(key, MISSING) is MISSING]
        near = nearest(name, missing) or nearest(name, known)
        hint = f"Did you mean {near!r}?" if near else f"It takes {_listed(sorted(known))}."
        told = (gone(name) if gone else "") or hint
        raise TypeError(f"{operation.name}() got an unexpected keyword argument {name!r}. {told}")


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known name that is most similar to `name`; "" if none is. Case and underscores are ignored.

    `cutoff` is the smallest similarity, from 0 to 1, as in `difflib.get_close_matches`.
    """
    from difflib import get_close_matches  # only errors need it

    by_lower = {name.lower().replace("_", ""): name for name in sorted(known)}
    found = get_close_matches(name.lower().replace("_", ""), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else ""


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none"


def check_values(operation: OperationSpec, arguments: Mapping[str, object]) -> list[tuple[ParameterSpec, Any]]:
    """Return the (parameter, checked value) pairs to send, in document order.

    None and, outside of a body, empty lists are left out. None for a required parameter sends its default, if it has
    one. Files become an Upload. If the operation has several content types, the first pair is (CHOICE, the chosen
    content type). Unknown keywords are ignored: see `check_names`.

    Raises:
        TypeError: a required keyword is absent, or its value is MISSING.
        ArgumentError: a value can't be sent, a required parameter would be left out, or arguments exclude each other.
    """
    if operation.wire is not None:
        return operation.wire.check(operation, arguments)
    if operation.required:
        check_required(operation, arguments)
    sent: list[tuple[ParameterSpec, Any]] = []
    content_type = chosen_type(operation, arguments) if operation.content_types else ""
    if content_type:
        sent.append((CHOICE, content_type))
    for parameter in operation.parameters:
        value = arguments.get(parameter.key)
        if value is None and parameter.required and parameter.default is not MISSING:
            value = parameter.default
        if is_sequence(value) and not value and not parameter.in_body:
            value = None
        if value is None:
            if parameter.required and not parameter.login:
                raise missing_value_error(operation, parameter)
            continue
        known = parameter_for_type(parameter, content_type) if content_type and parameter.in_body else parameter
        sent.append((known, _checked(operation, known, value)))
    if operation.alternatives:
        _check_alternatives(operation, [parameter for parameter, _ in sent])
    if operation.one_of or operation.any_of:
        check_choice(operation, {parameter.key for parameter, _ in sent})
    return sent


def check_required(operation: OperationSpec, arguments: Mapping[str, object]) -> None:
    """Raise TypeError if a required keyword is absent, or its value is MISSING."""
    if any(arguments.get(key, MISSING) is MISSING for key in operation.required):
        given = [key for key, value in arguments.items() if value is not MISSING]
        raise TypeError(f"{operation.name}() {missing_names(operation, given)}")


def is_on(operation: OperationSpec, name: str, arguments: Mapping[str, object]) -> bool:
    """Return whether the boolean keyword argument `name` is True. None and a missing argument count as False.

    Raises:
        ArgumentError: the value is neither True, False nor None.
    """
    value = arguments.get(name)
    if not isinstance(value, (bool, type(None))):
        raise ArgumentError(f"{operation.name}() takes True or False for {name!r}.", fix="Pass a boolean.")
    return bool(value)


def missing_value_error(operation: OperationSpec, parameter: ParameterSpec) -> ArgumentError:
    """Return the error for a required parameter whose value is None or an empty list, which would not be sent."""
    return ArgumentError(
        f"{operation.name}() needs a value for {parameter.key!r}.",
        fix="None and an empty list are the same as leaving it out; pass a value.",
    )


def _check_alternatives(operation: OperationSpec, given: list[ParameterSpec]) -> None:
    """Raise ArgumentError if two bodies, or a body and a form, are given: a request has only one."""
    bodies = [spec.key for spec in given if spec.place == "body"]
    bodies += [spec.key for spec in given if spec.place == "member"][:1]
    bodies += [spec.key for spec in given if spec.place == "form"][:1]
    if len(bodies) > 1:
        raise ArgumentError(
            f"{operation.name}() can't send {' and '.join(map(repr, bodies))} in one request.",
            fix="Pass one of them: a request has one body, or the fields of a form.",
        )


def check_choice(operation: OperationSpec, given: Set[str]) -> None:
    """Check the sets of keywords of which exactly one (`one_of`) or at least one (`any_of`) must be complete.

    `given` are the keywords that have a value. If the operation has both kinds of sets, only `one_of` is checked.

    Raises:
        ArgumentError: no set is complete; or, for `one_of`, keywords of a second set are given.
    """
    choices = operation.one_of or operation.any_of
    begun = [choice for choice in choices if given & set(choice)]
    whole = [choice for choice in begun if given >= set(choice)]
    if whole and (len(begun) == 1 or not operation.one_of):
        return
    listed = " or ".join(" and ".join(choice) for choice in choices)
    only = "exactly one of them" if operation.one_of else "at least one of them"
    raise ArgumentError(f"{operation.name}() takes {listed}.", fix=f"Pass {only}, whole.")


def _checked(operation: OperationSpec, parameter: ParameterSpec, value: object) -> Any:
    """Return the value to send for one parameter; raise ArgumentError if it can't be sent."""
    if value == "" and parameter.empty:
        return value
    if parameter.kind != "array":
        return _single(operation, parameter, parameter.kind, value)
    if parameter.dates:
        check_inside(operation, parameter, value)
    return _listed_values(operation, parameter, value, parameter.collection.split())


def _listed_values(
    operation: OperationSpec, parameter: ParameterSpec, value: object, collections: list[str]
) -> list[Any]:
    """Return the checked items of a list, or of nested lists: one word of `collections` for each level."""
    if not is_sequence(value):
        raise unsendable_error(operation, parameter, value, f"a list of {parameter.items or 'value'}s")
    if len(collections) > 1:
        return [_listed_values(operation, parameter, item, collections[1:]) for item in value]
    separator = SEPARATORS.get(collections[0], "") if operation.plain and not parameter.in_body else ""
    items = [_single(operation, parameter, parameter.items, item) for item in value]
    for item in items:
        if separator and isinstance(item, str) and separator in item:
            raise unsendable_error(
                operation, parameter, item, f"texts without {separator!r}, which stands between them"
            )
    return items


def _single(operation: OperationSpec, parameter: ParameterSpec, kind: str, value: object) -> Any:
    """Return the checked value that is not a list, or one item of a list. A file becomes an Upload."""
    plain = value
    if kind in ("string", "json") and not isinstance(value, str):
        plain = getattr(value, "_wire_text", value) if kind == "string" else value  # an object can stand for its id
        plain = dated_text(operation, parameter, plain) if operation.plain else plain
    elif kind in FILES and not (kind == "content" and isinstance(value, str)):
        return Upload(value)
    wanted = type_violation(kind, plain) or value_violation(parameter, plain)
    if parameter.in_body and (wanted or (parameter.dates and parameter.kind != "array")):
        check_inside(operation, parameter, value)
    if wanted:
        raise unsendable_error(operation, parameter, value, wanted)
    if plain == "" and not parameter.in_body and not (operation.plain and parameter.place != "path"):
        raise ArgumentError(
            f"{operation.name}() can't send an empty text for {parameter.key!r}: the service takes it for absent.",
            fix="Leave the argument out, or send a text that is not empty.",
        )
    return plain


def dated_text(operation: OperationSpec, parameter: ParameterSpec, value: object) -> object:
    """Return a date, a datetime or a UUID as text, any other value unchanged.

    Raises:
        ArgumentError: it is a datetime without a time zone, or a date where the parameter's format is `date-time`, or
            a datetime where the format is `date`.
    """
    try:
        return dated(value, parameter.format)
    except Unsendable as error:
        raise unsendable_error(operation, parameter, value, str(error)) from None


def check_inside(operation: OperationSpec, parameter: ParameterSpec, value: object) -> None:
    """Raise ArgumentError if a value, or a part of a list or dict, can't be written as JSON; the error names the path.

    Strings that the parameter declares as dates can be dates or datetimes; other texts pass there, too.
    """
    path, found, wanted = first_unwritable_part(value, parameter.dates)
    if wanted:
        where = f"{path!r} of {parameter.key!r}" if path else repr(parameter.key)
        raise ArgumentError(f"{operation.name}() can't send a {found} for {where}.", fix=f"Pass {wanted}.")


def type_violation(kind: str, value: object) -> str:
    """Return a phrase that says what a value of that kind must be, such as `True or False`; "" if the value is valid.

    `kind` is one of `ParameterSpec.kind`, but not `array` or `file`. A bool is no integer and no number.
    """
    match kind:
        case "string":
            return "" if isinstance(value, str) and is_sendable(value) else "a text"
        case "integer":
            return "" if _is_integer(value) else "a whole number of at most 64 bits"
        case "boolean":
            return "" if isinstance(value, bool) else "True or False"
        case "number":
            is_number = _is_integer(value) or (isinstance(value, (float, Decimal)) and math.isfinite(value))
            return "" if is_number else "a finite number"
        case "object":
            is_object = (isinstance(value, str) or is_dict(value)) and is_sendable(value)
            return "" if is_object else "a dict, or a text of YAML or JSON"
        case "content":
            return "" if is_sendable(value) else "a text, bytes, a path, or an open binary file"
        case _:
            return "" if is_sendable(value, json_of) else "what JSON can say"


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def is_sendable(value: object, write: Callable[[object], str] = text_of) -> bool:
    """Return whether `write` can write the value as UTF-8. Lone surrogates and NaN can't be written.

    By default `write` is `text_of`, for values outside of a body; it can't write datetimes either.
    """
    try:
        write(value).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def value_violation(parameter: ParameterSpec, value: Any) -> str:
    """Return a phrase that says what the value must be by the service's rules or by its location; "" if it is valid.

    By location, only text in a header must be printable ASCII, and `.` and `..` can't be sent in a path.
    """
    if wanted := rule_violation(parameter, value):
        return wanted
    if parameter.place == "header" and isinstance(value, str) and not (value.isascii() and value.isprintable()):
        return "a text of printable ASCII, as it goes into a header"
    if parameter.place == "path" and value in (".", ".."):
        return "another text: in a path it would lead elsewhere"
    return ""


def rule_violation(parameter: ParameterSpec, value: Any) -> str:
    """Return a phrase that says what the value must be by the service's rules, such as `at least 1`; "" if it is valid.

    The rules are the parameter's `validator`, `choices` and `bounds`. An empty string breaks none of them. Choices are
    compared exactly, with upper and lower case.
    """
    rule = RULES.get(parameter.validator)
    if rule and value != "" and not rule.allows(value):
        return rule.wants
    if parameter.choices and value != "" and value not in parameter.choices:
        return f"one of {', '.join(map(repr, parameter.choices))}"
    if parameter.bounds != ANY_NUMBER and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _outside(parameter.bounds, float(value) if isinstance(value, Decimal) else value)
    return ""


def _outside(bounds: tuple[float | None, float | None, float | None], value: float) -> str:
    """Return which limit a number breaks, "" for none."""
    least, greatest, multiple = bounds
    if least is not None and value < least:
        return f"at least {least}"
    if greatest is not None and value > greatest:
        return f"at most {greatest}"
    return f"a multiple of {multiple}" if multiple and value % multiple else ""


def unsendable_error(operation: OperationSpec, parameter: ParameterSpec, value: object, wanted: str) -> ArgumentError:
    """Return the error for a value that can't be sent; `wanted` is the phrase after "Pass" in its advice.

    It shows at most 60 characters of a text or number, and only the type of other values and of those whose parameter
    name hints at a secret.
    """
    return ArgumentError(
        f"{operation.name}() can't send {_shown(parameter, value)} for {parameter.key!r}.", fix=f"Pass {wanted}."
    )


def _shown(parameter: ParameterSpec, value: object) -> str:
    """Return the value for a message; only its type if it may be or contain a secret, or may be long."""
    is_secret = any(word in parameter.name.lower() for word in ("pass", "secret", "key", "token", "data"))
    is_short = isinstance(value, (str, float)) or (isinstance(value, int) and abs(value) < 10**30)
    return type(value).__name__ if is_secret or not is_short else ascii(value)[:60]


def missing_names(operation: OperationSpec, given: Iterable[str]) -> str:
    """Return Python's message about the required keywords that are not in `given`; "" if none is missing.

    The message is such as `missing 2 required keyword-only arguments: 'id' and 'name'`, without the function's name.
    """
    names = [repr(key) for key in operation.required if key not in set(given)]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{',' if len(names) > 2 else ''} and {names[-1]}"
    return f"missing {len(names)} required keyword-only argument{'s' if len(names) > 1 else ''}: {listed}"
