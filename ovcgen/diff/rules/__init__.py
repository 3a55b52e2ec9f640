"""Collect all rules: a module for each family, a function for each kind. Importing it fills the tables."""

from __future__ import annotations

from typing import Any

from ovcgen.diff.rules import (
    body_parameter,
    constraints,
    defaults,
    definitions,
    enums,
    formats,
    operations,
    other_schema_keywords,
    parameters,
    properties,
    python_names,
    renames,
    responses,
    security_definitions,
    security_requirements,
    task_support,
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
    python_names,
    parameters,
    task_support,
    body_parameter,
    responses,
    types,
    formats,
    constraints,
    defaults,
    enums,
    properties,
    other_schema_keywords,
    definitions,
    security_requirements,
    security_definitions,
    transport,
    texts,
)


def rules() -> tuple[Rule[Any], ...]:
    """Return one rule for each kind. If several tables have that kind, the rule about the smallest subject counts."""
    tables = (API_RULES, OPERATION_RULES, PARAMETER_RULES, RESPONSE_RULES, SHAPE_RULES)
    every: list[Rule[Any]] = [rule for table in tables for rule in table]
    return tuple({rule.kind: rule for rule in every}.values())


def rule_of(kind: str) -> Rule[Any]:
    """Return the rule that reports changes of that kind.

    Raises:
        UnknownKind: there is none.
    """
    known = {rule.kind: rule for rule in rules()}
    if kind not in known:
        raise UnknownKind(kind, known)
    return known[kind]
