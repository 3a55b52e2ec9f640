"""Read a document into an `Api`; only these modules know the keys of a document."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.documents.openapi3_checks import is_openapi3
from ovcgen.model.api import Api
from ovcgen.model.readers import swagger2


def read(document: Document, release: str) -> Api:
    """Return the API of a normalised Swagger 2.0 document, or of an OpenAPI 3 document.

    `release` is the name of the release that the API gets. Mistakes in an OpenAPI 3 document are not reported here;
    `openapi3.read` returns them, too.

    Raises:
        DanglingReference: a `$ref` of a Swagger 2.0 document names something that the document does not have.
    """
    if is_openapi3(document):
        from ovcgen.model.readers import openapi3  # not loaded for catalogs of portals

        return openapi3.read(document, release)[0]
    return swagger2.read(document, release)
