"""Any string becomes a Python identifier: total, deterministic, and no two names of a scope become one."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Set

from ovcgen.normalise.places import operations
from ovcgen.normalise.walk import Body, each_operation
from ovcgen.spec import Document

# What a client has beside its groups.
CLIENT_NAMES = frozenset(
    {
        "actors",
        "call",
        "close",
        "corrections",
        "exchange",
        "login_hint",
        "nearest_name",
        "operation_named",
        "release",
        "swagger",
        "task",
        "url",
        "wait",
    }
)
# What a group and an actor have beside their actors and methods.
GROUP_NAMES = frozenset({"_client"})
# What a method has beside the parameters of its operation.
METHOD_NAMES = frozenset({"self", "unknown", "_async", "_to"})
# A longer name leaves no room in a line; 64 letters of it do.
LONGEST, SHORTENED = 80, 64
# Where a parameter is, in the order in which the plain name is given away.
PLACES = ("path", "query", "formData", "header", "body")


def identifiers(names: Iterable[str], reserved: Set[str] = frozenset(), *, hidden: bool = True) -> dict[str, str]:
    """An identifier for each of `names`: itself where that is possible, else the nearest free one.

    Names that can stay as they are come first, the others in sorted order, so the order of `names` changes nothing.
    `hidden` says whether one may begin with an underscore.
    """
    every = set(names)
    found = {name: name for name in every if _is_free(name, reserved) and (hidden or name[0] != "_")}
    taken = set(found) | reserved
    for name in sorted(every - found.keys()):
        found[name] = _free(_spelled(name), taken)
        taken.add(found[name])
    return found


def _is_free(name: str, reserved: Set[str]) -> bool:
    return (
        len(name) <= LONGEST
        and name.isascii()
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and not name.startswith("__")  # would be mangled inside a class
        and name not in reserved
        and name != "_"
    )


def _spelled(name: str) -> str:
    """ASCII letters, digits and underscores that read like the name; a letter first, or `n` before it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^0-9A-Za-z]+", "_", plain).strip("_")[:SHORTENED] or "name"
    return f"n{word}" if word[0].isdigit() else word


def _free(word: str, taken: Set[str]) -> str:
    if word not in taken and not keyword.iskeyword(word):
        return word
    number = 1
    while (candidate := f"{word}_" if number == 1 else f"{word}_{number}") in taken:
        number += 1
    return candidate


Place = tuple[str, str, str]  # group, actor, method, as the document says them
Spot = tuple[str, str]  # path and verb


def name_operations(document: Document) -> Document:
    """Grouped by the first tag, else by the first word of the path; no two operations are at one place."""
    ids = _ids(document)
    spots = {f"{verb} {path}" for path, verb, _ in operations(document)}
    places = {}
    for path, verb, body in operations(document):
        group = str(next(iter(body.get("tags") or ()), "")) or path.strip("/").split("/")[0] or "root"
        own = str(body.get("operationId", ""))
        places[path, verb] = group, "", own if own and ids[own] == 1 and own not in spots else f"{verb} {path}"
    return placed(document, places)


def placed(document: Document, places: Mapping[Spot, Place]) -> Document:
    """Every operation gets its place in a client, `[group, actor, method]`, and an id unique in the document."""
    ids = _ids(document)
    spelled = _spell(places.values())
    first = _first(places)

    def named(path: str, verb: str, body: Body) -> Body:
        place = places[path, verb]
        alternative = {} if first[place] == (path, verb) else {"x-ovcgen-alternative": True}
        own = str(body.get("operationId", ""))
        unique = own if own and ids[own] == 1 else "__".join(filter(None, (verb, *place)))
        declared = {} if own == unique else {"x-ovcgen-id": own}
        return {**body, **alternative, **declared, "operationId": unique, "x-ovcgen-name": list(spelled[place])}

    return each_operation(document, named)


def _ids(document: Document) -> Counter[str]:
    return Counter(str(body.get("operationId", "")) for _, _, body in operations(document))


def _first(places: Mapping[Spot, Place]) -> dict[Place, Spot]:
    """The one that is called at each place: POST, where two verbs share one."""
    ordered = sorted(places, key=lambda spot: (spot[1] != "post", spot), reverse=True)
    return {places[spot]: spot for spot in ordered}


def _spell(places: Iterable[Place]) -> dict[Place, Place]:
    actors: dict[str, set[str]] = {}
    methods: dict[tuple[str, str], set[str]] = {}
    for group, actor, method in places:
        actors.setdefault(group, set()).add(actor)
        methods.setdefault((group, actor), set()).add(method)
    group_names = identifiers(actors, CLIENT_NAMES, hidden=False)
    actor_names = {group: {**identifiers(wire - {""}, GROUP_NAMES), "": ""} for group, wire in actors.items()}
    return {
        (group, actor, method): (group_names[group], actor_names[group][actor], name)
        for (group, actor), wire in methods.items()
        for method, name in identifiers(wire, GROUP_NAMES).items()
    }


def name_parameters(document: Document) -> Document:
    """Every parameter gets the keyword that callers write: its wire name wherever Python allows that."""

    def named(_path: str, _verb: str, body: Body) -> Body:
        if "parameters" not in body:
            return body
        takes_async = body.get("x-ovcgen-async") is True
        keys = _keys({(each["in"], each["name"]) for each in body["parameters"]}, takes_async=takes_async)
        parameters = [{**each, "x-ovcgen-key": keys[each["in"], each["name"]]} for each in body["parameters"]]
        return {**body, "parameters": parameters}

    return each_operation(document, named)


def _keys(parameters: Set[tuple[str, str]], *, takes_async: bool) -> dict[tuple[str, str], str]:
    """Swagger allows one name in two places, such as path and query; the second is `id_query`."""
    names = {name for _, name in parameters}
    wishes: dict[tuple[str, str], str] = {}
    for place, name in sorted(parameters, key=lambda each: (PLACES.index(each[0]), each[1])):
        wish = name
        while wish in wishes.values() or (wish != name and wish in names):
            wish = f"{wish} {place}"
        wishes[place, name] = wish
    keys = identifiers(wishes.values(), METHOD_NAMES)
    if takes_async:
        keys["_async"] = "_async"
    return {each: keys[wish] for each, wish in wishes.items()}
