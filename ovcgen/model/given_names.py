"""Keep the Python names that an earlier SDK of the same API gave, whatever else is in its document by now.

A name is kept for what is still the same: a call at the same verb and path with the same first tag and operationId,
an argument of the same wire name in the same place, a type at the same place of the document. What is new steps aside.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from ovcgen.documents.document import sha256_of
from ovcgen.documents.identifiers import is_identifier, short_hash
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Json
from ovcgen.normalise.names import CLIENT_NAMES, GROUP_NAMES, METHOD_NAMES, identifiers

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenNames:
    """The content of an SDK's names.json.

    Attributes:
        api: The title of the document.
        release: The release that the SDK was made of.
        naming: `wire` or `pep8`.
        calls: Dotted Python names by verb and path, as in `POST /pets`.
        declared: By verb and path, the first tag and the operationId, for plain documents only.
        arguments: By verb and path, the Python keywords by place and wire name, as in `query page-size`. Plain
            documents have all of them, catalogs those that are spelled differently on the wire.
        types: Names of types by their place.
    """

    api: str = ""
    release: str = ""
    naming: str = "wire"
    calls: Texts = field(default_factory=dict)
    declared: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    arguments: Mapping[str, Texts] = field(default_factory=dict)
    types: Texts = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str | bytes) -> GivenNames | None:
        """Return what a names.json says; None if it can't be read."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(found, dict) or not isinstance(found.get("calls"), dict):
            return None
        declared = {place: tuple(map(str, each)) for place, each in _mapping(found.get("declared")).items() if each}
        arguments = {place: _texts(each) for place, each in _mapping(found.get("arguments")).items()}
        return cls(
            api=str(found.get("api", "")),
            release=str(found.get("release", "")),
            naming=str(found.get("naming", "wire")),
            calls=_texts(found["calls"]),
            declared={place: (each[0], each[1]) for place, each in declared.items() if len(each) == 2},
            arguments=arguments,
            types=_texts(found.get("types")),
        )

    @property
    def json(self) -> str:
        """The text of a names.json."""
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
        return json.dumps(found, indent=2, sort_keys=True)

    def is_of(self, api: Api) -> bool:
        """Return whether these can be the names of an earlier SDK of that API.

        They are if the title is the same and a call, or if half of the calls are.
        """
        shared = sum(operation.place in self.calls for operation in api.callable_operations)
        same_title = self.api == api.title or not self.api
        return not self.calls or (shared > 0 if same_title else 2 * shared >= len(self.calls))

    def holds(self, operation: Operation) -> bool:
        """Return whether that call had a name and is declared as it was."""
        before = self.declared.get(operation.place)
        return operation.place in self.calls and before in (None, declared(operation))


def declared(operation: Operation) -> tuple[str, str]:
    """Return what of the document a plain call's name comes from: its first tag and its operationId."""
    return next(iter(operation.tags), ""), operation.id


def argument_place(parameter: Parameter) -> str:
    """Return how names.json names a parameter: one wire name may stand in two places."""
    return f"{parameter.location} {parameter.name}"


def keep(api: Api, given: GivenNames) -> Api:
    """Return the API with the names of calls and arguments that `given` has for them; other names step aside."""
    held = {
        operation.place: given.calls[operation.place].split(".")
        for operation in api.callable_operations
        if given.holds(operation)
    }
    groups = _groups(api, held)
    names: dict[str, str] = {}  # by today's dotted name
    for group, actor in sorted({(operation.group, operation.actor) for operation in api.operations}):
        inside = {
            operation.place: operation
            for operation in api.callable_operations
            if (operation.group, operation.actor) == (group, actor)
        }
        holder = [part for part in (groups[group], actor) if part]
        kept = {place: held[place][-1] for place in inside if place in held and held[place][:-1] == holder}
        served = _served({place: each.name for place, each in inside.items()}, kept, GROUP_NAMES, _verb_and_path)
        names.update({each.dotted: served[place] for place, each in inside.items()})
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


def _groups(api: Api, held: Mapping[str, list[str]]) -> dict[str, str]:
    """The name of each group: the one that most of its calls had."""
    votes = Counter(
        (operation.group, held[operation.place][0]) for operation in api.callable_operations if operation.place in held
    )
    kept: dict[str, str] = {}
    for (today, before), _ in sorted(votes.items(), key=lambda each: (-each[1], each[0])):
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
    """A name for each key of `own`: the kept one, else its own, else one that depends on the key alone."""
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
    """`GET /pets` as a method: `get_pets`."""
    verb, _, path = place.partition(" ")
    text = f"{verb.lower()} {path}"
    return identifiers([text])[text]


def _name_and_place(argument: str) -> str:
    """`query page-size` as a keyword: `page_size_query`."""
    place, _, name = argument.partition(" ")
    text = f"{name} {place}"
    return identifiers([text], METHOD_NAMES)[text]


def _usable(name: str, reserved: Collection[str]) -> bool:
    """Whether code can hold that name: a names.json may have been edited."""
    return is_identifier(name) and not name.startswith("__") and name not in reserved


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> dict[str, str]:
    return {key: each for key, each in _mapping(value).items() if isinstance(each, str)}
