"""Remove duplicate texts and unreliable responses: most responses that a catalog declares are wrong."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.walk import Body, each_operation


def trim_texts(document: Document) -> Document:
    """Return the document with one text for each operation: its description, else its summary."""

    def trimmed(_path: str, _verb: str, body: Body) -> Body:
        text = str(body.get("description") or body.get("summary") or "").strip()
        return {**{key: value for key, value in body.items() if key != "summary"}, "description": text}

    return each_operation(document, trimmed)


def distrust_responses(document: Document) -> Document:
    """Allow any value in a 200 response, unless an overlay corrected or confirmed it."""

    def distrusted(_path: str, _verb: str, body: Body) -> Body:
        if "x-answer" in body:
            return body
        success = {**body["responses"].get("200", {}), "schema": {}}
        return {**body, "responses": {**body["responses"], "200": success}}

    return each_operation(document, distrusted)
