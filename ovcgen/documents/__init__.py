"""Foreign bytes in, a document that can be trusted out: everything that is refused is refused here.

`parse` reads strict JSON, `refuse_hostile` and `check` look at what it says, `taken` mends what is no portal's,
`ordered` takes the chance out of its order. Pure: nothing is read or fetched but the metaschema that comes with
Swagger's validator.
"""

from __future__ import annotations

from ovcgen.documents.json_reader import LIMIT, gathered, load_json, parse
from ovcgen.documents.safety import actors_not_loaded, check, ordered, refuse_hostile, taken

__all__ = [
    "LIMIT",
    "actors_not_loaded",
    "check",
    "gathered",
    "load_json",
    "ordered",
    "parse",
    "refuse_hostile",
    "taken",
]
