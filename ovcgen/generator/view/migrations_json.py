"""Build `migrations.json` of an SDK, with which its errors name the replacements of removed operations and keywords."""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.documents.document import line_for_each_key
from ovcgen.generator.code import Code
from ovcgen.generator.removed_name import RemovedName
from ovcgen.generator.view.actors import GroupView

Row = tuple[str, list[str]]  # the first release without it, and what to use


def migrations(removed: Iterable[RemovedName], groups: Iterable[GroupView]) -> Code:
    """Return the text of migrations.json; "" if nothing was removed.

    It has two objects. `names` maps the module of a class (`pets.orders`; "" for the client) to the names that the
    class lacks, and `keywords` the dotted name of an operation to its removed keywords. Both map each name to a pair:
    the first release without it, and the list of its replacements. Of a removed group or actor only its own name is
    listed.
    """
    known = {group.name: group for group in groups}
    names: dict[str, dict[str, Row]] = {}
    keywords: dict[str, dict[str, Row]] = {}
    for removed_name in removed:
        if removed_name.key:
            _add(keywords.setdefault(removed_name.dotted, {}), removed_name.key, removed_name)
        else:
            holder, name = _missing(removed_name.dotted, known)
            _add(names.setdefault(holder, {}), name, removed_name)
    if not names and not keywords:
        return Code("")
    return Code(line_for_each_key({"names": names, "keywords": keywords}))


def _add(rows: dict[str, Row], name: str, removed: RemovedName) -> None:
    """Add a row. A removed actor has one row for all of its operations, with the release of the last one added."""
    _, instead = rows.get(name, ("", []))
    rows[name] = (removed.release, sorted({*instead, removed.instead} - {""}))


def _missing(dotted: str, groups: dict[str, GroupView]) -> tuple[str, str]:
    """Return the module of the first class that lacks a part of a dotted name, and that part."""
    group, *rest = dotted.split(".")
    if group not in groups:
        return "", group
    view = groups[group]
    actors = {actor.name: actor.module for actor in view.actors}
    if len(rest) < 2 or rest[0] not in actors:
        return str(view.module), rest[0]
    return f"{view.module}.{actors[rest[0]]}", rest[1]
