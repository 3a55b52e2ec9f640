"""The dialect of any Swagger 2.0 document that no other dialect recognises."""

from __future__ import annotations

from ovcgen.normalise import inline_shared_objects, names, syntax_cleanup
from ovcgen.normalise.dialect import Dialect

PLAIN = "plain"

DIALECT = Dialect(
    name=PLAIN,
    recognises=lambda _document: True,
    steps=(
        inline_shared_objects.inline_references,
        syntax_cleanup.drop_useless_collection_format,
        syntax_cleanup.normalise_base_path,
        names.name_operations,
        names.name_parameters,
    ),
)
