"""Give every operation and parameter a Python name that is unique in its scope."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from hashlib import sha256

from ovcgen.documents.document import PRECEDENCE, Document
from ovcgen.documents.python_identifiers import DIGITS, columns, is_identifier, readable, shortened
from ovcgen.normalise.reference_resolution import operations
from ovcgen.normalise.transform import Body, each_operation

# The attributes of a client that are no groups.
CLIENT_NAMES = frozenset(
    {
        "actors",
        "call",
        "callWebService",
        "close",
        "corrections",
        "exchange",
        "getActor",
        "load_swagger",
        "reconcile",
        "release",
        "swagger",
        "task",
        "url",
        "wait",
        "with_options",
        "with_response",
        "wsclient",
    }
)
# The attributes of a group or an actor that are no actors or methods.
GROUP_NAMES = frozenset({"_client"})
# The parameters of a method that are not the operation's.
METHOD_NAMES = frozenset({"self", "unknown", "_async", "_content_type", "_to"})
# A name of more than 80 columns does not fit well into a line; it is cut to 64.
LONGEST, SHORTENED = 80, 64
# If operations of several verbs want the same name, the first verb gets it.
# If parameters in several locations have the same name, the first location gets it as keyword.
PLACES = ("path", "query", "formData", "header", "body")


def identifiers(
    names: Iterable[str],
    reserved: Set[str] = frozenset(),
    *,
    hidden: bool = True,
    aside: Mapping[str, str] | None = None,
    nameless: str = "name",
) -> dict[str, str]:
    """Return a distinct Python identifier for each of `names`, by name.

    A valid identifier stays as it is, unless it is reserved, is `_`, begins with `__` or is wider than 80 columns. Any
    other name becomes its nearest spelling if that is free, else the spelling of its longer text in `aside`, else its
    own spelling, or that of the longer text if it has none, with a short hash of the name. The spelling of a reserved
    name or keyword ends with an underscore; one of more than 64 columns is cut and ends with a hash. Names in `aside`
    choose first, in its order, then the others alphabetically; the order of `names` does not matter.

    Args:
        names: The names of one scope.
        reserved: Identifiers that the scope needs for itself.
        hidden: Whether an identifier may begin with an underscore.
        aside: A longer text with the same meaning for some of the names, to use if the short one is taken.
        nameless: What to call a name without a readable letter that has no text in `aside`.
    """
    every = set(names)
    found = {name: name for name in every if _is_free(name, reserved) and (hidden or name[0] != "_")}
    taken = set(found) | reserved
    longer = {} if aside is None else aside
    for name in [*(wish for wish in longer if wish in every), *sorted(every - longer.keys())]:
        if name not in found:
            found[name] = _free_name(name, longer.get(name, ""), nameless, reserved, taken)
            taken.add(found[name])
    return found


def _is_free(name: str, reserved: Set[str]) -> bool:
    return (
        columns(name) <= LONGEST
        and is_identifier(name)
        and not name.startswith("__")  # would be mangled inside a class
        and name not in reserved
        and name != "_"
    )


def _free_name(name: str, longer: str, nameless: str, reserved: Set[str], taken: Set[str]) -> str:
    """Return the first free spelling: of the name, of the longer text, or of the first that has one with a hash."""
    own, other = _word(name, reserved), _word(longer, reserved)
    for wish in (own, other):
        if wish and wish not in taken:
            return wish
    word, digits = (
        own.rstrip("_") or other.rstrip("_") or nameless,
        sha256(name.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    lengths = range(DIGITS, len(digits) + 1)
    return next(wish for length in lengths if (wish := f"{word}_{digits[:length]}") not in taken)


def _word(name: str, reserved: Set[str]) -> str:
    """Return the letters of a name as an identifier; "" if it has none."""
    word = shortened(readable(name), SHORTENED, name)
    return f"{word}_" if word in reserved or keyword.iskeyword(word) else word


Place = tuple[str, str, str]  # group, actor, method, as in the document
Spot = tuple[str, str]  # path and verb


def name_operations(document: Document) -> Document:
    """Return the document with Python names and a unique operationId for all operations, made from their tags and ids.

    The group is the operation's first tag, else the first segment of its path, else `root`; the name is its
    operationId; there is no actor. If several operations of a group share an operationId, the first one gets it, in the
    order GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE and then by path. The others, and those without an operationId
    (or with ""), are named by method and path. See `with_operation_names` for what is written.
    """
    every = sorted(operations(document), key=lambda operation: _rank((operation[0], operation[1])))
    spots = {f"{verb} {path}" for path, verb, _ in every}
    places: dict[Spot, Place] = {}
    taken: set[Place] = set()
    for path, verb, body in every:
        group = str(next(iter(body.get("tags") or ()), "")) or path.strip("/").split("/")[0] or "root"
        place = group, "", str(body.get("operationId", ""))
        if not place[-1] or place[-1] in spots or place in taken:
            place = group, "", f"{verb} {path}"
        places[path, verb] = place
        taken.add(place)
    return with_operation_names(document, places)


def with_operation_names(document: Document, places: Mapping[Spot, Place]) -> Document:
    """Return the document with a Python name (`x-ovcgen-name`) and a unique operationId for every operation.

    `x-ovcgen-name` is the list [group, actor, method]. If several operations want the same name, one of them can be
    called: a POST, if there is one, else the first by path and verb; the others are marked `x-ovcgen-alternative`. An
    operationId that is missing or repeated is replaced; `x-ovcgen-id` keeps the declared one ("" for none).

    Args:
        document: The document.
        places: The wanted (group, actor, method) of each operation, by (path, verb). The actor is "" for none.

    Raises:
        KeyError: `places` lacks an operation of the document.
    """
    ids = _ids(document)
    first = _first(places)
    names = operation_identifiers(first)

    def named(path: str, verb: str, body: Body) -> Body:
        place = places[path, verb]
        alternative = {} if first[place] == (path, verb) else {"x-ovcgen-alternative": True}
        own = str(body.get("operationId", ""))
        unique = own if own and ids[own] == 1 else "__".join(filter(None, (verb, *place)))
        declared = {} if own == unique else {"x-ovcgen-id": own}
        return {**body, **alternative, **declared, "operationId": unique, "x-ovcgen-name": list(names[place])}

    return each_operation(document, named)


def _ids(document: Document) -> Counter[str]:
    return Counter(str(body.get("operationId", "")) for _, _, body in operations(document))


def _first(places: Mapping[Spot, Place]) -> dict[Place, Spot]:
    """Return the operation that can be called for each name: POST if two verbs share one."""
    ordered = sorted(places, key=lambda spot: (spot[1] != "post", spot), reverse=True)
    return {places[spot]: spot for spot in ordered}


def _rank(spot: Spot) -> tuple[int, str]:
    """Return the sort key of operations that want the same name: reading verbs first, then by path."""
    path, verb = spot
    return PRECEDENCE.index(verb) if verb in PRECEDENCE else len(PRECEDENCE), path


def operation_identifiers(first: Mapping[Place, Spot]) -> dict[Place, Place]:
    """Return the Python identifiers of (group, actor, method) names: a dict from each wanted name to its identifiers.

    `first` maps each wanted name to the (path, verb) that is called by it. An actor of "" stays "".
    """
    actors: dict[str, set[str]] = {}
    methods: dict[tuple[str, str], dict[str, str]] = {}
    for (group, actor, method), spot in sorted(first.items(), key=lambda entry: _rank(entry[1])):
        actors.setdefault(group, set()).add(actor)
        methods.setdefault((group, actor), {})[method] = " ".join(reversed(spot))
    group_names = identifiers(actors, CLIENT_NAMES, hidden=False, nameless="group")
    actor_names = {group: {**identifiers(wire - {""}, GROUP_NAMES), "": ""} for group, wire in actors.items()}
    return {
        (group, actor, method): (group_names[group], actor_names[group][actor], name)
        for (group, actor), wire in methods.items()
        for method, name in identifiers(wire, GROUP_NAMES, aside=wire).items()
    }


def name_parameters(document: Document) -> Document:
    """Return the document with a Python keyword (`x-ovcgen-key`) for every parameter of an operation.

    The keyword is the wire name if Python allows it and no parameter in another location has it: beside `id` of the
    path, a query parameter `id` is `id_query`. The order of precedence is path, query, form, header, body. Names of the
    method's own parameters (`self`, `_async`) are not keywords, except `_async` where the operation accepts it.
    References to parameters must have been replaced before (`inline_shared_objects.inline_references`).
    """

    def named(_path: str, _verb: str, body: Body) -> Body:
        if "parameters" not in body:
            return body
        takes_async = body.get("x-ovcgen-async") is True
        keys = _keys(
            frozenset((parameter["in"], parameter["name"]) for parameter in body["parameters"]),
            takes_async=takes_async,
        )
        parameters = [
            {**parameter, "x-ovcgen-key": keys[parameter["in"], parameter["name"]]} for parameter in body["parameters"]
        ]
        return {**body, "parameters": parameters}

    return each_operation(document, named)


@lru_cache(maxsize=4096)  # releases of one API have mostly the same parameters
def _keys(parameters: frozenset[tuple[str, str]], *, takes_async: bool) -> Mapping[tuple[str, str], str]:
    """Return the keyword of each (location, name); a query parameter `id` beside `id` of the path is `id_query`."""
    names = {name for _, name in parameters}
    wishes: dict[tuple[str, str], str] = {}
    for place, name in sorted(parameters, key=lambda parameter: (PLACES.index(parameter[0]), parameter[1])):
        wish = name
        while wish in wishes.values() or (wish != name and wish in names):
            wish = f"{wish} {place}"
        wishes[place, name] = wish
    aside = {wish: f"{wish} {place}" for (place, _), wish in wishes.items()}
    keys = identifiers(aside, METHOD_NAMES, aside=aside, nameless="argument")
    if takes_async:
        keys["_async"] = "_async"
    return {key: keys[wish] for key, wish in wishes.items()}
