"""Which line of a file something stands in: JSON and YAML read with their positions, after they have been checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ovcgen.reading.pointers import index, steps

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+|\n')
FOLLOWED = 32  # references in a row


@dataclass(slots=True)
class Mark:
    """A value, the line that it (or its key) begins in, and what is inside it."""

    line: int
    text: str = ""
    members: dict[str, Mark] = field(default_factory=dict)
    items: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """The line of a place, or of the nearest around it where it is not `exact`."""

    line: int
    exact: bool


def marks(data: bytes, *, yaml: bool) -> Mark:
    """The positions in a document that has been read before; raises ValueError for what could not have been."""
    text = data.decode("utf-8-sig")
    return _of_yaml(text) if yaml else _of_json(text)


def found(root: Mark, pointer: str) -> Found:
    """Where a pointer leads, references followed; parameters may stand in it by name."""
    here = root
    path: list[str] = []
    for step in steps(pointer):
        inner = _inside(_referred(here, root), step)
        if inner is None and path[-1:] == ["parameters"]:
            inner = _shared(root, path, step)
        if inner is None:
            return Found(here.line, exact=False)
        here = inner
        path.append(step)
    return Found(here.line, exact=True)


def _inside(mark: Mark, step: str) -> Mark | None:
    if step in mark.members:
        return mark.members[step]
    try:
        return mark.items[index(step)]
    except LookupError:
        return None


def _shared(root: Mark, path: list[str], name: str) -> Mark | None:
    """The parameter of that name: the operation's own, else one of all operations of the path."""
    for place in (path, [*path[:-2], "parameters"]):
        here: Mark | None = root
        for step in place:
            here = _inside(here, step) if here else None
        for item in here.items if here else ():
            told = _referred(item, root).members.get("name")
            if told and told.text == name:
                return item
    return None


def _referred(mark: Mark, root: Mark) -> Mark:
    """What a reference within the document stands for."""
    for _ in range(FOLLOWED):
        reference = mark.members.get("$ref")
        if reference is None or not reference.text.startswith("#/"):
            break
        target: Mark | None = root
        for step in steps(unquote(reference.text[1:])):
            target = _inside(target, step) if target else None
        if target is None:
            break
        mark = target
    return mark


def _of_json(text: str) -> Mark:
    """Token by token, since nothing that reads JSON keeps lines; the text is known to be right."""
    line, key, key_line = 1, None, 0
    root = Mark(0)
    outer = [root]
    for match in TOKEN.finditer(text):
        piece = match.group()
        if piece == "\n":
            line += 1
        elif piece in "}]":
            outer.pop()
        elif piece == ":":
            holder = outer[-1]
            key, key_line = holder.items.pop().text, line
        elif piece != ",":
            mark = Mark(line if key is None else key_line, _plain(piece))
            _put(outer[-1], key, mark)
            key = None
            if piece in "{[":
                outer.append(mark)
    if len(root.items) != 1:
        raise ValueError("no JSON")
    return root.items[0]


def _put(holder: Mark, key: str | None, mark: Mark) -> None:
    if key is None:
        holder.items.append(mark)  # where it turns out to be a key, the colon takes it away again
    else:
        holder.members[key] = mark


def _plain(piece: str) -> str:
    return str(json.loads(piece)) if piece.startswith('"') else piece


def _of_yaml(text: str) -> Mark:
    from yaml import CSafeLoader, YAMLError, compose

    try:
        node = compose(text, Loader=CSafeLoader)
    except YAMLError:
        node = None
    if node is None:
        raise ValueError("no YAML")
    return _of_node(node, 0)


def _of_node(node: Any, line: int) -> Mark:
    line = line or node.start_mark.line + 1
    if isinstance(node.value, str):
        return Mark(line, node.value)
    mark = Mark(line)
    for each in node.value:
        if isinstance(each, tuple):
            name, value = each
            mark.members[str(name.value)] = _of_node(value, name.start_mark.line + 1)
        else:
            mark.items.append(_of_node(each, 0))
    return mark
