"""One difference between two releases, as a value: what, where, how bad, what to do."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from enum import IntEnum

from ovcgen.diff.sanitize import quoted
from ovcgen.model.schema import Constant, Json

PLACES = {"formData": "Form parameter", "query": "Query parameter", "path": "Path parameter", "header": "Header"}

WIRE_WORDS = {"place": "in", "member": "property"}


class Level(IntEnum):
    """How bad a change is; the larger, the worse."""

    INFO = 0
    WARNING = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        """`breaking`, `warning` or `info`."""
        return self.name.lower()


INFO, WARNING, BREAKING = Level.INFO, Level.WARNING, Level.BREAKING


@dataclass(frozen=True, slots=True)
class Location:
    """Where something changed, in the wire's own names; what does not apply is empty.

    `member` is a path inside a shape: `disks[].size`, with `*` for the values of a map. What is inside a body has no
    `name`, since a body's name is not on the wire.
    """

    path: str = ""
    method: str = ""
    place: str = ""  # `in`: query, formData, path, header, body
    name: str = ""
    response: str = ""
    header: str = ""
    member: str = ""  # `property`: a path inside a shape
    constraint: str = ""  # maximum, pattern, ...
    security: str = ""  # a way to log in
    field: str = ""  # what of it
    scope: str = ""
    definition: str = ""

    @property
    def operation(self) -> str | None:
        """`POST /pets/orders`, or None for a change of the whole API."""
        return f"{self.method} {self.path}" if self.path else None

    @property
    def subject(self) -> str:
        """How a sentence names it."""
        whole = self._holder()
        if not self.member:
            return whole
        inner = whole[0].lower() + whole[1:]
        if self.member.endswith("[]"):
            holder = self.member.removesuffix("[]")
            return f"Each item of {inner}" if not holder else f"Each item of property {quoted(holder)} of {inner}"
        return f"Property {quoted(self.member)} of {inner}"

    def _holder(self) -> str:
        if self.header:
            return f"Header {quoted(self.header)} of answer {quoted(self.response)}"
        if self.response:
            return f"Answer {quoted(self.response)}"
        if self.place == "body":
            return "The body"
        if self.place:
            return f"{PLACES.get(self.place, 'Parameter')} {quoted(self.name)}"
        if self.path:
            return "The call"
        if self.security:
            return f"Login {quoted(self.security)}"
        return f"Definition {quoted(self.definition)}" if self.definition else "The API"

    def within(self, inner: Location) -> Location:
        """The place `inner`, which is told relative to this one."""
        said = {name: value for name in NAMES if (value := getattr(inner, name))}
        return replace(self, **{**said, "member": joined(self.member, inner.member)}) if said else self

    def pairs(self) -> dict[str, str]:
        """What is known of it, in the words of the json output."""
        return {WIRE_WORDS.get(name, name): value for name in NAMES if (value := getattr(self, name))}


HERE = Location()
NAMES = tuple(field.name for field in fields(Location))


def joined(outer: str, inner: str) -> str:
    """`disks` and `[]` make `disks[]`; that and `size` make `disks[].size`."""
    dot = "." if outer and inner and not inner.startswith("[]") else ""
    return f"{outer}{dot}{inner}"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two releases.

    `wire` says whether an HTTP call that worked still works, `sdk` whether Python code written for the old release's
    SDK still runs with the new one. `pointer` is a JSON pointer into the new document, or into the old one for what is
    gone; parameters stand in it by name, since their order means nothing.
    """

    id: str
    wire: Level
    sdk: Level
    location: Location
    pointer: str
    message: str
    before: Constant | None = None
    after: Constant | None = None
    hint: str = ""
    confidence: float | None = None  # how sure it is that both are the same thing, where that is a guess

    @property
    def level(self) -> Level:
        """The verdict that reports group changes by: the wire's."""
        return self.wire

    @property
    def operation(self) -> str | None:
        """`POST /pets/orders`, or None for a change of the whole API."""
        return self.location.operation

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that stay the same however the change is worded."""
        values = [constant and constant.text for constant in (self.before, self.after)]
        identity = json.dumps([self.id, self.location.pairs(), values], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()[:12]

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts by operation, then kind, then place."""
        where = tuple(getattr(self.location, name) for name in NAMES)
        values = tuple("" if constant is None else constant.text for constant in (self.before, self.after))
        return (*where[:2], self.id, *where[2:], *values, self.pointer, self.message, self.hint)

    def as_json(self) -> dict[str, Json]:
        """The change as the json output shows it."""
        return {
            "id": self.id,
            "level": self.level.word,
            "wire": self.wire.word,
            "sdk": self.sdk.word,
            "operation": self.operation,
            "location": self.location.pairs(),
            "pointer": self.pointer,
            "from": self.before and self.before.value,
            "to": self.after and self.after.value,
            "message": self.message,
            "hint": self.hint or None,
            "fingerprint": self.fingerprint,
            **({} if self.confidence is None else {"confidence": self.confidence}),
        }
