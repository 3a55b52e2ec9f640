"""`names.json` of an SDK: what the document calls a thing, and what it is called in Python."""

from __future__ import annotations

from collections import Counter

from ovcgen.generator.code import Code
from ovcgen.generator.view.shapes import Shapes, type_place
from ovcgen.model.api import Api, Operation
from ovcgen.model.given_names import GivenNames, argument_place, declared


def names(api: Api, shapes: Shapes, naming: str) -> Code:
    """Return all that the next SDK of this API needs to keep these names."""
    calls = api.callable_operations
    arguments = {call.place: _arguments(call) for call in calls}
    return Code(
        GivenNames(
            api=api.title,
            release=api.release,
            naming=naming,
            calls={call.place: call.dotted for call in calls},
            declared={call.place: declared(call) for call in calls if call.plain},
            arguments={place: known for place, known in arguments.items() if known},
            types=type_names(shapes),
        ).json
    )


def type_names(shapes: Shapes) -> dict[str, str]:
    """Return the names of all types by their place."""
    places = {key: type_place(key) for key in shapes.names}
    often = Counter(places.values())
    return {(place if often[place] == 1 else f"{key[0]} {place}"): shapes.names[key] for key, place in places.items()}


def _arguments(operation: Operation) -> dict[str, str]:
    """`{"query page-size": "page_size"}`; of a catalog's call only the arguments with another name on the wire."""
    return {
        argument_place(parameter): parameter.key
        for parameter in operation.parameters
        if operation.plain or parameter.key != parameter.name
    }
