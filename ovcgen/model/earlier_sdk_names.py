"""Keep the Python names of an earlier SDK when an SDK of the same API is generated again.

A name is kept for an element that is still the same: an operation with the same method, path, first tag and
operationId; an argument with the same wire name and location; a type at the same place of the document. A new element
that would get one of these names gets another one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from ovcgen.documents.document import line_for_each_key, sha256_of
from ovcgen.documents.python_identifiers import is_identifier, short_hash
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Json
from ovcgen.normalise.names import CLIENT_NAMES, GROUP_NAMES, METHOD_NAMES, identifiers

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenNames:
    """The names of an earlier SDK, which its names.json holds.

    Attributes:
        api: The title of the document.
        release: The release that the SDK was generated from.
        naming: `wire` or `pep8`.
        calls: Dotted Python names by method and path, as in `POST /pets`.
        declared: First tag and operationId by method and path, for plain documents only.
        arguments: By method and path, the Python keywords by location and wire name, as in `query page-size`. Plain
            documents have all of them, catalogs only those that differ from the wire name.
        types: Names of types by their place in the document.
        aio: Whether the SDK has asynchronous modules.
    """

    api: str = ""
    release: str = ""
    naming: str = "wire"
    calls: Texts = field(default_factory=dict)
    declared: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    arguments: Mapping[str, Texts] = field(default_factory=dict)
    types: Texts = field(default_factory=dict)
    aio: bool = True

    @classmethod
    def parse(cls, text: str | bytes) -> GivenNames | None:
        """Return the names in the text of a names.json; None if it is not JSON or has no object `calls`.

        Other keys may be missing, and entries that are no text are left out, in `declared` those that are no pair.
        """
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(found, dict) or not isinstance(found.get("calls"), dict):
            return None
        arguments = {place: _texts(texts) for place, texts in _mapping(found.get("arguments")).items()}
        return cls(
            api=str(found.get("api", "")),
            release=str(found.get("release", "")),
            naming=str(found.get("naming", "wire")),
            calls=_texts(found["calls"]),
            declared=_pairs(found.get("declared")),
            arguments=arguments,
            types=_texts(found.get("types")),
            aio=found.get("aio") is not False,
        )

    @property
    def json(self) -> str:
        """Return the text of names.json: a JSON object with each key on a line of its own, which `parse` reads.

        `declared` is left out if it is empty, and `aio` if it is true.
        """
        found: dict[str, Json] = {
            "api": self.api,
            "arguments": self.arguments,
            "calls": self.calls,
            "naming": self.naming,
            "release": self.release,
            "types": self.types,
        }
        if self.declared:
            found["declared"] = self.declared
        if not self.aio:
            found["aio"] = False
        return line_for_each_key(found)

    def is_of(self, api: Api) -> bool:
        """Return whether the names can be those of an earlier SDK of the API.

        They can if the title is the same (or unknown) and at least one operation is shared, or if at least half of the
        operations with a name are in the API. An empty names.json fits any API.
        """
        shared = sum(operation.place in self.calls for operation in api.callable_operations)
        same_title = self.api == api.title or not self.api
        return not self.calls or (shared > 0 if same_title else 2 * shared >= len(self.calls))

    def holds(self, operation: Operation) -> bool:
        """Return whether the operation has a name in `calls`, and its first tag and operationId are unchanged.

        They count as unchanged if `declared` does not have the operation, as in catalogs.
        """
        before = self.declared.get(operation.place)
        return operation.place in self.calls and before in (None, declared(operation))


def declared(operation: Operation) -> tuple[str, str]:
    """Return (first tag, operationId), from which the name of a plain operation is derived; "" for what it lacks."""
    return next(iter(operation.tags), ""), operation.id


def argument_place(parameter: Parameter) -> str:
    """Return the key of a parameter in names.json: `query page-size`, since two locations can share a wire name."""
    return f"{parameter.location} {parameter.name}"


def keep(api: Api, given: GivenNames) -> Api:
    """Return a copy of the API with the names that `given` has for its groups, operations and arguments.

    If another group, operation or argument already has such a name, that other one is renamed. An operation whose first
    tag or operationId has changed does not keep its name (see `GivenNames.holds`), and names that are no usable
    identifiers are ignored. References to renamed operations (`use_instead`) are renamed too. Types are not named here.
    """
    names_given = {
        operation.place: given.calls[operation.place].split(".")
        for operation in api.callable_operations
        if given.holds(operation)
    }
    groups = _groups(api, names_given)
    names: dict[str, str] = {}  # new names by the current dotted name
    for group, actor in sorted({(operation.group, operation.actor) for operation in api.operations}):
        inside = {
            operation.place: operation
            for operation in api.callable_operations
            if (operation.group, operation.actor) == (group, actor)
        }
        holder = [part for part in (groups[group], actor) if part]
        kept = {
            place: names_given[place][-1]
            for place in inside
            if place in names_given and names_given[place][:-1] == holder
        }
        served = _served(
            {place: operation.name for place, operation in inside.items()}, kept, GROUP_NAMES, _verb_and_path
        )
        names.update({operation.dotted: served[place] for place, operation in inside.items()})
    renamed = tuple(
        replace(
            operation,
            group=groups[operation.group],
            name=names.get(operation.dotted, operation.name),
            parameters=_arguments(operation, given),
        )
        for operation in api.operations
    )
    dotted = {old.dotted: new.dotted for old, new in zip(api.operations, renamed, strict=True)}
    return replace(
        api,
        operations=tuple(
            replace(operation, use_instead=dotted.get(operation.use_instead, operation.use_instead))
            for operation in renamed
        ),
    )


def _groups(api: Api, given: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the name of each group: the one that most of its operations had."""
    votes = Counter(
        (operation.group, given[operation.place][0])
        for operation in api.callable_operations
        if operation.place in given
    )
    kept: dict[str, str] = {}
    for (today, before), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        kept.setdefault(today, before)
    return _served({operation.group: operation.group for operation in api.operations}, kept, CLIENT_NAMES)


def _arguments(operation: Operation, given: GivenNames) -> tuple[Parameter, ...]:
    own = {argument_place(parameter): parameter.key for parameter in operation.parameters}
    keys = _served(own, given.arguments.get(operation.place, {}), METHOD_NAMES, _name_and_place)
    return tuple(replace(parameter, key=keys[argument_place(parameter)]) for parameter in operation.parameters)


def _served(
    own: Mapping[str, str],
    kept: Mapping[str, str],
    reserved: Collection[str],
    aside: Callable[[str], str] | None = None,
) -> dict[str, str]:
    """Return a name for each key of `own`: the kept one, else its own, else one derived from the key.

    Args:
        kept: The earlier names by key. Names that are unusable or already taken are ignored.
        reserved: Names that must not be kept.
        aside: Makes a name from a key, for keys whose own name is taken.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in own:
        if key in kept and _usable(kept[key], reserved) and kept[key] not in taken:
            found[key] = kept[key]
            taken.add(kept[key])
    free = {key: name for key, name in own.items() if key not in found}
    for key, name in free.items():
        wishes = [name, *([aside(key)] if aside else []), f"{name.rstrip('_')}_{short_hash(key)}"]
        found[key] = next((wish for wish in wishes if wish not in taken), f"{name}_{sha256_of(key)}")
        taken.add(found[key])
    return found


def _verb_and_path(place: str) -> str:
    """Return `get_pets` for `GET /pets`."""
    verb, _, path = place.partition(" ")
    text = f"{verb.lower()} {path}"
    return identifiers([text])[text]


def _name_and_place(argument: str) -> str:
    """Return `page_size_query` for `query page-size`."""
    place, _, name = argument.partition(" ")
    text = f"{name} {place}"
    return identifiers([text], METHOD_NAMES)[text]


def _usable(name: str, reserved: Collection[str]) -> bool:
    """Return whether code can use that name. It may be invalid, because users can edit names.json."""
    return is_identifier(name) and not name.startswith("__") and name not in reserved


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> dict[str, str]:
    return {key: text for key, text in _mapping(value).items() if isinstance(text, str)}


def _pairs(value: Json) -> dict[str, tuple[str, str]]:
    """Return the entries of an object that are lists of two texts."""
    found = {key: tuple(pair) for key, pair in _mapping(value).items() if isinstance(pair, list)}
    return {key: pair for key, pair in found.items() if len(pair) == 2 and all(isinstance(text, str) for text in pair)}
