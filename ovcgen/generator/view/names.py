"""`names.json` of an SDK: what the document calls a thing, and what it is called in Python."""

from __future__ import annotations

import json

from ovcgen.generator.code import Code
from ovcgen.generator.view.shapes import Shapes
from ovcgen.model.api import Api, Operation


def names(api: Api, shapes: Shapes) -> Code:
    """All calls by verb and path, all types by their place, and the arguments that have another name on the wire."""
    renamed = {each.place: _arguments(each) for each in api.callable_operations}
    found = {
        "calls": {each.place: each.dotted for each in api.callable_operations},
        "arguments": {place: arguments for place, arguments in renamed.items() if arguments},
        "types": {".".join(filter(None, key[1:])): name for key, name in shapes.names.items()},
    }
    return Code(json.dumps(found, indent=2, sort_keys=True))


def _arguments(operation: Operation) -> dict[str, str]:
    """`{"query page-size": "page_size"}`: one name may stand in two places."""
    return {f"{each.place} {each.name}": each.key for each in operation.parameters if each.key != each.name}
