"""What has to be true of a call for a change to break it: one function a family of kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ovcgen.diff.change import BREAKING, INFO, Change
from ovcgen.diff.sanitize import quoted
from ovcgen.impact.compatibility import Fit, fit, kind_of
from ovcgen.impact.release_pair import Releases
from ovcgen.model.api import Operation
from ovcgen.model.schema import Array, Map, Record, Scalar, Schema
from ovcgen.usage.usages import OperationCall, Read
from ovcgen.usage.values import ANYTHING, Atom, ConstantValue, DictValue, Known

SECRET = ("pass", "secret", "key", "token")
SHOWN = 40
KINDS = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "True or False", "list": "a list"}


@dataclass(frozen=True, slots=True)
class CallVerdict:
    """That a change breaks a call, or that it may (`sure` is False), and why; `fix` where that depends on the call."""

    reason: str
    sure: bool = True
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A change, with the operation that it is about in both releases; `new` is None where it is gone."""

    change: Change
    old: Operation
    new: Operation | None
    releases: Releases

    @property
    def key(self) -> str:
        """The Python keyword that the change is about."""
        told = self.change.location
        for operation in (self.old, self.new):
            for parameter in operation.parameters if operation else ():
                if parameter.location == told.place and (
                    parameter.name == told.name or (told.place == "body" and not told.name)
                ):
                    return parameter.key
        return told.name

    @property
    def called(self) -> str:
        """How the sentence begins."""
        return f"{self.old.dotted}()"


def keyword_gone(case: Case, call: OperationCall) -> CallVerdict | None:
    """A keyword that the new release does not take breaks those who pass it."""
    given = call.given.keyword(case.key)
    if given is None:
        unsure = f"whether it passes {quoted(case.key)}, which {case.releases.new} does not take, can't be seen"
        return CallVerdict(unsure, sure=False) if call.given.open else None
    return CallVerdict(f"{case.called} takes no {quoted(case.key)} in {case.releases.new}, and this call passes it.")


def keyword_missing(case: Case, call: OperationCall) -> CallVerdict | None:
    """A keyword that must be passed breaks those who leave it out."""
    parameter = case.new and next((parameter for parameter in case.new.parameters if parameter.key == case.key), None)
    if call.given.keyword(case.key) is not None or (parameter and parameter.default is not None):
        return None
    if call.given.open:
        return CallVerdict(f"whether it passes {quoted(case.key)}, which has to be passed, can't be seen", sure=False)
    return CallVerdict(
        f"{case.called} wants {quoted(case.key)} in {case.releases.new}, and this call does not pass it."
    )


def default_relied_on(case: Case, call: OperationCall) -> CallVerdict | None:
    """What a keyword counts as when it is left out concerns those who leave it out."""
    if case.change.location.member or call.given.keyword(case.key) is not None:
        return None
    if call.given.open:
        return CallVerdict(f"whether it passes {quoted(case.key)}, whose default changes, can't be seen", sure=False)
    return CallVerdict(f"This call leaves {quoted(case.key)} out: it {_lower(case.change.message)}")


def _lower(message: str) -> str:
    """`Form parameter x counts as ...` from its verb on."""
    for verb in ("counts as", "has no default"):
        if verb in message:
            return message[message.index(verb) :]
    return message


def value_refused(case: Case, call: OperationCall) -> CallVerdict | None:
    """A narrower parameter breaks those whose value is outside of it now."""
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
    surface = case.releases.surface
    fitted = frozenset(atom for atom in value if fit(frozenset({atom}), old, surface)[0] is not Fit.NO)
    verdict, culprit = fit(fitted, new, surface)
    if verdict is Fit.YES:
        return None
    if verdict is Fit.PERHAPS or culprit is None:
        return CallVerdict(f"{case.releases.new} takes {_described(new)} for {quoted(case.key)}", sure=False)
    passed = _shown(culprit, case)
    says = f"{case.called} takes {_described(new)} for {quoted(case.key)} now; this call passes {passed}."
    return CallVerdict(says, fix=_pass_instead(culprit, new, case))


def _pass_instead(culprit: Atom, schema: Schema, case: Case) -> str:
    """What to write, where the same value can be said in another type."""
    if not isinstance(schema, Scalar) or schema.kind != "integer" or kind_of(culprit, case.releases.surface) != "str":
        return f"Pass {_described(schema)}."
    text = culprit.value if isinstance(culprit, ConstantValue) else ""
    number = str(int(text)) if text.isascii() and text.isdigit() else "int(...)"
    return f"Pass {quoted(f'{case.key}={number}')}."


def _inside(value: Known, member: str) -> Known:
    """What is at that path of dicts and lists that stand in the source; anything where that can't be followed."""
    for step in member.replace("[]", "").split(".") if member else ():
        found: set[Atom] = set()
        for atom in value:
            entry = atom.entry(step) if isinstance(atom, DictValue) else None
            found |= entry.value if entry else ANYTHING
        value = frozenset(found)
    return value if "[]" not in member else ANYTHING


def _shown(atom: Atom, case: Case) -> str:
    kind = kind_of(atom, case.releases.surface)
    named = KINDS.get(kind, f"a {kind}" if kind else "something else")
    secret = any(word in case.key.lower() for word in SECRET)
    if isinstance(atom, ConstantValue) and not secret and len(repr(atom.value)) <= SHOWN:
        return quoted(repr(atom.value))
    return named


def _described(schema: Schema) -> str:
    if schema.traits.enum:
        return f"one of {', '.join(quoted(constant.text) for constant in schema.traits.enum)}"
    names = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "True or False"}
    match schema:
        case Scalar(kind):
            words = names[kind]
        case Array():
            words = "a list"
        case Map() | Record():
            words = "a dict"
        case _:
            words = "something else"
    limits = ", ".join(f"{name} {limit.text}" for name, limit in schema.traits.constraints)
    return f"{words} ({limits})" if limits else words


def member_sent(case: Case, call: OperationCall) -> CallVerdict | None:
    """A member of a body that is gone breaks those who send it; one that is wanted, those who don't."""
    outer, _, name = case.change.location.member.rpartition(".")
    given = call.given.keyword(case.key)
    if given is None:
        return CallVerdict("what it sends can't be seen", sure=False) if call.given.open else None
    gone = case.change.id in ("property.removed", "property.renamed")
    for atom in _inside(given, outer):
        if not isinstance(atom, DictValue) or (atom.open and atom.entry(name) is None):
            return CallVerdict(f"whether what it sends has {quoted(name)} can't be seen", sure=False)
        if (atom.entry(name) is not None) is gone:
            verb = (
                "is not taken any more, and this call sends it" if gone else "is wanted, and this call does not send it"
            )
            return CallVerdict(f"{quoted(name)} in {quoted(case.key)} of {case.called} {verb}.")
    return None


def answer_read(case: Case, read: Read) -> CallVerdict | None:
    """A changed piece of an answer concerns those who read it."""
    member = case.change.location.member
    inside = read.member == member or read.member.startswith((f"{member}.", f"{member}["))
    if case.change.id == "property.became-optional" and not (read.strict and read.member == member):
        return None
    if not inside or not member:
        return None
    says = case.change.message.partition(" of answer ")[2].partition(" ")[2] or "has changed."
    return CallVerdict(f"This reads {quoted(member)} of what {case.called} answers, which {says}")


def answer_used(case: Case, call: OperationCall) -> CallVerdict | None:
    """A whole answer that is gone, or is something else, concerns those who do something with it."""
    if not call.used or case.change.location.member:
        return None
    return CallVerdict(f"This uses what {case.called} answers: {case.change.message}")


def anything(case: Case, _call: OperationCall) -> CallVerdict | None:
    """Of what is not about what a call says, nobody can tell from the call."""
    return CallVerdict(f"{case.change.message} Look whether that concerns you", sure=False)


OnCall = Callable[[Case, OperationCall], CallVerdict | None]
GONE = {"operation.removed", "operation.renamed", "operation.moved"}
KEYWORDS_GONE = {"parameter.removed", "parameter.renamed", "path-parameter.renamed", "body.removed", "body.renamed"}
KEYWORDS_MISSING = {
    "parameter.added-required",
    "parameter.became-required",
    "body.added-required",
    "body.became-required",
}
MEMBERS = {"property.added-required", "property.became-required", "property.removed", "property.renamed"}
WHOLE_ANSWERS = {"response.removed", "response.schema-removed"}
SEEN_BY_READERS = {"property.removed", "property.renamed", "property.became-optional", "nullable.added"}
TYPES = {"type.changed", "type.narrowed", "type.widened", "format.changed"}


def on_call(change: Change) -> OnCall | None:
    """What to ask of a call about that change; None where calls don't feel it."""
    kind, place = change.id, change.location
    if change.sdk is INFO or kind in GONE:
        return None
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
    return anything if change.sdk is BREAKING and place.path else None


def on_read(change: Change) -> Callable[[Case, Read], CallVerdict | None] | None:
    """What to ask of those who read a piece of an answer."""
    if change.sdk is INFO or not _success(change.location.response) or change.location.header:
        return None
    return answer_read if change.id in SEEN_BY_READERS or change.id in TYPES else None


def _success(status: str) -> bool:
    return status.startswith("2") or status == "default"
