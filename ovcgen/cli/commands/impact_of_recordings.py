"""Implement `impact --cassettes`: check recorded calls against another release."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import terminal


def print_newly_invalid_requests(
    cassettes: tuple[Path, ...], old: str, new: str, output: str, specs: Path | None
) -> bool:
    """Print on stdout which recorded requests are valid in release `old` but not in `new`. Return whether any are.

    Args:
        cassettes: Files or folders with recordings of vcrpy.
        old, new: Releases, files or URLs.
        output: The format of `ovcgen impact --cassettes`.
        specs: Folder of pinned catalogs; see `library_of`.

    Raises:
        click.UsageError: the output format is not available for recordings.
        ClientError: a release or a recording can't be read.
    """
    from ovcgen.impact.render.recorded_requests import RENDERERS
    from ovcgen.recordings.newly_refused_requests import newly_refused, recordings
    from ovcgen.recordings.swagger2_validator import ReleaseDocument
    from ovcgen.workflows.compare_releases import changes_between
    from ovcgen.workflows.resolve import resolve

    if output not in RENDERERS:
        raise click.UsageError(f"--cassettes has --output {' and '.join(RENDERERS)}, since recordings have no lines.")
    before, after = (resolve(source, specs=specs) for source in (old, new))
    changes = changes_between(before, after)
    known, met = (ReleaseDocument(side.api, side.document) for side in (before, after))
    found = newly_refused(recordings(cassettes), known, met, changes)
    (terminal.print_wrapped if output == "text" else terminal.print_text)(RENDERERS[output](found))
    return bool(found.refused)
