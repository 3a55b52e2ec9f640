"""What counts as a change: one file a family, one small function a kind; importing this fills the tables."""

from __future__ import annotations

from typing import Any

from ovcgen.diff.rules import body, defaults, enums, operations, parameters, properties, responses, types
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, PARAMETER_RULES, SHAPE_RULES, Rule, UnknownKind

__all__ = ["API_RULES", "FAMILIES", "OPERATION_RULES", "PARAMETER_RULES", "SHAPE_RULES", "rule_of", "rules"]

FAMILIES = (operations, parameters, body, responses, types, defaults, enums, properties)


def rules() -> tuple[Rule[Any], ...]:
    """Every rule there is."""
    return (*API_RULES, *OPERATION_RULES, *PARAMETER_RULES, *SHAPE_RULES)


def rule_of(kind: str) -> Rule[Any]:
    """The rule that reports changes of that kind."""
    known = {rule.kind: rule for rule in rules()}
    if kind not in known:
        raise UnknownKind(kind, known)
    return known[kind]
