"""Find all dialects: one for each package beside this module, and `plain` for all other documents."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from ovcgen.documents.document import Document
from ovcgen.normalise import plain
from ovcgen.normalise.dialect import Dialect

__all__ = ["DIALECTS", "dialect_of"]


def _beside() -> Iterator[Dialect]:
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.ispkg:
            yield import_module(f"{__package__}.{found.name}").DIALECT


DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (*_beside(), plain.DIALECT)}


def dialect_of(document: Document, name: str = "") -> Dialect:
    """Return the dialect named `name`; if that is "", the first dialect that recognises the document.

    Raises:
        KeyError: no dialect has that name.
    """
    return DIALECTS[name] if name else next(dialect for dialect in DIALECTS.values() if dialect.recognises(document))
