"""The dialect of any Swagger 2.0 document that no other dialect recognises."""

from __future__ import annotations

from ovcgen.normalise import names, path_items, types
from ovcgen.normalise.dialect import Dialect

PLAIN = "plain"

DIALECT = Dialect(
    name=PLAIN,
    recognises=lambda _document: True,
    steps=(
        path_items.write_out,
        types.drop_meaningless,
        types.plain_base_path,
        names.name_operations,
        names.name_parameters,
    ),
)
