"""Define the `generate` command: write SDKs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ovcgen.cli import options, terminal
from ovcgen.errors import OutOfDate

if TYPE_CHECKING:
    from ovcgen.workflows.build import Sdk


@click.command("generate")
@click.argument("source", required=False, metavar="RELEASE, FILE or URL")
@click.option("--all", "every", is_flag=True, help="All pinned releases.")
@click.option("--release", metavar="R", help="The release of a FILE.")
@click.option("--out", type=options.FOLDER, default="generated", show_default=True, help="The SDK's parent folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if what is there is not what would be written.")
@click.option(
    "--naming",
    type=click.Choice(["wire", "pep8"]),
    default="wire",
    show_default=True,
    help="The portal's own names, or add_disk for addDisk.",
)
@click.option(
    "--next",
    "later",
    metavar="R",
    help="Deprecate what release R lacks. Default: the pinned one that follows; none for no marks.",
)
@options.groups
@options.specs
@options.reading
def generate_command(
    source: str | None,
    every: bool,
    release: str | None,
    out: Path,
    check: bool,
    naming: str,
    later: str | None,
    groups: tuple[str, ...],
    specs: Path | None,
    dialect: str | None,
    strict: bool,
) -> None:
    """Write the Python SDK of a pinned RELEASE, or of a Swagger FILE, to DIR/openvcloud-RELEASE.

    A FILE may also be the URL of a document, or - for standard input.

    A FILE's release is --release, else what its name says (openvcloud-2.4.5.json), else the pinned one it equals, else
    its own title and version; its mistakes are warnings, as long as a call can be made. Only files that ovcgen wrote
    are ever replaced, and the folder changes as a whole or not at all. Calls, arguments and types keep the Python
    names that they have in the SDK there, or in that of the release before.
    """
    from ovcgen.workflows.build import sdk_of
    from ovcgen.workflows.resolve import Reading, pinned

    if bool(source) == every or (every and release):
        raise click.UsageError("Name one release or file, or pass --all alone.")
    stale: list[str] = []
    for each in pinned(specs) if every else (str(source),):
        how = Reading(dialect or "", strict)
        sdk = sdk_of(
            each,
            release=release,
            naming=naming,
            groups=groups or None,
            later=later,
            specs=specs,
            out=out,
            reading=how,
        )
        terminal.problems(sdk.problems)
        if check:
            stale += _differing(sdk, out)
        else:
            _write(sdk, out, each)
    if stale:
        raise OutOfDate(str(out), stale)


def _differing(sdk: Sdk, out: Path) -> list[str]:
    from ovcgen.generator.write import check

    target = out / sdk.folder
    stale = [f"{sdk.folder}/{name}" for name in check(sdk.files, target)]
    if not stale:
        terminal.note(f"{target} is up to date.")
    return stale


def _write(sdk: Sdk, out: Path, source: str) -> None:
    from ovcgen.generator.write import write

    target = out / sdk.folder
    if write(sdk.files, target):
        number = f"{sdk.operations} operation{'' if sdk.operations == 1 else 's'}"
        terminal.note(f"{number} of {source} in {len(sdk.files)} files.")
    else:
        terminal.note(f"{target} is up to date.")
    terminal.path(target)
