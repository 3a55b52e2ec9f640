"""Documents write `collectionFormat` on single values and a closing slash on their base path."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.walk import Body, each_parameter


def drop_meaningless(document: Document) -> Document:
    """`collectionFormat` stays where there is a collection."""

    def trimmed(parameter: Body) -> Body:
        if parameter.get("type") == "array":
            return parameter
        return {key: value for key, value in parameter.items() if key != "collectionFormat"}

    return each_parameter(document, trimmed)


def plain_base_path(document: Document) -> Document:
    """`/v1/` + `/pets` would put two slashes into every URL."""
    return {**document, "basePath": "/" + str(document.get("basePath", "")).strip("/")}
