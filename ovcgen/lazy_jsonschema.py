"""Keeps one grammar from loading: jsonschema takes 0.8 s to build it, for two formats that nobody here uses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

GRAMMAR = "rfc3987_syntax"


@contextlib.contextmanager
def without_grammar() -> Iterator[None]:
    """While jsonschema is imported in here, it gets no checks of the formats `iri` and `iri-reference`.

    Changes nothing where either of the two has been imported before, and the grammar can be imported afterwards.
    """
    if GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
