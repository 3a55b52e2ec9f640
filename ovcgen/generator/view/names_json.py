"""Build `names.json` of an SDK, which maps the document's names to Python names."""

from __future__ import annotations

from collections import Counter

from ovcgen.generator.code import Code
from ovcgen.generator.view.schema_annotations import NamedTypes, type_place
from ovcgen.model.api import Api, Operation
from ovcgen.model.earlier_sdk_names import GivenNames, argument_place, declared


def names(api: Api, shapes: NamedTypes, naming: str, *, aio: bool = True) -> Code:
    """Return the text of names.json, with which the next SDK of this API keeps its names.

    Args:
        api: The API.
        shapes: The named types of the release.
        naming: `wire` or `pep8`.
        aio: Whether the SDK has asynchronous modules.
    """
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
            aio=aio,
        ).json
    )


def type_names(shapes: NamedTypes) -> dict[str, str]:
    """Return the name of each type by its place in the document, as names.json has it (see `type_place`).

    A place that two types share, as of requests and responses, has `type`, `sent`, ... in front.
    """
    places = {key: type_place(key) for key in shapes.names}
    often = Counter(places.values())
    return {(place if often[place] == 1 else f"{key[0]} {place}"): shapes.names[key] for key, place in places.items()}


def _arguments(operation: Operation) -> dict[str, str]:
    """Return keywords by location and wire name, as in `{"query page-size": "page_size"}`.

    For operations of catalogs only keywords that differ from the wire name are included.
    """
    return {
        argument_place(parameter): parameter.key
        for parameter in operation.parameters
        if operation.plain or parameter.key != parameter.name
    }
