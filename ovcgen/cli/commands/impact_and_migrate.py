"""Define the commands `impact` and `migrate`: find the code that a release breaks, and rewrite it."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO, OK, USAGE

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
CASSETTES = click.option(
    "--cassettes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Judge recordings of vcrpy instead of code: which requests turn invalid. Repeatable.",
)
OLD = click.option("--from", "old", metavar="A", help="The release that the code was written for.")
NEW = click.option("--to", "new", metavar="B", help="The release that it should run on.")
NAMING = click.option(
    "--naming",
    type=click.Choice(["wire", "pep8"]),
    default="wire",
    show_default=True,
    help="How the code's SDK was generated.",
)

PACKAGE = click.option(
    "--package-name",
    metavar="NAME",
    default="",
    help="Name of the code's SDK, if it was chosen with `generate --package-name`.",
)


@click.command(
    "impact",
    cls=options.WithExamples,
    epilog=(
        "ovcgen impact src --from 2.3.0 --to 2.4.5\n"
        "ovcgen impact --cassettes tests/cassettes \\\n"
        "    --from 2.3.0 --to 2.4.5"
    ),
)
@PATHS
@OLD
@NEW
@options.output("text", "json", "github", "sarif")
@NAMING
@PACKAGE
@CASSETTES
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --output json, and nothing else.")
@options.specs
@click.pass_context
def impact_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    old: str | None,
    new: str | None,
    output: str,
    naming: str,
    package_name: str,
    schema: bool,
    cassettes: tuple[Path, ...],
    specs: Path | None,
) -> None:
    """Say which places in your own Python the step from release A to release B breaks, and what to write there.

    The code is read, never run. Exit code 1 where something breaks, 2 where a file can't be read, else 0.
    """
    from ovcgen.cli.commands.impact_of_recordings import print_newly_invalid_requests
    from ovcgen.impact import render
    from ovcgen.impact.affected_usages import impact
    from ovcgen.usage.interpreter import usage
    from ovcgen.usage.source_files import sources
    from ovcgen.workflows.compatible_releases import release_pairs, runs_on
    from ovcgen.workflows.resolve import pinned

    if schema and not paths and not cassettes:
        terminal.print_json_or_bytes(render.schema())
        return
    if schema or bool(paths) == bool(cassettes) or not old or not new:
        raise click.UsageError("Pass PATH... or --cassettes DIR, --from A and --to B, or --schema alone.")
    if cassettes:
        ctx.exit(NO if print_newly_invalid_requests(cassettes, old, new, output, specs) else OK)
    pair = release_pairs(naming, specs, package_name=package_name)
    between = pair(old, new)
    read, unread = sources(paths)
    used = usage(read, unread, between.old_api)
    found = impact(used, between, runs_on=runs_on(used, between, pair, pinned(specs)))
    (terminal.print_wrapped if output == "text" else terminal.print_text)(render.RENDERERS[output](found))
    if found.broken or found.unread:
        ctx.exit(NO if found.broken else USAGE)


@click.command(
    "migrate",
    cls=options.WithExamples,
    epilog=("ovcgen migrate src --from 2.3.0 --to 2.4.5\novcgen migrate src --from 2.3.0 --to 2.4.5 --write"),
)
@PATHS
@OLD
@NEW
@click.option("--write", is_flag=True, help="Write the files; without it, only the patch is shown.")
@click.option("--repin", is_flag=True, help="Import the SDK of B although places are left for you.")
@NAMING
@PACKAGE
@options.specs
@click.pass_context
def migrate_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    old: str | None,
    new: str | None,
    write: bool,
    repin: bool,
    naming: str,
    package_name: str,
    specs: Path | None,
) -> None:
    """Rewrite your own Python from release A to release B: what can be proven is changed, the rest is listed.

    Prints a patch, or with --write the files that were changed. Exit code 1 where something is left for you, 2 where a
    file can't be read, else 0.
    """
    from ovcgen.impact.affected_usages import impact
    from ovcgen.migrate import apply_plan
    from ovcgen.migrate.plan import plan_edits
    from ovcgen.usage.interpreter import usage
    from ovcgen.usage.source_files import sources
    from ovcgen.workflows.compatible_releases import release_pairs

    if not paths or not old or not new:
        raise click.UsageError("Pass PATH..., --from A and --to B.")
    between = release_pairs(naming, specs, package_name=package_name)(old, new)
    read, unread = sources(paths)
    used = usage(read, unread, between.old_api)
    plan = plan_edits(read, used, between, impact(used, between))
    migrated = apply_plan.migration(read, plan, used.unread, repin=repin)
    if write:
        apply_plan.write(migrated.files)
        for file in migrated.files:
            terminal.print_path(Path(file.file))
    else:
        terminal.print_json_or_bytes(apply_plan.patch(migrated.files))
    for line in apply_plan.remarks(migrated):
        terminal.note(line)
    if migrated.left or migrated.unread:
        ctx.exit(NO if migrated.left else USAGE)
