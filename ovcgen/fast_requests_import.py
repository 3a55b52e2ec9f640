"""Import requests without the detection of character sets, which takes 40 ms and which ovcgen does not use."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator

UNUSED = ("chardet", "charset_normalizer", "simplejson")


@contextlib.contextmanager
def without_detection() -> Iterator[None]:
    """Return a context in which `import requests` imports no optional libraries of requests, which saves 40 ms.

    Responses of requests then do not guess the character set (`apparent_encoding` is UTF-8), and use Python's own
    `json`. The context does nothing if requests has been imported before. The optional libraries can be imported after
    the context.
    """
    blocked = [name for name in UNUSED if name not in sys.modules] if "requests" not in sys.modules else []
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]  # None makes an import fail
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Unable to find acceptable character detection dependency")
            yield
    finally:
        for name in blocked:
            del sys.modules[name]
