"""The catalog says everything twice, in `summary` and `description`, and most of what it says of answers is wrong."""

from __future__ import annotations

from ovcgen.documents.document import Document
from ovcgen.normalise.walk import Body, each_operation


def trim_texts(document: Document) -> Document:
    """One text an operation."""

    def trimmed(_path: str, _verb: str, body: Body) -> Body:
        text = str(body.get("description") or body.get("summary") or "").strip()
        return {**{key: value for key, value in body.items() if key != "summary"}, "description": text}

    return each_operation(document, trimmed)


def distrust(document: Document) -> Document:
    """What an overlay neither corrects nor confirms may be anything: better no promise than a wrong one."""

    def distrusted(_path: str, _verb: str, body: Body) -> Body:
        if "x-answer" in body:
            return body
        success = {**body["responses"].get("200", {}), "schema": {}}
        return {**body, "responses": {**body["responses"], "200": success}}

    return each_operation(document, distrusted)
