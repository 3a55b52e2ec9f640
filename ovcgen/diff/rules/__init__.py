"""What counts as a change: one file a family, one small function a kind; importing this fills the tables."""

from __future__ import annotations

from typing import Any

from ovcgen.diff.rules import (
    body,
    constraints,
    defaults,
    definitions,
    enums,
    formats,
    logins,
    names,
    objects,
    operations,
    parameters,
    properties,
    renames,
    responses,
    security,
    tasks,
    texts,
    transport,
    types,
)
from ovcgen.diff.rules.registry import (
    API_RULES,
    OPERATION_RULES,
    PARAMETER_RULES,
    RESPONSE_RULES,
    SHAPE_RULES,
    Rule,
    UnknownKind,
)

__all__ = [
    "API_RULES",
    "FAMILIES",
    "OPERATION_RULES",
    "PARAMETER_RULES",
    "RESPONSE_RULES",
    "SHAPE_RULES",
    "rule_of",
    "rules",
]

FAMILIES = (
    operations,
    renames,
    names,
    parameters,
    tasks,
    body,
    responses,
    types,
    formats,
    constraints,
    defaults,
    enums,
    properties,
    objects,
    definitions,
    security,
    logins,
    transport,
    texts,
)


def rules() -> tuple[Rule[Any], ...]:
    """One rule of each kind: that of the smallest thing which can change so."""
    tables = (API_RULES, OPERATION_RULES, PARAMETER_RULES, RESPONSE_RULES, SHAPE_RULES)
    every: list[Rule[Any]] = [rule for table in tables for rule in table]
    return tuple({rule.kind: rule for rule in every}.values())


def rule_of(kind: str) -> Rule[Any]:
    """The rule that reports changes of that kind."""
    known = {rule.kind: rule for rule in rules()}
    if kind not in known:
        raise UnknownKind(kind, known)
    return known[kind]
