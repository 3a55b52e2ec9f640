"""Write annotations of source files in the formats of GitHub Actions and SARIF.

The callers pass printable texts (`diff.sanitize`); what a format reserves is escaped here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A record of a part of a file; of the whole file if `line` is 0. Lines and columns count from 1.

    Attributes:
        file: The path, as it is written in the annotation.
        line: The first line.
        column, end_line, end_column: The first column, the last line and the column after the part. All three are 0 if
            only the line is known.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
