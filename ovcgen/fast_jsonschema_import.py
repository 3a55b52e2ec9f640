"""Import jsonschema without a grammar that takes 0.8 s to load and checks two formats that ovcgen does not use."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

GRAMMAR = "rfc3987_syntax"


@contextlib.contextmanager
def without_grammar() -> Iterator[None]:
    """Return a context in which `import jsonschema` leaves out the checks of the formats `iri` and `iri-reference`.

    It saves 0.8 s: the grammar of these checks is not loaded. It does nothing if jsonschema, or the library
    `rfc3987_syntax` of these checks, has been imported before. The library can be imported after the context.
    """
    if GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
