"""The dialects there are: one for each folder beside this file, and `plain` for everything else."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from ovcgen.documents.document import Document
from ovcgen.normalise import plain
from ovcgen.normalise.dialect import Dialect

__all__ = ["DIALECTS", "of"]


def _beside() -> Iterator[Dialect]:
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.ispkg:
            yield import_module(f"{__package__}.{found.name}").DIALECT


DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (*_beside(), plain.DIALECT)}


def of(document: Document, spoken: str = "") -> Dialect:
    """The dialect that is called `spoken`; where nobody says so, the one that the document is written in."""
    return (
        DIALECTS[spoken] if spoken else next(dialect for dialect in DIALECTS.values() if dialect.recognises(document))
    )
