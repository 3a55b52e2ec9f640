"""The path of a call is its name: `/cloudapi/machines/create` is `cloudapi.machines.create`."""

from __future__ import annotations

from ovcgen.normalise.names import placed
from ovcgen.normalise.places import operations
from ovcgen.spec import Document


def name_operations(document: Document) -> Document:
    """A path with two verbs is one place; of the two, POST is called, as OpenvCloud's own clients do."""
    places = {}
    for path, verb, _ in operations(document):
        group, actor, method = [*path.strip("/").split("/"), "", ""][:3]
        places[path, verb] = group, actor, method
    return placed(document, places)
