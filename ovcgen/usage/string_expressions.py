"""Evaluate concatenation, formatting and methods of texts. The known end is kept: it may be the path of a URL."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ovcgen.usage.values import (
    ANYTHING,
    AbstractValue,
    ConstantValue,
    PassedArguments,
    PossibleValues,
    SourceSpan,
    TypedValue,
    constant_value,
    joined,
    only_value,
    sequence_of,
    sequence_with,
    typed,
)

WAYS = 8  # at most this many results of one sum are distinguished
TEXTS = {"format", "join", "lower", "upper", "strip", "lstrip", "rstrip", "replace", "title", "removeprefix"}
LISTS = {"split", "rsplit", "splitlines", "partition", "rpartition"}
TRUTHS = {"isdigit", "startswith", "endswith", "isalpha", "isidentifier"}
PLACEHOLDER = re.compile(r"%(?:\(\w*\))?[#0\- +]*[\d*.]*[a-zA-Z]|\{[^{}]*\}")
NAMED_PLACEHOLDER = re.compile(r"(?<!%)%\((\w+)\)")


def concatenated(values: Sequence[PossibleValues]) -> PossibleValues:
    """Return the possible texts of a concatenation. Above 8 results, parts with several values become unknown.

    Of a text with an unknown part only the text after the last unknown part is known (`TypedValue.ending`).
    """
    choices = [sorted(value, key=repr) or [TypedValue("str")] for value in values]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > WAYS:
        choices = [choice if len(choice) == 1 else [TypedValue("str")] for choice in choices]
    return joined(*(_joined(parts) for parts in itertools.product(*choices)))


def _joined(parts: Sequence[object]) -> PossibleValues:
    text, known, origins = "", True, list[SourceSpan]()
    for part in parts:
        origins += part.origins if isinstance(part, ConstantValue | TypedValue) else ()
        if isinstance(part, ConstantValue) and isinstance(part.value, str):
            text += part.value
        elif isinstance(part, TypedValue) and part.kind == "str":
            known, text = False, part.ending
        else:
            known, text = False, ""
    return _text(text, known=known, origins=tuple(dict.fromkeys(origins)))


def _text(text: str, *, known: bool, origins: tuple[SourceSpan, ...]) -> PossibleValues:
    return constant_value(text, origins) if known else only_value(TypedValue("str", text, origins))


def formatted(template: PossibleValues) -> PossibleValues:
    """Return the possible results of `template % values` or `template.format(...)`.

    Only the text after the last placeholder is known, or the whole text if there is no placeholder.
    """
    found: list[PossibleValues] = []
    for atom in template:
        if isinstance(atom, ConstantValue) and isinstance(atom.value, str):
            pieces = PLACEHOLDER.split(atom.value)
            found.append(_text(pieces[-1], known=len(pieces) == 1, origins=atom.origins))
    return joined(*found) if len(found) == len(template) and found else typed("str")


def keys_in_format(template: PossibleValues) -> list[str]:
    """Return the keys that `template % values` reads, as in `%(name)s`, in their order; [] if there are none."""
    texts = [atom.value for atom in template if isinstance(atom, ConstantValue) and isinstance(atom.value, str)]
    return [key for text in texts for key in NAMED_PLACEHOLDER.findall(text)]


def with_known_end(value: PossibleValues) -> PossibleValues:
    """Return the possible values of a text that ends with `value`, and whose beginning is not known."""
    constants = [atom for atom in value if isinstance(atom, ConstantValue) and isinstance(atom.value, str)]
    found = [only_value(TypedValue("str", atom.value, atom.origins)) for atom in constants]
    return joined(*found, *(typed("str") for atom in value if not isinstance(atom, ConstantValue)))


def from_place(value: PossibleValues, origins: tuple[SourceSpan, ...]) -> PossibleValues:
    """Return the same values, with `origins` added to the positions of the texts that they are made of."""
    if not origins:
        return value
    return frozenset(
        replace(atom, origins=(*atom.origins, *origins)) if isinstance(atom, ConstantValue | TypedValue) else atom
        for atom in value
    )


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """Return the text of a literal. Expressions in an f-string become a space."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in node.values)
    return node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)


def text_method(holder: AbstractValue, name: str, given: PassedArguments) -> PossibleValues:
    """Return the possible results of calling the method `name` of a text, as in `holder.split(",")`.

    Of `split`, `lower`, `upper` and `strip` with known arguments the exact results are known, of `format` the end. Of
    other known methods only the type is known; an unknown method gives ANYTHING.
    """
    known = holder.value if isinstance(holder, ConstantValue) else None
    arguments = [atom for value in given.values for atom in value]
    constants = [argument.value for argument in arguments if isinstance(argument, ConstantValue)]
    is_constant = len(constants) == len(arguments) == len(given.values) and not given.keywords
    if known is not None and is_constant and name in SAFE:
        made = SAFE[name](known, constants)
        origins = holder.origins if isinstance(holder, ConstantValue) else ()
        if made is not None:
            return (
                sequence_with(constant_value(text, origins) for text in made)
                if isinstance(made, list)
                else constant_value(made, origins)
            )
    if name == "format":
        return formatted(only_value(holder))
    if name in TEXTS:
        return typed("str")
    if name in LISTS:
        return sequence_of(typed("str"))
    return typed("bool") if name in TRUTHS else ANYTHING


def _split(text: str, arguments: list[object]) -> list[str] | None:
    separator = arguments[0] if arguments else None
    if len(arguments) > 1 or not isinstance(separator, str | None) or separator == "":
        return None
    return text.split(separator)


SAFE: dict[str, Callable[[str, list[object]], str | list[str] | None]] = {
    "split": _split,
    "lower": lambda text, arguments: None if arguments else text.lower(),
    "upper": lambda text, arguments: None if arguments else text.upper(),
    "strip": lambda text, arguments: None if arguments else text.strip(),
}
