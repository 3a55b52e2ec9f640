"""Code with its own answers in it: `# breaks` at each line that does, `# open` where nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from textwrap import dedent

import ovcgen
from ovcgen.impact.affected_usages import impact
from ovcgen.impact.impact_result import Impact
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.usage.interpreter import usage
from ovcgen.usage.source_files import sources
from ovcgen.workflows.resolve import api_of

OLD, NEW = "2.2.6", "2.4.5"
Files = Mapping[str, str]


@cache
def between() -> ReleasePair:
    """Both releases."""
    return ReleasePair(api_of(OLD), api_of(NEW), tuple(ovcgen.compare(OLD, NEW)))


def impact_of(folder: Path, files: Files) -> Impact:
    """What is found in these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    releases = between()
    return impact(usage(*sources([folder]), releases.old_api), releases)


def findings(folder: Path, files: Files) -> tuple[set[str], set[str]]:
    """What is found, as `file:line`: what breaks, and what is left open."""
    found = impact_of(folder, files)
    return (
        {f"{Path(broken.place.file).name}:{broken.place.line}" for broken in found.broken},
        {f"{Path(unresolved.place.file).name}:{unresolved.place.line}" for unresolved in found.unresolved},
    )


def marked(files: Files) -> tuple[set[str], set[str]]:
    """What should be found."""
    lines = [
        (f"{Path(name).name}:{number}", line)
        for name, text in files.items()
        for number, line in enumerate(dedent(text).splitlines(), start=1)
    ]
    return {at for at, line in lines if "# breaks" in line}, {at for at, line in lines if "# open" in line}
