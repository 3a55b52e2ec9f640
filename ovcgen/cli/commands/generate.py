"""Define the `generate` command: write SDKs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.errors import OutOfDate

if TYPE_CHECKING:
    from ovcgen.workflows.build_sdk import Sdk


@click.command(
    "generate",
    cls=options.WithExamples,
    epilog=(
        "ovcgen generate 2.4.5\novcgen generate openapi.yaml --naming pep8 --out clients\novcgen generate --all --check"
    ),
)
@click.argument("source", required=False, metavar="RELEASE, FILE or URL")
@click.option("--all", "every", is_flag=True, help="All pinned releases.")
@click.option("--release", metavar="R", help="The release of a FILE.")
@options.generated("--out", "The SDK's parent folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if what is there is not what would be written.")
@click.option(
    "--naming",
    type=click.Choice(["wire", "pep8"]),
    default="wire",
    show_default=True,
    help="The portal's own names, or add_disk for addDisk.",
)
@click.option(
    "--aio/--no-aio",
    default=None,
    help="With or without asynchronous modules. Default: as in the SDK there, else with.",
)
@click.option(
    "--next",
    "later",
    metavar="R",
    help="Deprecate what release R lacks. Default: the pinned one that follows; none for no marks.",
)
@click.option("--package-name", metavar="NAME", default="", help="Name of the package. Default: the release's.")
@click.option("--package-version", metavar="V", default="", help="Version of the package. Default: 1.0, 1.1, ...")
@click.option("--package-author", metavar="TEXT", default="", help="Its author, as in 'Name <mail>'.")
@click.option("--package-license", metavar="NAME", default="", help="Its licence, such as MIT.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Your own templates, which replace ours of the same path. They are trusted like code.",
)
@options.groups
@options.specs
@options.reading_options
def generate_command(
    source: str | None,
    every: bool,
    release: str | None,
    out: Path,
    check: bool,
    specs: Path | None,
    groups: tuple[str, ...],
    dialect: str | None,
    strict: bool,
    templates: Path | None,
    **chosen: Any,
) -> None:
    """Write the Python SDK of a pinned RELEASE, or of a Swagger FILE, to DIR/openvcloud-RELEASE.

    A FILE may also be the URL of a document, or - for standard input.

    A FILE's release is --release, else what its name says (openvcloud-2.4.5.json), else the pinned one it equals, else
    its own title and version; its mistakes are warnings, as long as a call can be made. Only files that ovcgen wrote
    are ever replaced, and the folder changes as a whole or not at all. Calls, arguments and types keep the Python
    names that they have in the SDK there, or in that of the release before.
    """
    from ovcgen.workflows.build_sdk import Packaging, sdk_of
    from ovcgen.workflows.release_history import PinnedReleases, keep_history
    from ovcgen.workflows.resolve import Reading
    from ovcgen.workflows.resolve import pinned as pinned_names

    package = {key: chosen.pop(f"package_{key}") for key in ("name", "version", "author", "license")}
    packaging = Packaging(**package, templates=templates)
    if bool(source) == every or (every and (release or packaging.name)):
        raise click.UsageError("Name one release or file, or pass --all alone.")
    names = pinned_names(specs) if every else (str(source),)
    pinned = PinnedReleases(specs)
    if every and not check:
        keep_history(pinned)
    chosen |= {"reading": Reading(dialect or "", strict), "pinned": pinned, "packaging": packaging}
    stale: list[str] = []
    for name in names:
        sdk = sdk_of(name, release=release, groups=groups or None, out=out, **chosen)
        terminal.problems(sdk.problems)
        if check:
            stale += _differing(sdk, out)
        else:
            _write(sdk, out, name)
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
    terminal.print_path(target)
