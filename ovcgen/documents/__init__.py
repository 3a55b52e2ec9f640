"""Load, check and repair Swagger documents from untrusted bytes.

`parse` reads strict JSON, `refuse_hostile` and `check` validate the document, `repair_swagger2` repairs documents of
services that are not portals, and `ordered` sorts a document. Nothing is read or fetched except the metaschema that
swagger_spec_validator contains. These functions are imported at their first use: commands that read no document need
only `depth_limit`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovcgen.documents.json_reader import LIMIT, join_chunks, load_json, parse
    from ovcgen.documents.swagger2_checks import actors_not_loaded, check, ordered, refuse_hostile, repair_swagger2

__all__ = [
    "LIMIT",
    "actors_not_loaded",
    "check",
    "join_chunks",
    "load_json",
    "ordered",
    "parse",
    "refuse_hostile",
    "repair_swagger2",
]
_READER = ("LIMIT", "join_chunks", "load_json", "parse")


if not TYPE_CHECKING:  # hidden from type checkers, which would accept any name

    def __getattr__(name: str) -> object:
        """Import a public name at its first use. Raises AttributeError if there is no such name."""
        if name not in __all__:
            raise AttributeError(f"module 'ovcgen.documents' has no attribute {name!r}")
        home = "json_reader" if name in _READER else "swagger2_checks"
        value = getattr(importlib.import_module(f"ovcgen.documents.{home}"), name)
        globals()[name] = value
        return value
