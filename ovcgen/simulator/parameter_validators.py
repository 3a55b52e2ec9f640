"""Check the validators of parameters. A rule returns an error message, or "" if the value is valid."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ovcgen.model.api import Parameter
from ovcgen.simulator.http_errors import Crash, HttpBadRequest

Rule = Callable[[str, str], str]


def check_value(parameter: Parameter, value: Any) -> None:
    """Check a value against the rule that the document names as the parameter's validator, such as `username`.

    Upper and lower case of the rule's name do not count. A value passes if the parameter has no validator, or an
    unknown one.

    Raises:
        HttpBadRequest: the value is invalid.
        Crash: the value is no string.
    """
    rule = RULES.get(parameter.validator.lower())
    if rule is None:
        return
    if not isinstance(value, str):
        raise Crash(f"validator of {parameter.name} expected a text")
    complaint = rule(parameter.name, value)
    if complaint:
        raise HttpBadRequest(complaint)


def _name(parameter: str, value: str) -> str:
    if set(value) & set("<>\"'"):
        return f"Value of {parameter} holds invalid characters: < > \" ' are not allowed"
    return f"Value of {parameter} is shorter than two characters" if len(value) < 2 else ""


def _username(parameter: str, value: str) -> str:
    """Accept 3 to 39 characters before the `@`, although the message says 2 to 40: a portal does both."""
    name, at, provider = value.partition("@")
    allowed = re.fullmatch(r"[A-Za-z0-9._-]+", name) and (not at or re.fullmatch(r"[A-Za-z0-9._-]+", provider))
    if allowed and 2 < len(name) < 40:
        return ""
    return f"{parameter} may only contain letters, digits, . _ - and one @, and should be 2 to 40 characters long"


def _groupname(parameter: str, value: str) -> str:
    """Accept 3 to 39 characters, although the message says 2 to 40: a portal does both."""
    if re.fullmatch(r"[A-Za-z0-9._-]{3,39}", value):
        return ""
    return f"{parameter} may only contain letters, digits, . _ and -, and should be 2 to 40 characters long"


def _password(parameter: str, value: str) -> str:
    return "" if 8 <= len(value) <= 60 else _general(parameter, "password")


def _ip(parameter: str, value: str) -> str:
    """Accept any text of which exactly four parts are numbers up to 255, such as `1.2.3.4.x`: so does a portal."""
    numbers = [part for part in value.split(".") if part.isdecimal() and int(part) <= 255]
    return "" if len(numbers) == 4 else _general(parameter, "ip")


def _pattern(kind: str, pattern: str) -> Rule:
    def rule(parameter: str, value: str) -> str:
        return "" if re.fullmatch(pattern, value) else _general(parameter, kind)

    return rule


def _general(parameter: str, kind: str) -> str:
    return f"value of {parameter} is not a valid {kind}"


RULES: dict[str, Rule] = {
    "name": _name,
    "username": _username,
    "groupname": _groupname,
    "password": _password,
    "ip": _ip,
    "int": _pattern("int", r"[+-]?[0-9]+"),
    "posint": _pattern("posint", r"[1-9][0-9]*"),
    "nonnegint": _pattern("nonnegint", r"[0-9]+"),
    "base16num": _pattern("base16num", r"[+-]?(0[xX])?[0-9A-Fa-f]+"),
    "uuid": _pattern("uuid", r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "word": _pattern("word", r"\w+"),
    "notspace": _pattern("notspace", r"\S+"),
    "space": _pattern("space", r"\s*"),
}
