"""Keep compiled templates in `__pycache__` beside the templates, as Python keeps compiled modules.

Compiling the templates takes a third of the time in which the SDK of a small document is generated.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from ovcgen.files import replace_file

READABLE = 0o644  # as Python's own files there


class CompiledTemplates(BytecodeCache):
    """Reads and writes the compiled templates of one folder.

    Nothing is written where Python may not write (`PYTHONDONTWRITEBYTECODE`, a folder of another user). Templates are
    then compiled in each process.

    Args:
        folder: The folder of the templates.
        options: The options of the environment. What was compiled with others is not used.
    """

    def __init__(self, folder: Path, options: str) -> None:
        self._folder = folder / "__pycache__"
        self._options = options

    def get_source_checksum(self, source: str) -> str:
        """Return the checksum by which a changed template is noticed."""
        return super().get_source_checksum(f"{self._options}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with the compiled template, unless it is missing, damaged or out of date."""
        with suppress(OSError), self._file(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the compiled template if that is possible."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            replace_file(self._file(bucket), bucket.bytecode_to_string(), mode=READABLE)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinjac"
