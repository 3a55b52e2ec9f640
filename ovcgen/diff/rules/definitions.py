"""Find added and removed definitions. Their names do not matter for HTTP, but Python code imports them."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.schema import Schema

rule = API_RULES.rule


@rule("definition.added", wire=INFO, sdk=INFO)
def definition_added(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """There is one more named shape.

    Nobody breaks.
    """
    for name in sorted(_named(new).keys() - _named(old).keys()):
        yield Finding("is new.", Location(definition=name))


@rule("definition.removed", wire=INFO, sdk=BREAKING)
def definition_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A named shape is gone.

    Requests stay the same: what was of that shape tells its own changes. Code that imports the type of that name
    fails. Use the one that stands for it now.
    """
    had, has = _named(old), _named(new)
    added = sorted(has.keys() - had.keys())
    for name in sorted(had.keys() - has.keys()):
        same = [other for other in added if has[other] == had[name]]
        hint = f"{quoted(same[0])} has the same shape." if len(same) == 1 else ""
        yield Finding("is gone.", Location(definition=name), hint=hint)


def _named(side: ReleaseOperations) -> dict[str, Schema]:
    """Return the declared definitions by name, without the targets of references to other places."""
    return {
        definition.name: definition.schema for definition in side.api.definitions if not definition.name.startswith("#")
    }
