"""Decide whether a change breaks a call: one function per family of change kinds.

A function returns None if the call does not break. It returns a verdict that is not `sure` if the code does not show
what the call passes, such as with `**arguments`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovcgen.diff.change import BREAKING, INFO, Change
from ovcgen.diff.sanitize import quoted
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.impact.value_compatibility import Fit, kind_of, worst_fit
from ovcgen.model.api import Operation
from ovcgen.model.constraints import permits
from ovcgen.model.resolve import kind_of as schema_kind
from ovcgen.model.schema import Record, Scalar, Schema
from ovcgen.usage.usages import OperationCall, Read
from ovcgen.usage.values import ANYTHING, AbstractValue, ConstantValue, DictValue, PossibleValues

SECRET = ("pass", "secret", "key", "token")
LONGEST_VALUE = 40
TYPES_IN_WORDS: dict[str | None, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a dict",
}
KINDS = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "True or False", "list": "a list"}


@dataclass(frozen=True, slots=True)
class CallVerdict:
    """The decision that a change breaks a call, or may break it.

    Attributes:
        reason: Why it breaks; why that is not known if `sure` is False.
        sure: False if the call may or may not break.
        fix: What to write instead; "" if the hint of the change applies.
    """

    reason: str
    sure: bool = True
    fix: str = ""


@dataclass(frozen=True, slots=True)
class OperationChange:
    """A change, and the operation whose calls it may break.

    Attributes:
        change: The change between the releases.
        old: The operation in the old release.
        new: The operation in the new release; None if it was removed.
        releases: Both releases.
    """

    change: Change
    old: Operation
    new: Operation | None
    releases: ReleasePair

    @property
    def key(self) -> str:
        """Return the Python keyword of the parameter that the change concerns, in the old release if it is there.

        Otherwise it is the keyword in the new release, and the wire name if no release has the parameter.
        """
        location = self.change.location
        for operation in (self.old, self.new):
            for parameter in operation.parameters if operation else ():
                if parameter.location == location.place and (
                    parameter.name == location.name or (location.place == "body" and not location.name)
                ):
                    return parameter.key
        return location.name

    @property
    def called(self) -> str:
        """Return the operation as it is called, to start a sentence: `cloudapi.machines.get()`."""
        return f"{self.old.dotted}()"


def keyword_gone(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call passes a keyword that the new release does not accept; None if it does not.

    It is not `sure` if the call may pass the keyword.
    """
    given = call.given.keyword(case.key)
    if given is None:
        unsure = f"whether it passes {quoted(case.key)}, which {case.releases.new} does not take, can't be seen"
        return CallVerdict(unsure, sure=False) if call.given.open else None
    return CallVerdict(f"{case.called} takes no {quoted(case.key)} in {case.releases.new}, and this call passes it.")


def keyword_missing(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call omits a keyword that the new release requires without a default; else None.

    It is not `sure` if the call may pass the keyword.
    """
    parameter = case.new and next((parameter for parameter in case.new.parameters if parameter.key == case.key), None)
    if call.given.keyword(case.key) is not None or (parameter and parameter.default is not None):
        return None
    if call.given.open:
        return CallVerdict(f"whether it passes {quoted(case.key)}, which has to be passed, can't be seen", sure=False)
    return CallVerdict(
        f"{case.called} wants {quoted(case.key)} in {case.releases.new}, and this call does not pass it."
    )


def default_relied_on(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call omits a keyword whose default changes; None if it passes the keyword.

    It is not `sure` if the call may pass the keyword. A change of a default inside of a value gives None.
    """
    if case.change.location.member or call.given.keyword(case.key) is not None:
        return None
    if call.given.open:
        return CallVerdict(f"whether it passes {quoted(case.key)}, whose default changes, can't be seen", sure=False)
    return CallVerdict(f"This call leaves {quoted(case.key)} out: it {_lower(case.change.message)}")


def _lower(message: str) -> str:
    """Return the message from its verb on: `Form parameter x counts as ...` becomes `counts as ...`."""
    for verb in ("counts as", "has no default"):
        if verb in message:
            return message[message.index(verb) :]
    return message


def value_refused(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call passes a value that is valid in the old release and not in the new one; else None.

    It is not `sure` if the value is not known well enough. None as a value is valid, because it is not sent. The
    message has no value of a keyword that looks like a secret.
    """
    given = call.given.keyword(case.key)
    member = case.change.location.member
    old = case.releases.sent(case.old, case.key, member, new=False)
    new = case.releases.sent(case.new, case.key, member, new=True) if case.new else None
    if new is None or old is None:
        return None
    if given is None:
        unsure = f"what it passes as {quoted(case.key)} can't be seen"
        return CallVerdict(unsure, sure=False) if call.given.open else None
    value = _inside(given, member)
    api_index = case.releases.api_index
    fitted = frozenset(atom for atom in value if worst_fit(frozenset({atom}), old, api_index)[0] is not Fit.NO)
    verdict, culprit = worst_fit(fitted, new, api_index)
    if verdict is Fit.YES:
        return None
    if verdict is Fit.PERHAPS or culprit is None:
        return CallVerdict(f"{case.releases.new} takes {_described(new)} for {quoted(case.key)}", sure=False)
    passed = _in_words(culprit, case)
    says = f"{case.called} takes {_described(new)} for {quoted(case.key)} now; this call passes {passed}."
    return CallVerdict(says, fix=_pass_instead(culprit, new, case))


def _pass_instead(culprit: AbstractValue, schema: Schema, case: OperationChange) -> str:
    """Return what to write instead. A text that must become an integer is converted if its value is known."""
    if not isinstance(schema, Scalar) or schema.kind != "integer" or kind_of(culprit, case.releases.api_index) != "str":
        return f"Pass {_described(schema)}."
    text = culprit.value if isinstance(culprit, ConstantValue) else ""
    number = str(int(text)) if text.isascii() and text.isdigit() else "int(...)"
    return f"Pass {quoted(f'{case.key}={number}')}."


def _inside(value: PossibleValues, member: str) -> PossibleValues:
    """Return the possible values at a path in dict displays. ANYTHING if the path goes through a list or is unknown."""
    for step in member.replace("[]", "").split(".") if member else ():
        found: set[AbstractValue] = set()
        for atom in value:
            entry = atom.entry(step) if isinstance(atom, DictValue) else None
            found |= entry.value if entry else ANYTHING
        value = frozenset(found)
    return value if "[]" not in member else ANYTHING


def _in_words(atom: AbstractValue, case: OperationChange) -> str:
    """Return the passed value for a message. Long values and those of secrets are described by their type."""
    kind = kind_of(atom, case.releases.api_index)
    named = KINDS.get(kind, f"a {kind}" if kind else "something else")
    secret = any(word in case.key.lower() for word in SECRET)
    if isinstance(atom, ConstantValue) and not secret and len(repr(atom.value)) <= LONGEST_VALUE:
        return quoted(repr(atom.value))
    return named


def _described(schema: Schema) -> str:
    """Return a schema in words: "a whole number (maximum 10)"."""
    if schema.traits.enum:
        return f"one of {', '.join(quoted(constant.text) for constant in schema.traits.enum)}"
    words = TYPES_IN_WORDS.get(schema_kind(schema), "something else")
    limits = ", ".join(f"{name} {limit.text}" for name, limit in schema.traits.constraints)
    return f"{words} ({limits})" if limits else words


def member_sent(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call sends a member that was removed, or omits one that is required now; else None.

    It is not `sure` if the members that the call sends are not known, or the member of a union that it sends. Objects
    of another member of the union than the one that changes do not count.
    """
    outer, _, name = case.change.location.member.rpartition(".")
    given = call.given.keyword(case.key)
    if given is None:
        return CallVerdict("what it sends can't be seen", sure=False) if call.given.open else None
    gone = case.change.id in ("property.removed", "property.renamed")
    for atom in _inside(given, outer):
        fits = _fits_variant(atom, case)
        if fits is Fit.NO:
            continue
        if fits is Fit.PERHAPS:
            kind = quoted(case.change.location.variant)
            return CallVerdict(f"whether it sends {kind}, where {quoted(name)} changes, can't be seen", sure=False)
        if not isinstance(atom, DictValue) or (atom.open and atom.entry(name) is None):
            return CallVerdict(f"whether what it sends has {quoted(name)} can't be seen", sure=False)
        if (atom.entry(name) is not None) is gone:
            verb = (
                "is not taken any more, and this call sends it" if gone else "is wanted, and this call does not send it"
            )
            return CallVerdict(f"{quoted(name)} in {quoted(case.key)} of {case.called} {verb}.")
    return None


def _fits_variant(atom: AbstractValue, case: OperationChange) -> Fit:
    """Return whether a value is of the member of a union that changes, as its constants say (`kind: dog`)."""
    name = case.change.location.variant.rpartition(".")[2]
    schema = case.releases.variant(name) if name else None
    if not name:
        return Fit.YES
    if not isinstance(atom, DictValue) or not isinstance(schema, Record):
        return Fit.PERHAPS
    tags = [(entry, member.schema.traits) for member in schema.properties if (entry := atom.entry(member.name))]
    told = [
        (permits(traits, value.value) if isinstance(value, ConstantValue) else None)
        for entry, traits in tags
        if traits.enum
        for value in entry.value
    ]
    if False in told:
        return Fit.NO
    return Fit.YES if told and None not in told else Fit.PERHAPS


def form_passed(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the call passes fields of a form by name that are members of one body now; else None.

    It is not `sure` if the call passes none that is known, but may pass more.
    """
    names = case.change.before.value if case.change.before else []
    passed = [name for name in names if call.given.keyword(name) is not None]
    if passed:
        listed = ", ".join(map(quoted, passed))
        return CallVerdict(f"{case.called} takes no {listed} in {case.releases.new}, and this call passes it.")
    return CallVerdict("what it passes can't be seen", sure=False) if call.given.open else None


def has_new_name(case: OperationChange) -> bool:
    """Return whether the change gives the operation another Python name, as a new operationId does.

    False if the operation was removed, and for the kinds in GONE (`operation.renamed`, `operation.moved`).
    """
    return case.change.id in NAMES and case.new is not None and case.new.dotted != case.old.dotted


def answer_read(case: OperationChange, read: Read) -> CallVerdict | None:
    """Return a verdict if the code reads the part of the response that changes, or something inside of it; else None.

    A part that became optional breaks only reads that fail without it (`strict`). The verdict is not `sure` if only one
    member of a union changes.
    """
    member = case.change.location.member
    inside = read.member == member or read.member.startswith((f"{member}.", f"{member}["))
    if case.change.id == "property.became-optional" and not (read.strict and read.member == member):
        return None
    if not inside or not member:
        return None
    says = case.change.message.partition(" of answer ")[2].partition(" ")[2] or "has changed."
    read_here = f"This reads {quoted(member)} of what {case.called} answers, which {says}"
    if variant := case.change.location.variant:
        return CallVerdict(f"{read_here} That concerns answers of {quoted(variant)} alone", sure=False)
    return CallVerdict(read_here)


def answer_used(case: OperationChange, call: OperationCall) -> CallVerdict | None:
    """Return a verdict if the code uses the response of the call; None if not, or if only a part of it changes.

    It is for changes that remove the whole response or change its type (see `on_call`).
    """
    if not call.used or case.change.location.member:
        return None
    return CallVerdict(f"This uses what {case.called} answers: {case.change.message}")


def unsure_verdict(case: OperationChange, _call: OperationCall) -> CallVerdict | None:
    """Return a verdict that is not `sure`; never None. It is for changes that the code of a call can't decide."""
    return CallVerdict(f"{case.change.message} Look whether that concerns you", sure=False)


# Changes of an operation's place in the SDK: they may give it another name.
NAMES = {
    *("operation.id-added", "operation.id-changed", "operation.id-removed", "operation.tag-added"),
    *("operation.tag-removed", "operation.name-changed", "path-parameter.renamed"),
}
OnCall = Callable[[OperationChange, OperationCall], CallVerdict | None]
GONE = {"operation.removed", "operation.renamed", "operation.moved"}
KEYWORDS_GONE = {"parameter.removed", "parameter.renamed", "path-parameter.renamed", "body.removed", "body.renamed"}
KEYWORDS_MISSING = {
    "parameter.added-required",
    "parameter.became-required",
    "body.added-required",
    "body.became-required",
}
MEMBERS = {"property.added-required", "property.became-required", "property.removed", "property.renamed"}
WHOLE_ANSWERS = {"response.removed", "response.schema-removed", "produces.added", "produces.removed"}
SEEN_BY_READERS = {"property.removed", "property.renamed", "property.became-optional", "nullable.added"}
TYPES = {"type.changed", "type.narrowed", "type.widened", "format.changed"}


def on_call(change: Change) -> OnCall | None:
    """Return the function that decides whether the change breaks a call; None if the change breaks no call.

    The function is one of this module, such as `keyword_gone`; it takes the change with its operation, and the call.
    The result is None for changes that do not concern code with the SDK (`info`), and for removed, moved and renamed
    operations, which break at the lookup of the method.
    """
    kind, place = change.id, change.location
    if change.sdk is INFO or kind in GONE or place.callback or kind in NAMES - KEYWORDS_GONE:
        return None
    if kind == "form.became-body":
        return form_passed
    if place.response:
        whole = not place.member and (kind in WHOLE_ANSWERS or kind in TYPES)
        return answer_used if whole and _success(place.response) else None
    if place.place and kind.startswith("default."):
        return default_relied_on
    if kind in KEYWORDS_GONE or kind in KEYWORDS_MISSING:
        return keyword_gone if kind in KEYWORDS_GONE else keyword_missing
    if place.place and kind in MEMBERS:
        return member_sent
    if place.place:
        return value_refused
    return unsure_verdict if change.sdk is BREAKING and place.path else None


def on_read(change: Change) -> Callable[[OperationChange, Read], CallVerdict | None] | None:
    """Return the function that decides whether the change breaks a read of the response; None if it breaks no read.

    Only changes of the body of a success break a read, and only those that code with the SDK notices.
    """
    place = change.location
    if change.sdk is INFO or not _success(place.response) or place.header or place.callback:
        return None
    return answer_read if change.id in SEEN_BY_READERS or change.id in TYPES else None


def _success(status: str) -> bool:
    return status.startswith("2") or status == "default"
