"""Find the lines of a JSON or YAML file in which values stand. The text has been checked before."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any

from ovcgen.documents.depth_limit import check_yaml_depth, yaml_reader
from ovcgen.documents.pointers import index, reference_steps, steps
from ovcgen.documents.yaml_merge_keys import MergeKeyResolver

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+|\n')
NUMBER = re.compile(r"-?[0-9]+(?=[.eE])[-+.eE0-9]+")  # a number with an exponent, or with a fraction
MARKS = (
    *((mark, "utf-32") for mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)),
    *((mark, "utf-16") for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),
)


@dataclass(slots=True)
class ValuePosition:
    """A record of the position of one value in a text and, if the value is a container, of the values inside.

    Attributes:
        line: The line in which the value, or its key, begins; lines count from 1.
        text: The text of a string, number or word; "" for containers.
        members: The positions of an object's members, by key; empty for other values.
        items: The positions of a list's items; empty for other values.
    """

    line: int
    text: str = ""
    members: dict[str, ValuePosition] = field(default_factory=dict)
    items: list[ValuePosition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PointerLine:
    """A record of the line to which a JSON pointer leads in a text.

    Attributes:
        line: The line of the value, or of the innermost container on the way that exists; lines count from 1.
        exact: Whether the value itself exists.
    """

    line: int
    exact: bool


def value_positions(data: bytes, *, yaml: bool) -> ValuePosition:
    """Return the positions of all values in the text of a document, as the ValuePosition of the document's root.

    YAML's merge keys are resolved; the members of an alias have the lines of the place that it refers to.

    Args:
        data: The text, encoded as for `decoded`. It has been read without errors before.
        yaml: Whether the text is YAML instead of JSON.

    Raises:
        ValueError: the text is not JSON or YAML.
    """
    text = decoded(data)
    return _of_yaml(text) if yaml else _of_json(text)


def decoded(data: bytes) -> str:
    """Return the text of a document: in the encoding that its byte order mark says, else in UTF-8.

    Marks of UTF-8, UTF-16 and UTF-32 are known; they are not part of the result.

    Raises:
        UnicodeDecodeError: the bytes are not in that encoding.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    return data.decode("utf-8-sig")


def line_of(root: ValuePosition, pointer: str) -> PointerLine:
    """Return the line to which a JSON pointer leads. References within the document (`#/...`) on the way are followed.

    Malformed references are not followed. If the value itself is a reference, the line of the reference is returned. If
    the pointer leads to nothing, the line of the innermost existing container is returned, with `exact` False. A step
    after `parameters` may be the name of a parameter instead of its index; it is looked for in the operation, then in
    the path item.

    Raises:
        LookupError: `pointer` is not a JSON pointer.
    """
    here = root
    path: list[str] = []
    for step in steps(pointer):
        inner = _inside(_referred(here, root), step)
        if inner is None and path[-1:] == ["parameters"]:
            inner = _shared(root, path, step)
        if inner is None:
            return PointerLine(here.line, exact=False)
        here = inner
        path.append(step)
    return PointerLine(here.line, exact=True)


def _inside(mark: ValuePosition, step: str) -> ValuePosition | None:
    if step in mark.members:
        return mark.members[step]
    try:
        return mark.items[index(step)]
    except LookupError:
        return None


def _shared(root: ValuePosition, path: list[str], name: str) -> ValuePosition | None:
    """Return the parameter of that name: the operation's own, else that of the path item."""
    for place in (path, [*path[:-2], "parameters"]):
        here: ValuePosition | None = root
        for step in place:
            here = _inside(here, step) if here else None
        for item in here.items if here else ():
            name_node = _referred(item, root).members.get("name")
            if name_node and name_node.text == name:
                return item
    return None


def _referred(mark: ValuePosition, root: ValuePosition) -> ValuePosition:
    """Return the target of a reference within the document; in a cycle, the last reference before it repeats."""
    passed: set[str] = set()
    while True:
        reference = mark.members.get("$ref")
        if reference is None or not reference.text.startswith("#/") or reference.text in passed:
            break
        passed.add(reference.text)
        target = _target(root, reference.text)
        if target is None:
            break
        mark = target
    return mark


def _target(root: ValuePosition, reference: str) -> ValuePosition | None:
    """Return the value to which a reference within the document leads; None if it leads nowhere, or is malformed."""
    target: ValuePosition | None = root
    try:
        path = reference_steps(reference)
    except LookupError:
        return None
    for step in path:
        target = _inside(target, step) if target else None
    return target


Path = tuple[str, ...]


def repeated_keys_and_numbers(text: str) -> tuple[dict[tuple[Path, str], list[int]], dict[Path, str]]:
    """Return what a JSON text says in addition to its parsed value: (repeated keys, texts of numbers).

    Args:
        text: Valid JSON: callers have parsed it before.

    Returns:
        The line numbers of each repeated key, by (path of the object, key); and the text of each number with a fraction
            or exponent that Python would write differently (`1.10`), by path. Both are {} if there is nothing to say.
    """
    scan = _Scan()
    scan.read(text)
    return scan.repeated, scan.texts


def _of_json(text: str) -> ValuePosition:
    scan = _Scan()
    scan.read(text)
    if len(scan.root.items) != 1:
        raise ValueError("no JSON")
    return scan.root.items[0]


class _Scan:
    """Scans valid JSON token by token, because no JSON reader keeps line numbers."""

    def __init__(self) -> None:
        self.root = ValuePosition(0)
        self.repeated: dict[tuple[Path, str], list[int]] = {}
        self.texts: dict[Path, str] = {}
        self._outer = [self.root]
        self._path: list[str] = []

    def read(self, text: str) -> None:
        """Scan the whole text."""
        line, key, key_line = 1, None, 0
        for match in TOKEN.finditer(text):
            piece = match.group()
            if piece == "\n":
                line += 1
            elif piece in "}]":
                self._outer.pop()
                del self._path[-1:]
            elif piece == ":":
                key, key_line = self._outer[-1].items.pop().text, line
            elif piece != ",":
                self._put(key, ValuePosition(line if key is None else key_line, _plain(piece)), piece)
                key = None

    def _put(self, key: str | None, mark: ValuePosition, piece: str) -> None:
        holder = self._outer[-1]
        if key is None:
            holder.items.append(mark)  # if this is a key, the colon removes it again
        else:
            if key in holder.members:
                lines = self.repeated.setdefault((tuple(self._path[1:]), key), [holder.members[key].line])
                lines.append(mark.line)
            holder.members[key] = mark
        step = str(len(holder.items) - 1) if key is None else key
        if piece in "{[":
            self._outer.append(mark)
            self._path.append(step)
        elif NUMBER.fullmatch(piece) and repr(float(piece)) != piece:
            self.texts[(*self._path[1:], step)] = piece


def _plain(piece: str) -> str:
    return str(json.loads(piece)) if piece.startswith('"') else piece


def _of_yaml(text: str) -> ValuePosition:
    from yaml import YAMLError, compose

    try:
        node = compose(check_yaml_depth(text), Loader=yaml_reader())
    except (YAMLError, ValueError):
        node = None
    if node is None:
        raise ValueError("no YAML")
    return _of_node(node, 0, MergeKeyResolver())


def _of_node(node: Any, line: int, merging: MergeKeyResolver) -> ValuePosition:
    line = line or node.start_mark.line + 1
    if isinstance(node.value, str):
        return ValuePosition(line, node.value)
    mark = ValuePosition(line)
    if node.id == "mapping":
        for name, value in merging.members(node):
            mark.members[str(name.value)] = _of_node(value, name.start_mark.line + 1, merging)
    else:
        mark.items.extend(_of_node(item, 0, merging) for item in node.value)
    return mark
