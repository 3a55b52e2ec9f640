"""Create a sample value of a schema: the result of operations without stored state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.model.api import Api, Operation
from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import FORMATS, Samples
from ovcgen.model.scalars import is_scalar
from ovcgen.model.schema import Constant, Property, Reference, Scalar, Schema

Json = Any
DEEP = 4  # optional properties are omitted below this depth, so that recursive schemas end
DEEPEST = 32  # and required ones below this depth
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def sample(operation: Operation, api: Api, arguments: Mapping[str, Json]) -> Json:
    """Return an invented result for a call, of the operation's result type. Equal calls get equal results.

    A property with the name of an argument has its value if the type fits; `id` and `guid` have that of the actor's
    object (`machineId` for `machines`). Upper and lower case in names make no difference. The result of an operation
    that returns a file is the bytes of an empty zip file.

    """
    return _Results(api, _identities(operation, arguments)).value(operation.result)


def _identities(operation: Operation, arguments: Mapping[str, Json]) -> dict[str, Json]:
    """Return property names in lower case, and the arguments that provide their values."""
    known = {name.lower(): value for name, value in arguments.items() if value is not None}
    own = known.get(f"{operation.actor.removesuffix('s')}id".lower())
    return known if own is None else {"id": own, "guid": own, **known}


class _Results(Samples):
    """Makes results with optional members in the upper levels; a reference counts as a level, as a member does."""

    anything = None
    file = EMPTY_ZIP

    def __init__(self, api: Api, identities: Mapping[str, Json]) -> None:
        super().__init__(Resolver(api.schemas))
        self._identities = identities

    def value(self, schema: Schema, depth: int = 0) -> Json:
        return super().value(schema, depth + isinstance(schema, Reference))

    def is_included(self, member: Property, depth: int) -> bool:
        return depth < (DEEPEST if member.required else DEEP)

    def member(self, member: Property, depth: int) -> Json:
        asked = self._identities.get(member.name.lower())
        if isinstance(member.schema, Scalar) and is_scalar(member.schema.kind, asked):
            enum = member.schema.traits.enum
            if not enum or Constant.of(asked) in enum:
                return asked
        return super().member(member, depth)

    def scalar(self, scalar: Scalar) -> Json:
        """Return the first known value, else an empty text, true, or the smallest number from 0 on."""
        traits, limits = scalar.traits, scalar.traits.limits
        for constant in (*traits.enum, *traits.known):
            return constant.value
        if scalar.kind == "boolean":
            return True
        if scalar.kind == "string":
            return FORMATS.get(traits.format, "").ljust(int(limits.get("minLength", 0)), "x")
        least = int(limits.get("minimum", 0))
        return float(least) if scalar.kind == "number" else least
