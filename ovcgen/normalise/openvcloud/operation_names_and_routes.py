"""Name and route operations by their path: `/cloudapi/machines/create` is `cloudapi.machines.create`."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.names import with_operation_names
from ovcgen.normalise.reference_resolution import operations
from ovcgen.normalise.transform import Body, each_operation


def name_operations(document: Document) -> Document:
    """Return the document with Python names for all operations, which are the first three segments of their paths.

    If a path has two verbs, the name calls POST, as in OpenvCloud's own clients; the other is `x-ovcgen-alternative`.
    """
    places = {}
    for path, verb, _ in operations(document):
        group, actor, method = [*path.strip("/").split("/"), "", ""][:3]
        places[path, verb] = group, actor, method
    return with_operation_names(document, places)


def route_operations(document: Document) -> Document:
    """Return the document with the path to request in `x-ovcgen-route`, where it differs from the path in the catalog.

    That path has a dot for each underscore of the method: `/cloudapi/machines/add_disk` is requested as `add.disk`.
    Portals of every release serve it, and respond with 404 at the path in the catalog. If the catalog has both
    spellings, each operation keeps its own path.
    """
    paths = document.get("paths", {})

    def routed(path: str, _verb: str, body: Body) -> Body:
        before, slash, method = path.rpartition("/")
        route = before + slash + method.replace("_", ".")
        return body if route == path or route in paths else {**body, "x-ovcgen-route": route}

    return each_operation(document, routed)
