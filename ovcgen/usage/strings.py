"""Evaluate string concatenation and formatting. The known end of a text is kept: it may be the path of a URL."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ovcgen.usage.values import ConstantValue, Known, SourceSpan, TypedValue, fixed, joined, typed

WAYS = 8  # at most this many results of one sum are distinguished
PLACEHOLDER = re.compile(r"%(?:\(\w*\))?[#0\- +]*[\d*.]*[a-zA-Z]|\{[^{}]*\}")


def sum_of(values: Sequence[Known]) -> Known:
    """Return the possible texts of a concatenation."""
    choices = [sorted(value, key=repr) or [TypedValue("str")] for value in values]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > WAYS:
        choices = [choice if len(choice) == 1 else [TypedValue("str")] for choice in choices]
    return joined(*(_joined(parts) for parts in itertools.product(*choices)))


def _joined(parts: Sequence[object]) -> Known:
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


def _text(text: str, *, known: bool, origins: tuple[SourceSpan, ...]) -> Known:
    return fixed(text, origins) if known else frozenset({TypedValue("str", text, origins)})


def formatted(template: Known) -> Known:
    """Return the possible results of `template % values` or `template.format(...)`: the text after the last value."""
    found: list[Known] = []
    for atom in template:
        if isinstance(atom, ConstantValue) and isinstance(atom.value, str):
            pieces = PLACEHOLDER.split(atom.value)
            found.append(_text(pieces[-1], known=len(pieces) == 1, origins=atom.origins))
    return joined(*found) if len(found) == len(template) and found else typed("str")


def ended(value: Known) -> Known:
    """Return texts of which only the end is known: these values."""
    return joined(
        *(
            _text(atom.value, known=False, origins=atom.origins) if isinstance(atom, ConstantValue) else typed("str")
            for atom in value
            if not isinstance(atom, ConstantValue) or isinstance(atom.value, str)
        )
    )


def from_place(value: Known, origins: tuple[SourceSpan, ...]) -> Known:
    """Return the same texts with `origins` added to their places of origin."""
    if not origins:
        return value
    return frozenset(
        ConstantValue(atom.value, atom.kind, (*atom.origins, *origins))
        if isinstance(atom, ConstantValue)
        else TypedValue(atom.kind, atom.ending, (*atom.origins, *origins))
        if isinstance(atom, TypedValue)
        else atom
        for atom in value
    )
