"""The catalog says everything twice, in `summary` and `description`, with a closing newline."""

from __future__ import annotations

from ovcgen.normalise.walk import Body, each_operation
from ovcgen.spec import Document


def trim_texts(document: Document) -> Document:
    """One text an operation."""

    def trimmed(_path: str, _verb: str, body: Body) -> Body:
        text = str(body.get("description") or body.get("summary") or "").strip()
        return {**{key: value for key, value in body.items() if key != "summary"}, "description": text}

    return each_operation(document, trimmed)
