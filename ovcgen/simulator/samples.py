"""Create a sample value of a schema: the result of operations without stored state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.model.api import Api, Operation
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    File,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
)

Json = Any
DEEP = 4  # optional properties are omitted below this depth, so that recursive schemas end
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date": "2018-01-01",
    "date-time": "2018-01-01T00:00:00Z",
    "email": "somebody@example.org",
    "uri": "https://example.org/",
    "ipv4": "192.0.2.1",
    "byte": "",
}


def sample(operation: Operation, api: Api, arguments: Mapping[str, Json]) -> Json:
    """Return a sample result for a call. Equal calls get equal values.

    Properties that name an object have the value of the same argument (`id` has that of `machineId`).
    """
    return _Sampler(api, _identities(operation, arguments)).value(operation.result, 0)


def _identities(operation: Operation, arguments: Mapping[str, Json]) -> dict[str, Json]:
    """Return property names in lower case, and the arguments that provide their values."""
    known = {name.lower(): value for name, value in arguments.items() if value is not None}
    own = known.get(f"{operation.actor.removesuffix('s')}id".lower())
    return known if own is None else {"id": own, "guid": own, **known}


class _Sampler:
    def __init__(self, api: Api, identities: Mapping[str, Json]) -> None:
        self._api = api
        self._identities = identities

    def value(self, schema: Schema, depth: int) -> Json:
        match schema:
            case Scalar(kind, traits):
                return _scalar(kind, traits)
            case Array(items, _, traits):
                return [self.value(items, depth + 1) for _ in range(_limit(traits, "minItems"))]
            case Map():
                return {}
            case Record(properties):
                return {
                    property_.name: self._member(property_, depth)
                    for property_ in properties
                    if property_.required or depth < DEEP
                }
            case Composed(members):
                parts = [self.value(member, depth) for member in members]
                return {key: item for part in parts if isinstance(part, dict) for key, item in part.items()}
            case Reference(name):
                target = self._api.definition(name)
                return None if target is None else self.value(target, depth + 1)
            case File():
                return EMPTY_ZIP
            case Anything() | Nothing():
                return None

    def _member(self, member: Property, depth: int) -> Json:
        asked = self._identities.get(member.name.lower())
        if isinstance(member.schema, Scalar) and _fits(member.schema, asked):
            return asked
        return self.value(member.schema, depth + 1)


def _fits(schema: Scalar, value: Json) -> bool:
    kinds: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    if value is None or isinstance(value, bool) != (schema.kind == "boolean"):
        return False
    enum = [constant.value for constant in schema.traits.enum]
    return isinstance(value, kinds[schema.kind]) and (not enum or value in enum)


def _scalar(kind: str, traits: Traits) -> Json:
    for constants in (traits.enum, traits.known):
        if constants:
            return constants[0].value
    match kind:
        case "string":
            return FORMATS.get(traits.format, "").ljust(_limit(traits, "minLength"), "x")
        case "boolean":
            return True
        case "number":
            return float(_limit(traits, "minimum"))
    return _limit(traits, "minimum")


def _limit(traits: Traits, keyword: str) -> int:
    return next((int(constant.value) for name, constant in traits.constraints if name == keyword), 0)
