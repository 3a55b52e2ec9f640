"""Resolve references to files beside a document: their targets are copied into the document.

Files are read by a function that the caller passes. References to URLs, absolute paths and files above the document's
folder are never followed. They stay unchanged; later, `repair` warns about them or `refuse_hostile` refuses them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from ovcgen.documents.document import Json, Problem
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.pointers import anchor_path, at, json_pointer, steps
from ovcgen.documents.reference_locations import MAPPING, Layout, layout_of
from ovcgen.documents.repair.context import is_address
from ovcgen.errors import SpecRefused

Path = tuple[str, ...]
Read = Callable[[str], Loaded | None]


@dataclass(frozen=True, slots=True)
class Target:
    """A record of where a reference leads: a file, and the place in the file.

    Attributes:
        file: The file's path, relative to the document's folder; "" for the document itself.
        path: The keys and list indexes that lead to the place inside the file; () for the whole file.
    """

    file: str
    path: Path


def with_referenced_files(loaded: Loaded, name: str, read: Read) -> Loaded:
    """Return the document with everything that it references in other files copied into it, also by way of these files.

    References to these files become references within the document. A copied value has the name of the document's
    section entry that is nothing but a reference to it, else its name in the file, or for a whole file the file's name
    without suffix. If that name is taken, it is `<file>_<name>`, then `<file>_<name>_2`. Path items, and sections that
    are in a file as a whole, are put in the place of the reference.

    A reference stays as it is if its target can't be found, or is a URL, an absolute path or a file above the
    document's folder. `faults` of the result has, in addition to those of `loaded`, the problems of the files, and each
    file that `read` refuses with SpecRefused; other errors of `read` are raised. Without references to files the result
    is `loaded` itself.

    Args:
        loaded: The document as read.
        name: The document's own file name; other files may refer back to it.
        read: Reads a file by its path relative to the document's folder; returns None if the file does not exist. It is
            called once for each file.
    """
    return _Joining(loaded, name, read, layout_of(loaded.document)).joined()


@dataclass(slots=True)
class _Joining:
    """Copies the referenced files into one document."""

    loaded: Loaded
    name: str
    read: Read
    layout: Layout
    files: dict[str, Loaded | None] = field(default_factory=dict)
    names: dict[tuple[str, Target], str] = field(default_factory=dict)
    sections: dict[str, dict[str, Json]] = field(default_factory=dict)
    waiting: list[tuple[str, Target, str]] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)
    places: dict[str, list[Path]] = field(default_factory=dict)

    def joined(self) -> Loaded:
        """Return the complete document."""
        document = dict(self.loaded.document)
        container = document.get(self.layout.container, {}) if self.layout.container else document
        for section in self.layout.sections.values():
            named = container.get(section) if isinstance(container, dict) else None
            if isinstance(named, dict):
                self.sections[section] = {**self._elsewhere(named), **named}
        for kind, section in self.layout.sections.items():
            for name, value in self.sections.get(section, {}).items():
                self._adopted(kind, name, value)
        result: dict[str, Any] = self._changed(document, "document", "", ())
        copied: dict[str, dict[str, Json]] = {}
        while self.waiting:
            kind, target, name = self.waiting.pop()
            path = (*self.layout.section_path(self.layout.sections[kind]), name)
            content = self._changed(self._copied(target, path), kind, target.file, path)
            copied.setdefault(self.layout.sections[kind], {})[name] = content
        if not self.files:
            return self.loaded
        self._add(result, copied)
        others = [file for file in self.files.values() if file]
        return replace(
            self.loaded,
            document=result,
            texts={**self.loaded.texts, **self.texts},
            faults=(*self.loaded.faults, *self.faults),
            unquoted=self.loaded.unquoted or any(other.unquoted for other in others),
        )

    def _add(self, document: dict[str, Any], copied: Mapping[str, Mapping[str, Json]]) -> None:
        """Add the copied values to the sections of the changed document."""
        container = document
        if self.layout.container and copied:
            container = document[self.layout.container] = dict(document.get(self.layout.container) or {})
        for section, values in copied.items():
            container[section] = {**container.get(section, {}), **values}

    def _adopted(self, kind: str, name: str, value: Json) -> None:
        """Remember the document's own name for a target.

        It has one if a named schema, parameter or response is nothing but a reference to that target.
        """
        if isinstance(value, dict) and value.keys() == {"$ref"} and isinstance(value["$ref"], str):
            target = self._target(value["$ref"], "")
            if target and target.file and (kind, target) not in self.names:
                self.names[kind, target] = name
                self.waiting.append((kind, target, name))

    def _changed(self, value: Json, kind: str, file: str, path: Path) -> Json:
        """Return the value with references to files replaced by references within the document.

        Args:
            value: The value.
            kind: Its kind, a key of `Layout.inside`.
            file: The file that it comes from.
            path: Where it will stand in the document.
        """
        if isinstance(value, list):
            kind = "schema" if kind == "items" else self.layout.inside[kind].get("*", "")
            return [
                self._changed(item, kind, file, (*path, str(number))) if kind else item
                for number, item in enumerate(value)
            ]
        if kind == MAPPING and isinstance(value, str):
            target = self._target(value, file)
            return value if target is None else self._named("schema", target)
        if not isinstance(value, dict):
            return value
        kind = "schema" if kind == "items" else kind
        reference = value.get("$ref")
        is_section = self.layout.is_section(path)
        if isinstance(reference, str) and (kind in self.layout.sections or kind == "path" or is_section):
            target = self._target(reference, file)
            if target and target.file and (kind == "path" or is_section):
                return self._inlined(value, target, kind, path)
            if target and not is_section:
                value = {**value, "$ref": self._named(kind, target)}
        inside = self.layout.inside.get(kind, {})
        return {
            key: self._changed(member, inner, file, (*path, key))
            if (inner := inside.get(key, inside.get("*")))
            else member
            for key, member in value.items()
        }

    def _elsewhere(self, value: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the names of a section that is a reference to another file as a whole."""
        reference = value.get("$ref")
        target = self._target(reference, "") if isinstance(reference, str) else None
        content = at(self._document(target.file), target.path) if target else {}
        return content if isinstance(content, dict) else {}

    def _inlined(self, value: Mapping[str, Json], target: Target, kind: str, path: Path) -> Json:
        """Return the content of a path item or section from another file.

        References to references are followed until they repeat.
        """
        passed = {target}
        content, file = self._copied(target, path), target.file
        while isinstance(content, dict) and isinstance(content.get("$ref"), str):
            following = self._target(content["$ref"], file)
            if following is None or following in passed:
                break
            passed.add(following)
            content, file = self._copied(following, path), following.file
        own = {key: member for key, member in value.items() if key != "$ref"}
        found = self._changed(content, kind, file, path) if isinstance(content, dict) else {}
        return {**found, **own}

    def _target(self, reference: str, file: str) -> Target | None:
        """Return the target of a reference in that file; None to leave it unchanged: not a file, or nothing there."""
        name, _, fragment = reference.removeprefix(self._base()).partition("#")
        if is_address(name) or (not name and not file):
            return None
        try:
            where = _beside(unquote(name), file) if name else file
            where = "" if where == self.name else where
            target = Target(where, self._path(where, unquote(fragment)))
            at(self._document(target.file), target.path)
        except LookupError:
            return None
        return target

    def _base(self) -> str:
        """Return the folder of the document's own URL (`$self`), whose files are beside it too; "" for none."""
        own = self.loaded.document.get("$self")
        return own[: own.rindex("/") + 1] if isinstance(own, str) and is_address(own) else ""

    def _path(self, file: str, fragment: str) -> Path:
        """Return the steps to a JSON pointer or `$anchor` in a file; raise LookupError if there is no such anchor."""
        if not fragment or fragment.startswith("/"):
            return steps(fragment)
        return anchor_path(self._document(file), fragment)

    def _document(self, file: str) -> Json:
        """Return the content of a file; raise LookupError if it can't be read."""
        if not file:
            return self.loaded.document
        if file not in self.files:
            self.files[file] = self._read(file)
        loaded = self.files[file]
        if loaded is None:
            raise LookupError(file)
        return loaded.document

    def _read(self, file: str) -> Loaded | None:
        try:
            loaded = self.read(file)
        except SpecRefused as error:
            self.faults.append(Problem("", error.what.rstrip("."), "references to that file are not followed"))
            return None
        for problem in loaded.problems if loaded else ():
            self.faults.append(replace(problem, what=f"{problem.what}, in {file}"))
        return loaded

    def _named(self, kind: str, target: Target) -> str:
        """Return the reference within the document to a target, which is copied later if it is not there yet."""
        if not target.file:
            return f"#{_in_reference(target.path)}"
        if (kind, target) not in self.names:
            name = self._free_name(self.layout.sections[kind], target)
            self.names[kind, target] = name
            self.sections.setdefault(self.layout.sections[kind], {})[name] = None
            self.waiting.append((kind, target, name))
        section = self.layout.section_path(self.layout.sections[kind])
        return f"#{_in_reference((*section, self.names[kind, target]))}"

    def _free_name(self, section: str, target: Target) -> str:
        """Return an unused name for a target: the last step of its path, or its file name.

        If the document uses that name already, the file name is put before it, and then a number after it.
        """
        stem = PurePosixPath(target.file).stem
        wish = target.path[-1] if target.path else stem
        taken = self.sections.get(section, {})
        candidates = [wish, f"{stem}_{wish}", *(f"{stem}_{wish}_{number}" for number in range(2, len(taken) + 3))]
        return next(candidate for candidate in candidates if candidate not in taken)

    def _copied(self, target: Target, path: Path) -> Json:
        """Return the value at a target in another file, and copy how its numbers are written."""
        loaded = self.files.get(target.file)
        if loaded is not None:
            length = len(target.path)
            places = self.places.setdefault(target.file, []) or sorted(loaded.texts)
            self.places[target.file] = places
            for place in places[bisect_left(places, target.path) :]:
                if place[:length] != target.path:
                    break
                self.texts[*path, *place[length:]] = loaded.texts[place]
        return at(self._document(target.file), target.path)


def _beside(name: str, file: str) -> str:
    """Return the path of a file that `file` references, relative to the document's folder.

    Raises:
        LookupError: it is not below that folder.
    """
    parts: list[str] = [] if not file else list(PurePosixPath(file).parent.parts)
    if not name.isprintable() or name.startswith("/") or "\\" in name:
        raise LookupError(name)
    for part in PurePosixPath(name).parts:
        if part == ".." and not parts:
            raise LookupError(name)
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def _in_reference(path: Path) -> str:
    """Return a path as the JSON pointer of a `$ref`, with `%` percent-encoded."""
    return json_pointer(path).replace("%", "%25")
