"""Which family of documents this is: an OpenvCloud portal's catalog, or any other Swagger 2.0 document."""

from __future__ import annotations

from ovcgen.normalise.places import operations
from ovcgen.spec import Document


def of(document: Document) -> str:
    """`openvcloud` where every tag is `app__actor` and every path `/app/actor/method`, else `plain`."""
    every = list(operations(document))
    tags = {str(tag) for _, _, body in every for tag in body.get("tags", ())}
    segments = {len(path.strip("/").split("/")) for path, _, _ in every}
    return "openvcloud" if tags and segments == {3} and all("__" in tag for tag in tags) else "plain"
