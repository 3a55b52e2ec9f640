"""Find changes of the body parameter, whose name is not sent."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff import pairing
from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.parameters import parameter_location
from ovcgen.diff.rules.registry import OPERATION_RULES, PARAMETER_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation, Parameter

operation_rule = OPERATION_RULES.rule
rule = PARAMETER_RULES.rule


@operation_rule("body.added-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def body_added_required(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call wants a body, which it did not before.

    Every call written for the old release is refused. Send the body.
    """
    for body in pairing.parameters(old, new).added:
        if body.location == "body" and body.required:
            yield Finding(
                "is new and must be sent.", parameter_location(body), hint=f"Pass {quoted(body.key)} in every call."
            )


@operation_rule("body.added-optional", wire=INFO, sdk=INFO)
def body_added_optional(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call takes a body, which may be left out.

    Nobody breaks.
    """
    for body in pairing.parameters(old, new).added:
        if body.location == "body" and not body.required:
            yield Finding("is new and may be sent.", parameter_location(body))


@operation_rule("body.removed", wire=WARNING, sdk=BREAKING)
def body_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call no longer takes a body.

    A request that still sends one mostly works, but the body has no effect; a Python call that passes it fails with a
    TypeError. Stop passing it.
    """
    for body in pairing.parameters(old, new).removed:
        if body.location == "body":
            yield Finding("is gone.", parameter_location(body), hint=f"Stop passing {quoted(body.key)}.")


@rule("body.became-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def body_became_required(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The body could be left out and must be sent now.

    A call without a body is refused. Send it.
    """
    if new.location == old.location == "body" and new.required and not old.required:
        yield Finding(
            "must be sent now; it could be left out.",
            before=False,
            after=True,
            hint=f"Pass {quoted(new.key)} in every call.",
        )


@rule("body.became-optional", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, BREAKING))
def body_became_optional(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The body had to be sent and may be left out now.

    Nobody breaks. A receiver of a callback or webhook must be ready to find nothing.
    """
    if new.location == old.location == "body" and old.required and not new.required:
        yield Finding("may be left out now; it had to be sent.", before=True, after=False)


@rule("body.renamed", wire=INFO, sdk=BREAKING)
def body_renamed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The body has another name in the document.

    The name is not on the wire, so requests stay the same; a Python call passes it as a keyword and fails. Use the new
    keyword.
    """
    if new.location == old.location == "body" and old.name != new.name:
        yield Finding(
            f"is called {quoted(new.name)} now.",
            before=old.name,
            after=new.name,
            hint=f"Pass {quoted(new.key)} instead of {quoted(old.key)}.",
        )
