"""Import jsonschema without a grammar that takes 0.8 s to load and checks two formats that ovcgen does not use."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

GRAMMAR = "rfc3987_syntax"


@contextlib.contextmanager
def without_grammar() -> Iterator[None]:
    """While this context is active, jsonschema is imported without checks of the formats `iri` and `iri-reference`.

    Does nothing if jsonschema or the grammar has been imported before. The grammar can still be imported afterwards.
    """
    if GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
