"""Remove duplicate texts and unreliable responses: most responses that a catalog declares are wrong."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.transform import Body, each_operation


def trim_texts(document: Document) -> Document:
    """Return the document without `summary`: an operation's `description` is its own, else its summary, else ""."""

    def trimmed(_path: str, _verb: str, body: Body) -> Body:
        text = str(body.get("description") or body.get("summary") or "").strip()
        return {**{key: value for key, value in body.items() if key != "summary"}, "description": text}

    return each_operation(document, trimmed)


def distrust_responses(document: Document) -> Document:
    """Return the document in which 200 responses have any value ({} as schema), except those that an overlay names.

    An overlay names a response by correcting or confirming it (`x-answer`). An operation without a 200 response gets
    one. Other responses are not changed.
    """

    def distrusted(_path: str, _verb: str, body: Body) -> Body:
        if "x-answer" in body:
            return body
        success = {**body["responses"].get("200", {}), "schema": {}}
        return {**body, "responses": {**body["responses"], "200": success}}

    return each_operation(document, distrusted)
