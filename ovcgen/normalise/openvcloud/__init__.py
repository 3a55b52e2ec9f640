"""The dialect of OpenvCloud catalogs."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise import inline_shared_objects, names, syntax_cleanup
from ovcgen.normalise.dialect import Dialect
from ovcgen.normalise.openvcloud import auth, tasks, unreliable_responses
from ovcgen.normalise.openvcloud.operation_names_and_routes import name_operations, route_operations
from ovcgen.normalise.openvcloud.sdk_wording import WORDING
from ovcgen.normalise.reference_resolution import operations


def is_catalog(document: Document) -> bool:
    """Return whether a document is a portal's catalog: its tags have the form `app__actor`, its paths three segments.

    Only the `__` of each tag and the number of segments are checked. A document without tags is not a catalog.
    """
    every = list(operations(document))
    tags = {str(tag) for _, _, body in every for tag in body.get("tags", ())}
    segments = {len(path.strip("/").split("/")) for path, _, _ in every}
    return bool(tags) and segments == {3} and all("__" in tag for tag in tags)


DIALECT = Dialect(
    name="openvcloud",
    recognises=is_catalog,
    steps=(
        inline_shared_objects.inline_references,
        syntax_cleanup.drop_useless_collection_format,
        syntax_cleanup.normalise_base_path,
        unreliable_responses.trim_texts,
        unreliable_responses.distrust_responses,
        auth.declare_logins,
        tasks.declare_actor,
        tasks.accept_async,
        tasks.accept_tasks,
        name_operations,
        route_operations,
        names.name_parameters,
    ),
    doubts=(unreliable_responses.distrust_responses,),
    wording=WORDING,
    tasks=True,
    pinned=True,
    old_clients=(
        "j.clients.portal.get()",
        "j.clients.portal.get2()",
        "j.clients.portal.getByInstance()",
        "j.clients.portal.getByInstance2()",
        "j.core.portal.getClient()",
        "j.core.portal.getClientByInstance()",
        "j.clients.openvcloud.get().api",
        "j.clients.openvcloud.getFromConfig().api",
        "j.clients.openvcloud.getFromService().api",
    ),
)
