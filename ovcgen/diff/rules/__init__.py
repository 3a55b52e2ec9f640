"""Collect all rules: a module for each family, a function for each kind. Importing it fills the tables."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from ovcgen import plugins
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
from ovcgen.diff.rules.registry import COMMON, OPENAPI3, Rule, RuleTables, UnknownKind

__all__ = ["FAMILIES", "concerns_calls", "rule_of", "rules", "tables_for"]

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


def tables_for(*, openapi3: bool) -> RuleTables:
    """Return the rules for Swagger 2.0 and of plugins. With `openapi3`, also load and add the rules for OpenAPI 3.

    Raises:
        BrokenPlugin: a plugin can't be loaded, or defines a kind that ovcgen has itself.
    """
    if not openapi3:
        return COMMON + _of_plugins()
    from ovcgen.diff.rules import openapi3 as _fills_the_tables  # noqa: F401

    return COMMON + OPENAPI3 + _of_plugins()


@cache
def _of_plugins() -> RuleTables:
    """Return the rules of all plugins.

    Raises:
        BrokenPlugin: a plugin can't be loaded, or defines a kind that ovcgen has itself.
    """
    found = RuleTables()
    for plugin in plugins.installed("ovcgen.rules"):
        tables = plugins.load(plugin, RuleTables)
        if ours := {rule.kind for rule in tables.every()} & {rule.kind for rule in (COMMON + OPENAPI3).every()}:
            raise plugins.BrokenPlugin(plugin, f"has the kind {min(ours)}, which is ovcgen's own")
        found += tables.with_checks(partial(plugins.guarded, plugin))
    return found


def rules() -> tuple[Rule[Any], ...]:
    """Return one rule for each kind of change, of all documents and plugins.

    If several rules have the same kind, the one about the smallest subject is returned.

    Raises:
        BrokenPlugin: a plugin can't be loaded, or defines a kind that ovcgen has itself.
    """
    return tuple({rule.kind: rule for rule in tables_for(openapi3=True).every()}.values())


def concerns_calls(rule: Rule[Any]) -> bool:
    """Return whether a rule is about operations or parameters, not about whole APIs, responses, headers or schemas.

    The verdict of such a rule depends on who sends the request: the caller, or the service in a callback or webhook.

    Raises:
        BrokenPlugin: a plugin can't be loaded, or defines a kind that ovcgen has itself.
    """
    tables = tables_for(openapi3=True)
    return rule in [*tables.operations, *tables.parameters]


def rule_of(kind: str) -> Rule[Any]:
    """Return the rule that reports changes of that kind; of several, the one about the smallest subject.

    Raises:
        UnknownKind: there is none.
        BrokenPlugin: a plugin can't be loaded, or defines a kind that ovcgen has itself.
    """
    known = {rule.kind: rule for rule in rules()}
    if kind not in known:
        raise UnknownKind(kind, known)
    return known[kind]
