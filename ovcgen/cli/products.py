"""`generate` and `diff`: what is made of catalogs."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, screen
from ovcgen.cli.exits import NO
from ovcgen.errors import OutOfDate


@click.command("generate")
@click.argument("source", required=False, metavar="RELEASE or FILE")
@click.option("--all", "every", is_flag=True, help="All pinned releases.")
@click.option("--release", metavar="R", help="The release of a FILE.")
@click.option("--out", type=options.FOLDER, default="generated", show_default=True, help="The SDK's parent folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if what is there is not what would be written.")
@click.option("--naming", type=click.Choice(["wire", "pep8"]), default="wire", show_default=True)
@options.groups
@options.specs
def generate_command(
    source: str | None,
    every: bool,
    release: str | None,
    out: Path,
    check: bool,
    naming: str,
    groups: tuple[str, ...],
    specs: Path | None,
) -> None:
    """Write the Python SDK of a pinned RELEASE or of a Swagger FILE to DIR/openvcloud-RELEASE.

    Only files that ovcgen wrote are ever replaced, and the folder changes as a whole or not at all.
    """
    from ovcgen.generator.write import check as differing
    from ovcgen.generator.write import write
    from ovcgen.pipeline.products import sdk_of
    from ovcgen.pipeline.sources import library_of

    if bool(source) == every:
        raise click.UsageError("Name one release or file, or pass --all.")
    for each in library_of(specs).releases() if every else (str(source),):
        sdk = sdk_of(each, release=release, naming=naming, groups=groups or None, specs=specs)
        target = out / sdk.folder
        if check:
            stale = differing(sdk.files, target)
            if stale:
                raise OutOfDate(str(target), stale)
            screen.note(f"{target} is up to date.")
        else:
            write(sdk.files, target)
            screen.note(f"{sdk.operations} operations of {each} in {len(sdk.files)} files.")
            click.echo(target)


@click.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--explain", metavar="KIND", help="Say what a kind of change means, and nothing else.")
@options.output("text", "json", "markdown")
@click.option(
    "--fail-on", type=click.Choice(["breaking", "warning", "never"]), default="breaking", show_default=True,
    help="From which level on the exit code is 1.",
)  # fmt: skip
@options.specs
@click.pass_context
def diff_command(
    ctx: click.Context,
    old: str | None,
    new: str | None,
    explain: str | None,
    output: str,
    fail_on: str,
    specs: Path | None,
) -> None:
    """Say what changed between two releases or files, and who breaks."""
    from ovcgen import diff
    from ovcgen.pipeline.products import compare
    from ovcgen.pipeline.sources import load

    if explain:
        click.echo(diff.explain(explain))
        return
    if not old or not new:
        raise click.UsageError("Name two releases or files: OLD NEW.")
    before, after = load(old, specs=specs), load(new, specs=specs)
    changes = compare(before, after, specs=specs)
    click.echo(diff.RENDERERS[output](before.release, after.release, changes), nl=False)
    if diff.breaks(changes, fail_on):
        ctx.exit(NO)
