"""Load, check and repair Swagger documents from untrusted bytes.

`parse` reads strict JSON, `refuse_hostile` and `check` validate the document, `taken` repairs documents of other
services than portals, and `ordered` sorts a document. Nothing is read or fetched except the metaschema that
swagger_spec_validator contains.
"""

from __future__ import annotations

from ovcgen.documents.json_reader import LIMIT, join_chunks, load_json, parse
from ovcgen.documents.safety import actors_not_loaded, check, ordered, refuse_hostile, taken

__all__ = [
    "LIMIT",
    "actors_not_loaded",
    "check",
    "join_chunks",
    "load_json",
    "ordered",
    "parse",
    "refuse_hostile",
    "taken",
]
