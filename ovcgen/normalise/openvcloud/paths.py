"""The path of a call is its name: `/cloudapi/machines/create` is `cloudapi.machines.create`."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.names import placed
from ovcgen.normalise.places import operations
from ovcgen.normalise.walk import Body, each_operation


def name_operations(document: Document) -> Document:
    """A path with two verbs is one place; of the two, POST is called, as OpenvCloud's own clients do."""
    places = {}
    for path, verb, _ in operations(document):
        group, actor, method = [*path.strip("/").split("/"), "", ""][:3]
        places[path, verb] = group, actor, method
    return placed(document, places)


def route_operations(document: Document) -> Document:
    """An underscore in a method's name is a dot in the path that a portal answers at: `x-ovcgen-route` says that path.

    Portals of every release route so, and answer 404 at the path that the catalog shows. Where the catalog has both
    spellings, each keeps its own path.
    """
    paths = document.get("paths", {})

    def routed(path: str, _verb: str, body: Body) -> Body:
        before, slash, method = path.rpartition("/")
        route = before + slash + method.replace("_", ".")
        return body if route == path or route in paths else {**body, "x-ovcgen-route": route}

    return each_operation(document, routed)
