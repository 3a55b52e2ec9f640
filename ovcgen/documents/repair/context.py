"""Define the state of a repair: the place in the document, the problems so far, and helpers for all steps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ovcgen.documents.document import Json, Problem
from ovcgen.documents.errors import printable
from ovcgen.documents.pointers import printable_pointer, reference_steps

UNNAMED = "x-ovcgen-unnamed"  # marks a body that had no name in the document
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
Path = tuple[str | int, ...]
Body = dict[str, Json]
IGNORED = "the key is ignored"
LEFT_OUT = "it is left out"
ANYTHING = "it may be anything (`Any`)"


@dataclass(slots=True)
class RepairPass:
    """The state of one pass of a repair over a document, shared by all places: what the pass has found and changed.

    A kind is the type of object that references can lead to: `schema`, `parameter`, `response` or `path` (a path item).

    Attributes:
        known: The kind of each referenceable place by path, as the pass before found them; None in the first pass.
        texts: How numbers and booleans are written in the document's text, by path.
        unquoted: Whether strings stand without quotes in that text, so that a number may be meant as a string.
        kinds: The kind of each referenceable place by path, as far as this pass has come.
        links: The target of each parameter, response and path item that is itself a reference, by path.
        steps: Keys and list indexes that this pass changed: (path of the container, new step) to the old step.
        earlier: The `steps` of the passes before, to report places as the given document has them.
        problems: The problems found.
    """

    known: Mapping[tuple[str, ...], str] | None = None
    texts: dict[tuple[str, ...], str] = field(default_factory=dict)
    unquoted: bool = False
    kinds: dict[tuple[str, ...], str] = field(default_factory=dict)
    links: dict[tuple[str, ...], str] = field(default_factory=dict)
    steps: dict[tuple[Path, str | int], str | int] = field(default_factory=dict)
    earlier: tuple[Mapping[tuple[Path, str | int], str | int], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def valid_kinds(self) -> dict[tuple[str, ...], str]:
        """Return a copy of `kinds` without places whose reference leads to nothing, in a circle, or to another kind."""
        nowhere: set[tuple[str, ...]] = set()
        somewhere: set[tuple[str, ...]] = set()
        for start in self.links:
            chain, path = [], start
            while path in self.links and path not in nowhere and path not in somewhere:
                chain.append(path)
                nowhere.add(path)  # until the chain is known to end; stops at a cycle
                path = _target(self.links[path])
            if path in somewhere or (path not in nowhere and self.kinds.get(path) == self.kinds[start]):
                nowhere -= set(chain)
                somewhere |= set(chain)
        return {path: kind for path, kind in self.kinds.items() if path not in nowhere}

    def note_renamed_key(self, path: Path, key: str, name: str) -> None:
        """Remember that the member `key` of the object at `path` is now called `name`: its entry in `texts` is copied.

        Values inside the member keep their entries under the old key only.
        """
        place = tuple(map(str, path))
        if (*place, key) in self.texts:
            self.texts[*place, name] = self.texts[*place, key]


@dataclass(frozen=True, slots=True)
class RepairContext:
    """A place in the document that is being repaired. `context / step` is the place of a member or item inside.

    Attributes:
        findings: The state of the present pass.
        path: The keys and list indexes that lead from the root to the place.
    """

    findings: RepairPass
    path: Path = ()

    def __truediv__(self, step: str | int) -> RepairContext:
        return RepairContext(self.findings, (*self.path, step))

    def note(self, what: str, done: str) -> None:
        """Report a problem at this place: `what` is wrong, and what is `done` about it, both as phrases.

        The problem is appended to the findings, with the place that the value had in the document as given, before any
        repair. `what` is made printable and cut to 200 characters.
        """
        path = self.path
        for moved in reversed(self.findings.earlier):
            before: Path = ()
            for step in path:
                before = (*before, moved.get((before, step), step))
            path = before
        self.findings.problems.append(Problem(printable_pointer(path), printable(what, 200), done))

    def text(self, value: Json) -> Json:
        """Return a number or boolean as the string that stands in the document's text, and report the conversion.

        If that text is not known, it is the value's JSON text. Values of other types, also objects, lists and None, are
        returned unchanged.
        """
        if not isinstance(value, int | float):
            return value
        written = self.findings.texts.get(tuple(map(str, self.path)))
        text = json.dumps(value) if written is None else written
        self.note(f"{printable(text, 60)} is no text", f"read as {printable(repr(text), 60)}")
        return text

    def note_kind(self, kind: str, target: Json = None) -> None:
        """Remember that references to this place lead to a value of that kind (see RepairPass).

        `target` is the `$ref` of the value if the value is itself a reference, else None.
        """
        path = tuple(map(str, self.path))
        self.findings.kinds[path] = kind
        if isinstance(target, str):
            self.findings.links[path] = target

    def refers_to(self, target: str, kind: str) -> bool:
        """Return whether the reference `target` leads to a value of that kind (see RepairPass).

        In the first pass, which does not know the document yet, every reference that begins with `#` counts. URLs
        always count: they are refused after the repair. Other references, such as `pets.json`, never count.
        """
        if not target.startswith("#"):
            return is_address(target)  # refused later, not repaired
        if self.findings.known is None:
            return True
        try:
            return self.findings.known.get(reference_steps(target)) == kind
        except LookupError:
            return False


def _target(reference: str) -> tuple[str, ...]:
    try:
        return reference_steps(reference)
    except LookupError:
        return ()


def is_address(target: str) -> bool:
    """Return whether a reference is a URL, with a scheme or as `//host`. URLs are not repaired, but refused later."""
    return ADDRESS.match(target) is not None


def excerpt(value: Json) -> str:
    """Return the Python text of a value for a message: printable ASCII, at most 60 characters, cut with `...`."""
    return printable(repr(value), 60)


def known_keys(place: RepairContext, body: Mapping[str, Json], allowed: Collection[str]) -> Body:
    """Return the object with its allowed keys and its extensions (`x-...`) only; other keys are reported and left out.

    A key that differs from an allowed one only in case is renamed, which is reported, unless the object has that key,
    too. Extensions that hold references out of the document are left out, too. The result is a copy.
    """
    if all(key in allowed for key in body):
        return dict(body)
    by_spelling = {key.casefold(): key for key in allowed}
    found: Body = {}
    for key, value in body.items():
        meant = by_spelling.get(key.casefold(), "")
        if key in allowed:
            found[key] = value
        elif key[:2].lower() == "x-":
            found.update(_extension(place, key, value))
        elif meant and meant not in body and meant not in found:
            (place / key).note(f"{key!r} does not belong here", f"read as `{meant}`")
            found[meant] = value
            place.findings.steps[place.path, meant] = key
            place.findings.note_renamed_key(place.path, key, meant)
        else:
            (place / key).note(f"{key!r} does not belong here", IGNORED)
    return found


def _extension(place: RepairContext, key: str, value: Json) -> Body:
    return {key: value} if is_harmless(place / key, value) else {}


def is_harmless(place: RepairContext, value: Json) -> bool:
    """Return whether a value holds no reference out of the document; if it holds one, report a problem at `place`.

    That is a `$ref` that does not begin with `#/`, or one beside a key `x-scope`. This is for values that are not read
    otherwise, such as extensions: tools that resolve every `$ref` would follow such a reference.
    """
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            target = part.get("$ref")
            if isinstance(target, str) and ("x-scope" in part or not target.startswith("#/")):
                place.note(f"it holds a reference to {excerpt(target)}, outside of the document", IGNORED)
                return False
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return True


def mapping(place: RepairContext, value: Json) -> Body:
    """Return the value itself if it is a JSON object; otherwise report a problem at `place` and return {}."""
    if isinstance(value, dict):
        return value
    place.note(f"{excerpt(value)} is no object", IGNORED)
    return {}


def texts(place: RepairContext, body: Body, *keys: str) -> Body:
    """Return the object with strings under these keys: numbers and booleans are converted, other values are removed.

    A converted value is what stands in the document's text, such as `1.10`. Every change is reported. Keys that the
    object does not have are ignored. `body` is not modified; it is returned if nothing is wrong.
    """
    wrong = [key for key in keys if key in body and not isinstance(body[key], str)]
    if not wrong:
        return body
    result = dict(body)
    for key in wrong:
        value = (place / key).text(result.pop(key))
        if isinstance(value, str):
            result[key] = value
        else:
            (place / key).note(f"{excerpt(value)} is no text", IGNORED)
    return result


def text_list(place: RepairContext, value: Json, fits: Callable[[str], bool] = bool) -> list[str]:
    """Return the distinct strings of a list, in their order. A string that is not empty is read as a list of it.

    Other values give []. Numbers and booleans in the list are converted, objects, lists and None are removed. Strings
    for which `fits` is false are removed, too; by default these are empty strings. Every change is reported at `place`,
    or at the item inside of it.
    """
    if isinstance(value, str) and value:
        place.note(f"{excerpt(value)} is no list", "read as a list of it")
        value = [value]
    if not isinstance(value, list):
        place.note(f"{excerpt(value)} is no list", IGNORED)
        return []
    found: list[str] = []
    for number, item in enumerate(value):
        item = (place / number).text(item)
        if not isinstance(item, str) or not fits(item):
            (place / number).note(f"{excerpt(item)} does not belong here", LEFT_OUT)
        elif item in found:
            (place / number).note(f"{excerpt(item)} is there twice", LEFT_OUT)
        else:
            found.append(item)
    return found
