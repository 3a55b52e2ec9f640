"""Define a change: one difference between two releases, with its location and its verdicts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from enum import IntEnum

from ovcgen.diff.sanitize import quoted
from ovcgen.model.schema import Constant, Json

PLACES = {
    "formData": "Form parameter",
    "query": "Query parameter",
    "path": "Path parameter",
    "header": "Header",
    "cookie": "Cookie",
}

WIRE_WORDS = {"place": "in", "member": "property", "variant": "member"}


class Level(IntEnum):
    """How bad a change is: INFO (0), WARNING (1) or BREAKING (2). Levels can be compared; larger is worse."""

    INFO = 0
    WARNING = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        """Return `breaking`, `warning` or `info`, the level in lower case."""
        return self.name.lower()


INFO, WARNING, BREAKING = Level.INFO, Level.WARNING, Level.BREAKING


@dataclass(frozen=True, slots=True)
class Location:
    """A record of the location of a change, in wire names. Fields that do not apply are empty strings.

    Attributes:
        path, method: The operation: its path in the document and its verb in upper case.
        place: `in` of the parameter: `query`, `formData`, `path`, `header`, `cookie`, `querystring` or `body`.
        name: The parameter's wire name; empty inside of a body, because a body's name is not sent.
        response: The status of a response.
        header: The name of a response's header.
        member: A path inside of a schema, such as `disks[].size`; `*` stands for the values of a map, and `[0]` for the
            first item of a list whose items are described by position. The JSON output calls it `property`.
        constraint: A keyword such as `maximum` or `pattern`.
        security: The name of a security scheme.
        field: A key of the security scheme, the pattern of the names of members, or the URL of a callback.
        scope: An OAuth2 scope of the security scheme.
        definition: The name of a definition.
        media_type: The media type of the body, if it has several and not all have the change.
        variant: The member of a union (`oneOf`, `anyOf`): the name of its definition, else its type. The JSON output
            calls it `member`.
        callback, callback_method: The name of a callback of the operation, and the verb of its request.
        webhook: The name of a webhook; `method` is the verb of its request.
        server: The URL of a server, as written.
        link: The name of a link of a response.
    """

    path: str = ""
    method: str = ""
    place: str = ""
    name: str = ""
    response: str = ""
    header: str = ""
    member: str = ""
    constraint: str = ""
    security: str = ""
    field: str = ""
    scope: str = ""
    definition: str = ""
    media_type: str = ""
    variant: str = ""
    callback: str = ""
    callback_method: str = ""
    webhook: str = ""
    server: str = ""
    link: str = ""

    @property
    def operation(self) -> str | None:
        """Return method and path, as in `POST /pets/orders`; None for a change of the whole API or of a webhook."""
        return f"{self.method} {self.path}" if self.path else None

    @property
    def subject(self) -> str:
        """Return the subject of a sentence about this location, as in "Property `size` of the body".

        For an operation it is "The call", for the whole API "The API". Names stand between backticks; long ones are
        cut.
        """
        whole = f"{self._holder()}{self._kind()}"
        if not self.member:
            return whole
        inner = whole[0].lower() + whole[1:]
        if self.member.endswith("]"):
            holder, _, number = self.member.removesuffix("]").rpartition("[")
            item = f"Item {number}" if number else "Each item"
            return f"{item} of {inner}" if not holder else f"{item} of property {quoted(holder)} of {inner}"
        return f"Property {quoted(self.member)} of {inner}"

    def _kind(self) -> str:
        """Return the media type and the member of a union, as in ` as "text/plain"` and ` of the kind "Cat"`."""
        media_type = f" as {quoted(self.media_type)}" if self.media_type else ""
        return media_type + (f" of the kind {quoted(self.variant)}" if self.variant else "")

    def _holder(self) -> str:
        if self.callback or self.webhook:
            return self._received()
        if self.link:
            return f"Link {quoted(self.link)} of answer {quoted(self.response)}"
        if self.server:
            variable = f"Variable {quoted(self.name)} of server" if self.name else "Server"
            return f"{variable} {quoted(self.server)}"
        return self._sent()

    def _received(self) -> str:
        """Return the subject for something in a callback or webhook."""
        what = f"callback {quoted(self.callback)}" if self.callback else f"webhook {quoted(self.webhook)}"
        inner = replace(self, callback="", callback_method="", webhook="", path="", definition="")._sent()
        if inner == "The API":
            return what[0].upper() + what[1:]
        return f"{inner} of {what}"

    def _sent(self) -> str:
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
        """Return the absolute location for `inner`, which is relative to this location.

        `member` of both is joined; of every other field, a value of `inner` replaces that of this location.
        """
        said = {name: value for name in NAMES if (value := getattr(inner, name))}
        return replace(self, **{**said, "member": joined(self.member, inner.member)}) if said else self

    def pairs(self) -> dict[str, str]:
        """Return the fields that are not empty, by their names in the JSON output.

        There, `place` is called `in`, `member` is `property`, and `variant` is `member`; the others keep their names.
        """
        return {WIRE_WORDS.get(name, name): value for name in NAMES if (value := getattr(self, name))}


HERE = Location()
NAMES = tuple(field.name for field in fields(Location))


def joined(outer: str, inner: str) -> str:
    """Return the path of `inner` inside of a schema, where `inner` is relative to the path `outer`.

    The result is `disks[]` for `disks` and `[]`, and `disks[].size` for `disks[]` and `size`. If one of both is "", it
    is the other one.
    """
    dot = "." if outer and inner and not inner.startswith("[") else ""
    return f"{outer}{dot}{inner}"


@dataclass(frozen=True, slots=True)
class Change:
    """A record of one difference between two releases.

    Attributes:
        id: The kind of the change, as in `parameter.removed`.
        wire: The verdict on HTTP: whether requests that worked still work.
        sdk: The verdict on Python code: whether code written for the old release's SDK works with the new SDK.
        location: Where it is: the operation, and the parameter, response or schema in it.
        pointer: A JSON pointer into the new document, or into the old one for something removed. Parameters have their
            name in it instead of an index, because their order has no meaning.
        message: What happened, as a sentence.
        before, after: The value in the old and in the new release; None if there is none.
        hint: What to do, as a sentence; "" for none.
        confidence: From 0 to 1, for a guessed rename; None otherwise.
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
    confidence: float | None = None

    @property
    def level(self) -> Level:
        """Return the verdict on HTTP, by which reports group changes."""
        return self.wire

    @property
    def operation(self) -> str | None:
        """Return method and path, as in `POST /pets/orders`; None for a change of the whole API or of a webhook."""
        return self.location.operation

    @property
    def fingerprint(self) -> str:
        """Return 12 hex digits that identify the change by its kind, location and values.

        Message, hint, pointer, verdicts and confidence do not count.
        """
        values = [constant and constant.text for constant in (self.before, self.after)]
        identity = json.dumps([self.id, self.location.pairs(), values], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()[:12]

    @property
    def order(self) -> tuple[object, ...]:
        """Return the sort key of a change: path and verb, then the kind, then all other parts."""
        where = tuple(getattr(self.location, name) for name in NAMES)
        values = tuple("" if constant is None else constant.text for constant in (self.before, self.after))
        return (*where[:2], self.id, *where[2:], *values, self.pointer, self.message, self.hint)

    def as_json(self) -> dict[str, Json]:
        """Return the change as an object of the JSON output; `ovcgen diff --schema` describes it.

        `level` is the verdict on HTTP. `operation`, `from`, `to` and `hint` are null if there is none, and `confidence`
        is left out if the change is no guess.
        """
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
