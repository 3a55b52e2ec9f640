"""Any string becomes a Python identifier: total, deterministic, and no two names of a scope become one."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Set

from ovcgen.normalise import dialect
from ovcgen.normalise.walk import Body, each_operation, operations
from ovcgen.spec import Document

# What a client has beside the groups of its portal.
PORTAL_NAMES = frozenset({"call", "close", "corrections", "release", "swagger", "task", "url", "wait"})
# What a method has beside the parameters of its operation.
METHOD_NAMES = frozenset({"self", "unknown", "_async"})


def identifiers(names: Iterable[str], reserved: Set[str] = frozenset()) -> dict[str, str]:
    """An identifier for each of `names`: itself where that is possible, else the nearest free one.

    Names that can stay as they are come first, the others in sorted order, so the order of `names` changes nothing.
    """
    found = {name: name for name in set(names) if _is_free(name, reserved)}
    taken = set(found.values()) | reserved
    for name in sorted(set(names) - found.keys()):
        found[name] = _free(_spelled(name), taken)
        taken.add(found[name])
    return found


def _is_free(name: str, reserved: Set[str]) -> bool:
    return (
        name.isascii()
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("__")  # would be mangled inside a class
        and name not in reserved
        and name != "_"
    )


def _spelled(name: str) -> str:
    """ASCII letters, digits and underscores that read like the name; a letter first, or `n` before it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^0-9A-Za-z]+", "_", plain).strip("_")[:64] or "name"
    return f"n{word}" if word[0].isdigit() else word


def _free(word: str, taken: Set[str]) -> str:
    if word not in taken and not keyword.iskeyword(word):
        return word
    number = 1
    while (candidate := f"{word}_" if number == 1 else f"{word}_{number}") in taken:
        number += 1
    return candidate


def name_operations(document: Document) -> Document:
    """Every operation gets its place in a client, `[group, actor, method]`, and an id unique in the document."""
    places = {(path, verb): _place(document, path, verb, body) for path, verb, body in operations(document)}
    spelled = _spell(set(places.values()))
    first = {place: min(spots) for place, spots in _spots(places).items()}
    counts = Counter(str(body.get("operationId")) for _, _, body in operations(document))

    def named(path: str, verb: str, body: Body) -> Body:
        place = places[path, verb]
        alternative = {"x-ovcgen-alternative": True} if first[place][1:] != (path, verb) else {}
        unique = counts[str(body.get("operationId"))] == 1 and body.get("operationId")
        operation_id = body["operationId"] if unique else "__".join(filter(None, (verb, *place)))
        return {**body, **alternative, "operationId": operation_id, "x-ovcgen-name": list(spelled[place])}

    return each_operation(document, named)


def _spots(
    places: dict[tuple[str, str], tuple[str, str, str]],
) -> dict[tuple[str, str, str], list[tuple[bool, str, str]]]:
    """Where each place is; of two verbs POST sorts first, as OpenvCloud's own clients choose."""
    spots: dict[tuple[str, str, str], list[tuple[bool, str, str]]] = {}
    for (path, verb), place in places.items():
        spots.setdefault(place, []).append((verb != "post", path, verb))
    return spots


def _place(document: Document, path: str, verb: str, body: Body) -> tuple[str, str, str]:
    segments = path.strip("/").split("/")
    if dialect.of(document) == "openvcloud":
        return segments[0], segments[1], segments[2]
    group = str(next(iter(body.get("tags") or ()), "")) or segments[0] or "root"
    return group, "", str(body.get("operationId") or "_".join([verb, *segments]))


def _spell(places: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], tuple[str, str, str]]:
    places = list(places)
    groups = identifiers({group for group, _, _ in places}, PORTAL_NAMES)
    spelled = {}
    for group in groups:
        actors = identifiers({actor for other, actor, _ in places if other == group and actor})
        for actor in {actor for other, actor, _ in places if other == group}:
            methods = identifiers({method for *scope, method in places if scope == [group, actor]})
            for method, name in methods.items():
                spelled[group, actor, method] = (groups[group], actors.get(actor, ""), name)
    return spelled


def name_parameters(document: Document) -> Document:
    """Every parameter gets the keyword that callers write: its wire name wherever Python allows that."""

    def named(_path: str, _verb: str, body: Body) -> Body:
        if "parameters" not in body:
            return body
        wire = {parameter["name"] for parameter in body["parameters"]} - {"_async"}
        keys = {**identifiers(wire, METHOD_NAMES), "_async": "_async"}
        return {
            **body,
            "parameters": [{**each, "x-ovcgen-key": keys[each["name"]]} for each in body["parameters"]],
        }

    return each_operation(document, named)
