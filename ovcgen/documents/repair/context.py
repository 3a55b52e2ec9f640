"""Where the mending of a document is, what it has found so far, and what it does everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from ovcgen.documents.document import Json, Problem
from ovcgen.documents.errors import printable
from ovcgen.documents.pointers import pointer_of, steps

UNNAMED = "x-ovcgen-unnamed"  # a body whose name is ours
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
Path = tuple[str | int, ...]
Body = dict[str, Json]
IGNORED = "the key is ignored"
LEFT_OUT = "it is left out"
ANYTHING = "it may be anything (`Any`)"


@dataclass(slots=True)
class Findings:
    """What one pass over a document found: its mistakes, and what kind of thing is at which place.

    Attributes:
        kinds: The kind of thing at each path, as far as references may name it.
        links: Where those of the parameters, responses and paths lead that are references themselves.
        steps: Keys and numbers of what has moved: by the path of its holder and the new one, the one before.
        earlier: The `steps` of the passes before, so that a place is told as the document has it.
        known: The kinds that the pass before found, which references may name; None in the first pass.
        texts: How numbers and booleans are written in the document's text, by their paths.
        unquoted: Whether texts stand without quotes there, so that a number among texts was meant as one.
    """

    known: Mapping[tuple[str, ...], str] | None = None
    texts: dict[tuple[str, ...], str] = field(default_factory=dict)
    unquoted: bool = False
    kinds: dict[tuple[str, ...], str] = field(default_factory=dict)
    links: dict[tuple[str, ...], str] = field(default_factory=dict)
    steps: dict[tuple[Path, str | int], str | int] = field(default_factory=dict)
    earlier: tuple[Mapping[tuple[Path, str | int], str | int], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def found(self) -> dict[tuple[str, ...], str]:
        """The kinds by their paths, without those references to references that lead nowhere."""
        nowhere: set[tuple[str, ...]] = set()
        somewhere: set[tuple[str, ...]] = set()
        for start in self.links:
            chain, path = [], start
            while path in self.links and path not in nowhere and path not in somewhere:
                chain.append(path)
                nowhere.add(path)  # so far: a circle ends here
                path = _target(self.links[path])
            if path in somewhere or (path not in nowhere and self.kinds.get(path) == self.kinds[start]):
                nowhere -= set(chain)
                somewhere |= set(chain)
        return {path: kind for path, kind in self.kinds.items() if path not in nowhere}

    def moved(self, path: Path, key: str, name: str) -> None:
        """Remember that the value of a key is found under another name from now on."""
        place = tuple(map(str, path))
        if (*place, key) in self.texts:
            self.texts[*place, name] = self.texts[*place, key]


@dataclass(frozen=True, slots=True)
class RepairContext:
    """One place of the document that is being mended."""

    findings: Findings
    path: Path = ()

    def __truediv__(self, step: str | int) -> RepairContext:
        return RepairContext(self.findings, (*self.path, step))

    def note(self, what: str, done: str) -> None:
        """Say that something is wrong here, and what is done about it."""
        path = self.path
        for moved in reversed(self.findings.earlier):
            before: Path = ()
            for step in path:
                before = (*before, moved.get((before, step), step))
            path = before
        self.findings.problems.append(Problem(pointer_of(path), printable(what, 200), done))

    def text(self, value: Json) -> Json:
        """A number or boolean, where a text belongs, as the text that is written there; anything else as it is."""
        if not isinstance(value, int | float):
            return value
        written = self.findings.texts.get(tuple(map(str, self.path)))
        text = json.dumps(value) if written is None else written
        self.note(f"{printable(text, 60)} is no text", f"read as {printable(repr(text), 60)}")
        return text

    def is_a(self, kind: str, target: Json = None) -> None:
        """Remember what is here, for references to it; `target` is where it refers to, if it is a reference itself."""
        path = tuple(map(str, self.path))
        self.findings.kinds[path] = kind
        if isinstance(target, str):
            self.findings.links[path] = target

    def names(self, target: str, kind: str) -> bool:
        """Whether a reference names something of that kind; in the first pass nobody knows of those in the document."""
        if not target.startswith("#"):
            return is_address(target)  # refused later, not mended
        if self.findings.known is None:
            return True
        try:
            return self.findings.known.get(steps(unquote(target.removeprefix("#")))) == kind
        except LookupError:
            return False


def _target(reference: str) -> tuple[str, ...]:
    try:
        return steps(unquote(reference.removeprefix("#")))
    except LookupError:
        return ()


def is_address(target: str) -> bool:
    """Whether a reference names something in a network or on this machine, which is refused and not mended."""
    return ADDRESS.match(target) is not None


def shown(value: Json) -> str:
    """A value for a message."""
    return printable(repr(value), 60)


def known_keys(place: RepairContext, body: Mapping[str, Json], allowed: Collection[str]) -> Body:
    """The keys that may stand there, and extensions; one that only differs in upper case is taken for the right one."""
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
            place.findings.moved(place.path, key, meant)
        else:
            (place / key).note(f"{key!r} does not belong here", IGNORED)
    return found


def _extension(place: RepairContext, key: str, value: Json) -> Body:
    return {key: value} if is_harmless(place / key, value) else {}


def is_harmless(place: RepairContext, value: Json) -> bool:
    """Whether a value that is only carried along holds no reference to outside; who resolves all would follow it."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            target = each.get("$ref")
            if isinstance(target, str) and ("x-scope" in each or not target.startswith("#/")):
                place.note(f"it holds a reference to {shown(target)}, outside of the document", IGNORED)
                return False
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return True


def mapping(place: RepairContext, value: Json) -> Body:
    """An object, or an empty one in place of anything else."""
    if isinstance(value, dict):
        return value
    place.note(f"{shown(value)} is no object", IGNORED)
    return {}


def texts(place: RepairContext, body: Body, *keys: str) -> Body:
    """The object without those of the keys that hold no text; a number or boolean is the text that is written there."""
    wrong = [key for key in keys if key in body and not isinstance(body[key], str)]
    if not wrong:
        return body
    result = dict(body)
    for key in wrong:
        value = (place / key).text(result.pop(key))
        if isinstance(value, str):
            result[key] = value
        else:
            (place / key).note(f"{shown(value)} is no text", IGNORED)
    return result


def text_list(place: RepairContext, value: Json, fits: Callable[[str], bool] = bool) -> list[str]:
    """The texts of a list, each once; one text alone is a list of it."""
    if isinstance(value, str) and value:
        place.note(f"{shown(value)} is no list", "read as a list of it")
        value = [value]
    if not isinstance(value, list):
        place.note(f"{shown(value)} is no list", IGNORED)
        return []
    found: list[str] = []
    for number, each in enumerate(value):
        each = (place / number).text(each)
        if not isinstance(each, str) or not fits(each):
            (place / number).note(f"{shown(each)} does not belong here", LEFT_OUT)
        elif each in found:
            (place / number).note(f"{shown(each)} is there twice", LEFT_OUT)
        else:
            found.append(each)
    return found
