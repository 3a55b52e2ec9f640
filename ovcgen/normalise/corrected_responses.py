"""Read the response schemas that corrections set in a document, to compare them between releases."""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.documents.document import Document, Json
from ovcgen.normalise.reference_resolution import operations


def corrected_responses(document: Document) -> dict[str, Json]:
    """Return the schema of each 200 response that an overlay's action set or changed, by operation (`POST /path`).

    `document` is one to which the overlay has been applied (`x-answer` is `corrected`). References are replaced by the
    definitions that they lead to, except a definition's reference to itself. Operations without a corrected response
    are left out, as are those whose response an action removed; a corrected response without a schema gives None.
    """
    return {
        f"{verb.upper()} {path}": _expanded(success.get("schema"), document.get("definitions", {}))
        for path, verb, body in operations(document)
        if body.get("x-answer") == "corrected" and isinstance(success := body["responses"].get("200"), dict)
    }


def _expanded(schema: Json, definitions: Mapping[str, Json], inside: tuple[str, ...] = ()) -> Json:
    """Return a schema with references replaced by definitions. A definition's reference to itself is kept."""
    if isinstance(schema, list):
        return [_expanded(item, definitions, inside) for item in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in definitions and name not in inside:
        return _expanded(definitions[name], definitions, (*inside, name))
    return {key: _expanded(value, definitions, inside) for key, value in schema.items()}
