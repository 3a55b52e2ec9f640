"""Define the `operations` command: list what can be called at a portal, in a release or in a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.cli.output_formats import Output
    from ovcgen.workflows.operation_index import OperationIndex
    from ovcgen.workflows.operation_index_cache import OperationSources

MARKS = {"long_running": "long", "deprecated": "deprecated"}


class NoOperations(UsageError):
    """An error: the command names no source of operations, no profile is chosen, and no release is pinned."""

    def __init__(self) -> None:
        super().__init__("There is no pinned release to list.", fix="Name a portal's URL, a release or a file.")


@click.command(
    "operations",
    cls=options.WithExamples,
    epilog=(
        "ovcgen operations https://portal.example snapshot\n"
        "ovcgen operations 2.4.5 'machines.*' -o table\n"
        "ovcgen operations openapi.yaml"
    ),
)
@click.argument("source", metavar="[URL or PROFILE or RELEASE or FILE]", required=False)
@click.argument("pattern", metavar="[PATTERN]", required=False)
@options.groups
@options.refresh
@options.specs_read_later
@options.profile
@options.ca_bundle
@options.result
@click.pass_context
def operations_command(
    ctx: click.Context,
    source: str | None,
    pattern: str | None,
    groups: tuple[str, ...],
    refresh: bool,
    specs: Path | None,
    profile: str | None,
    ca_bundle: str | None,
    output: Output,
) -> None:
    """List what can be called: at a portal, in a pinned release, or in a document. Exit code 1 if there is nothing.

    PATTERN limits the list: all its words have to be in the name or the description, as in `'machine snapshot'`; one
    with `*` or `?` has to fit the whole name, as in `'machines.*'`. Without a source, the chosen profile is listed,
    else the newest pinned release. `long` marks operations that should run as a task (--async, --wait).
    `ovcgen call URL OPERATION --help` describes one.
    """
    from ovcgen.cli.operation_lookup import operation_sources

    sources = operation_sources(specs)
    source, pattern = _source_and_pattern(source, pattern or "", sources.releases())
    name, indexes = _indexes(source, profile, groups, sources, refresh=refresh, ca_bundle=ca_bundle)
    found = [record for index in indexes for record in index.matching(pattern, groups)]
    rows = [_row(record) for record in sorted(found, key=lambda record: str(record["operation"]))]
    output.write(rows, columns=("operation", "marks", "summary"))
    if not found:
        what = f"No operation of {name} fits {pattern!a}." if pattern else f"{name} has no operations."
        terminal.failure(what, "Try fewer words, or another --group.")
        ctx.exit(NO)


def _source_and_pattern(source: str | None, pattern: str, releases: Collection[str]) -> tuple[str | None, str]:
    """Return the source and the pattern. A single argument is a pattern if it is no URL, file, release or profile."""
    from ovcgen.cli.profiles.profile_selection import profile_names
    from ovcgen.workflows.document_input import is_file, is_url

    if source is None or pattern or is_url(source) or is_file(source) or source in (*releases, *profile_names()):
        return source, pattern
    return None, source


def _indexes(
    source: str | None,
    profile: str | None,
    groups: Iterable[str],
    sources: OperationSources,
    *,
    refresh: bool,
    ca_bundle: str | None,
) -> tuple[str, list[OperationIndex]]:
    """Return the name of the source, and the indexes of its operations: one for each group of a portal, else one.

    Without a source, the chosen profile is used, else the newest pinned release.

    Raises:
        NoOperations: no profile is chosen, and no release is pinned.
    """
    from ovcgen.cli.operation_lookup import document_advice, document_index, portal_index
    from ovcgen.cli.profiles.command_target import NoTarget, target_of

    releases = sources.releases()
    if source in releases:
        return str(source), [document_index(str(source), sources)]
    try:
        target = target_of(source, profile, ca_bundle=ca_bundle)
    except NoTarget:
        if not releases:
            raise NoOperations from None
        terminal.note(f"The operations of {releases[-1]}, the newest pinned release:")
        return releases[-1], [document_index(releases[-1], sources)]
    document = target.document or target.profile.value("release")
    if document:
        return target.name or document, [document_index(document, sources, refresh=refresh)]
    wanted = dict.fromkeys(groups or target.groups)
    with document_advice("name its document instead"):
        return target.name, [portal_index(target, group, sources, refresh=refresh) for group in wanted]


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    fields = {key: record[key] for key in ("operation", "method", "path", "summary", "task")}
    return {**fields, "marks": [mark for key, mark in MARKS.items() if record[key]]}
