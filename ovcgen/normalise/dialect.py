"""Which family of documents this is: an OpenvCloud portal's catalog, or any other Swagger 2.0 document."""

from __future__ import annotations

from ovcgen.spec import Document


def of(document: Document) -> str:
    """`openvcloud` where every tag is `app__actor` and every path `/app/actor/method`, else `plain`."""
    paths = document.get("paths") or {}
    tags = {
        tag
        for item in paths.values()
        for operation in item.values()
        if isinstance(operation, dict)
        for tag in operation.get("tags", ())
    }
    segments = {len(path.strip("/").split("/")) for path in paths}
    return "openvcloud" if tags and segments == {3} and all("__" in str(tag) for tag in tags) else "plain"
