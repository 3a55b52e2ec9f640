"""Correct how a document is written: `collectionFormat` on arrays only, and no slash at the end of the base path."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.transform import Body, each_parameter


def drop_useless_collection_format(document: Document) -> Document:
    """Return the document without `collectionFormat` in those parameters of operations whose type is not array."""

    def trimmed(parameter: Body) -> Body:
        if parameter.get("type") == "array":
            return parameter
        return {key: value for key, value in parameter.items() if key != "collectionFormat"}

    return each_parameter(document, trimmed)


def normalise_base_path(document: Document) -> Document:
    """Return the document with a base path that starts with a slash and does not end with one.

    A missing or empty base path becomes `/`.
    """
    return {**document, "basePath": "/" + str(document.get("basePath", "")).strip("/")}
