"""Define the state of reading an OpenAPI 3 document: the place in it, its problems, and the schemas to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ovcgen.documents.document import Document, Json, Problem
from ovcgen.documents.errors import printable
from ovcgen.documents.pointers import json_pointer, printable_pointer
from ovcgen.documents.repair.context import excerpt
from ovcgen.model.readers.openapi3.references import Path, References

IGNORED = "it is ignored"
LEFT_OUT = "it is left out"
ANYTHING = "it may be anything (`Any`)"
SCHEMAS = ("components", "schemas")
Body = Mapping[str, Any]


class DocumentState:
    """The state of reading one document, which all its places share.

    Attributes:
        document: The document.
        version: The minor version of OpenAPI, such as `3.1`.
        texts: How numbers are written in the document's text, by path.
        references: Finds the targets of references.
        definitions: The path of each schema that references lead to, by its name. Schemas that are added while the
            operations are read are read last.
        shared: Values read from places that references lead to, by kind and path.
        problems: The problems so far, as keys in the order of their discovery.
        nullable: The places of the keyword `nullable` in versions that do not have it; they are one problem together.
        operation_ids: The first operation and place of each operationId.
    """

    def __init__(self, document: Document, version: str, texts: Mapping[tuple[str, ...], str]) -> None:
        self.document = document
        self.version = version
        self.texts = texts
        self.references = References(document, has_identifiers=version != "3.0")
        self.definitions: dict[str, Path] = {}
        self.shared: dict[tuple[str, Path], Any] = {}
        self.problems: dict[Problem, None] = {}
        self.nullable: list[DocumentPlace] = []
        self.operation_ids: dict[str, tuple[str, Path]] = {}

    @property
    def is_3_0(self) -> bool:
        """Return whether schemas follow OpenAPI 3.0 instead of JSON Schema 2020-12."""
        return self.version == "3.0"

    def all_problems(self) -> tuple[Problem, ...]:
        """Return the problems that were noted, sorted by place. Call it once, after everything is read."""
        for place, *others in [self.nullable] if self.nullable else []:
            more = f" (here and {len(others)} times more)" if others else ""
            place.note(f"OpenAPI {self.version} has no `nullable`{more}", "read as the type `null`")
        return tuple(sorted(self.problems, key=lambda problem: problem.pointer))

    def definition(self, path: Path) -> str:
        """Return the name of the definition for the schema at a path, and remember to read that schema.

        The name is that in `components/schemas`; a schema elsewhere is named by the reference to it, such as
        `#/paths/...`.
        """
        is_named = len(path) == len(SCHEMAS) + 1 and path[:-1] == SCHEMAS and not path[-1].startswith("#")
        name = path[-1] if is_named else f"#{json_pointer(path)}"
        self.definitions.setdefault(name, path)
        return name


class DocumentPlace:
    """A place in the document that is read. `place / step` is the place of a member or item inside.

    Attributes:
        state: The state of reading the document.
        outer: The place around this one; None for the root.
        step: The key or index of this place in the outer one.
    """

    __slots__ = ("outer", "state", "step")

    def __init__(self, state: DocumentState, outer: DocumentPlace | None = None, step: str | int = "") -> None:
        self.state = state
        self.outer = outer
        self.step = step

    def __truediv__(self, step: str | int) -> DocumentPlace:
        return DocumentPlace(self.state, self, step)

    @property
    def path(self) -> Path:
        """Return the keys and indexes that lead from the root of the document to this place."""
        steps: list[str] = []
        place = self
        while place.outer is not None:
            steps.append(str(place.step))
            place = place.outer
        return tuple(reversed(steps))

    def at(self, path: Path) -> DocumentPlace:
        """Return the place at a path from the root of the document. This place only gives the document."""
        place = DocumentPlace(self.state)
        for step in path:
            place = place / step
        return place

    def note(self, what: str, done: str) -> None:
        """Report a problem at this place: `what` is wrong, and what is `done` about it.

        Both are phrases, such as `it is no list` and `it is ignored`.
        """
        self.state.problems[Problem(printable_pointer(self.path), printable(what, 200), done)] = None

    def text(self, value: Json) -> str:
        """Return the value at this place as text: a number or boolean as it is written in the document, "" for null.

        A number or boolean is reported. An object or list is reported, too, and gives "".
        """
        if isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            text = self.state.texts.get(self.path, json.dumps(value))
            self.note(f"{text} is no text", f"read as {text!r}")
            return text
        if value is not None:
            self.note(f"{excerpt(value)} is no text", IGNORED)
        return ""

    def member(self, body: Body, key: str) -> str:
        """Return the member `key` of the object `body` at this place as text (see `text`); "" if it is absent."""
        value = body.get(key)
        return value if isinstance(value, str) else "" if value is None else (self / key).text(value)

    def flag(self, body: Body, key: str, *, default: bool = False) -> bool:
        """Return the member `key` of the object `body` at this place as a boolean; `default` if it is absent or null.

        Other values are reported: the texts `true` and `false` are read as booleans, the rest as `default`.
        """
        value = body.get(key)
        if isinstance(value, bool):
            return value
        if value is None:
            return default
        meant = {"true": True, "false": False}.get(str(value).lower(), default)
        (self / key).note(f"{excerpt(value)} is no boolean", f"read as {str(meant).lower()}")
        return meant

    def objects(self, body: Body, key: str, *, extensible: bool = False) -> dict[str, Any]:
        """Return the member `key` of the object `body` at this place, which has to be an object.

        The result is {} if it is absent or null, or of another type, which is reported. `extensible` says that keys
        which begin with `x-` are extensions, and left out: in `paths`, not in `headers`.
        """
        value = body.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            (self / key).note(f"{excerpt(value)} is no object", IGNORED)
            return {}
        return {name: inner for name, inner in value.items() if not (extensible and name.startswith("x-"))}

    def entries(self, body: Body, key: str, *, extensible: bool = False) -> Iterator[tuple[str, DocumentPlace, Body]]:
        """Yield (name, place, value) of the objects in the object `key` of `body`, as `objects` reads it.

        Values that are no objects are reported and left out.
        """
        for name, value in self.objects(body, key, extensible=extensible).items():
            at = self / key / name
            if isinstance(value, dict):
                yield name, at, value
            else:
                at.note(f"{excerpt(value)} is no object", LEFT_OUT)

    def array(self, body: Body, key: str) -> list[Any]:
        """Return the member `key` of the object `body` at this place, which has to be a list.

        The result is [] if it is absent or null, or of another type, which is reported.
        """
        value = body.get(key)
        if isinstance(value, list):
            return value
        if value is not None:
            (self / key).note(f"{excerpt(value)} is no list", IGNORED)
        return []

    def names(self, body: Body, key: str) -> tuple[str, ...]:
        """Return the texts in the list `key` of the object `body` at this place; () if there is no list.

        A value that is no list is reported. Items that are numbers or booleans are reported and read as text; others
        are reported and left out.
        """
        return tuple(self._texts(key, self.array(body, key)))

    def _texts(self, key: str, values: list[Any]) -> Iterator[str]:
        for number, value in enumerate(values):
            if isinstance(value, str):
                yield value
            elif isinstance(value, bool | int | float):
                yield (self / key / number).text(value)
            else:
                (self / key / number).note(f"{excerpt(value)} is no text", LEFT_OUT)

    def followed(self, value: Json) -> tuple[DocumentPlace, Json]:
        """Return (place, value) of an object, or of the target if it is a Reference Object; not for schemas.

        References to references are followed. If one leads nowhere, to null or in a circle, this is reported, and the
        value is None.
        """
        place, passed = self, set[Path]()
        while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
            path = place.state.references.target(reference, place.path)
            if path is None or path in passed or place.state.references.value(path) is None:
                what = "leads in a circle" if path in passed else "leads to null" if path else "leads nowhere"
                (place / "$ref").note(f"the reference {excerpt(reference)} {what}", LEFT_OUT)
                return place, None
            passed.add(path)
            place, value = self.at(path), place.state.references.value(path)
        return place, value
