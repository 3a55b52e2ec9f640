"""Define the commands `fetch`, `releases`, `identify` and `verify`: manage pinned catalogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO

if TYPE_CHECKING:
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.releases.spec import Spec

AUTO, LIVE = "auto", "live"


@click.command(
    "fetch",
    cls=options.WithExamples,
    epilog=(
        "ovcgen fetch https://portal.example --release auto\n"
        "ovcgen fetch https://portal.example --release 2.4.6 \\\n"
        "    --group cloudapi --group cloudbroker"
    ),
)
@click.argument("url", required=False, metavar="[URL or PROFILE]")
@click.option("--release", required=True, metavar="R", help="Its name; `auto` takes that of an equal pinned release.")
@options.groups
@click.option("--specs", type=options.FOLDER, metavar="DIR", help="Where to write it; ./specs by default.")
@options.profile
@options.ca_bundle
@click.option("--allow-partial", is_flag=True, help="Take a catalog in which actors failed to load.")
def fetch_command(
    url: str | None,
    release: str,
    groups: tuple[str, ...],
    specs: Path | None,
    profile: str | None,
    ca_bundle: str | None,
    allow_partial: bool,
) -> None:
    """Download, check and pin the catalog of a portal: keep it, so that other commands know its release by name.

    It is written to DIR/RELEASE, whole or not at all. Without --group it is that of cloudapi, the end users' part.
    """
    from dataclasses import replace

    from ovcgen.cli.profiles.command_target import target_of
    from ovcgen.releases.library import Library
    from ovcgen.workflows.identify_release import exact_release

    name = LIVE if release == AUTO else release
    target = target_of(url, profile, groups=groups, ca_bundle=ca_bundle)
    spec = _fetched(target, release=name, allow_partial=allow_partial)
    if release == AUTO:
        spec = replace(spec, release=exact_release(spec.document, specs))
    library = Library(specs or options.project_folder("specs") or Path("specs"))
    gone = library.groups(spec.release) - set(spec.origin.groups)
    folder = library.save(spec)
    terminal.note(f"{len(spec.document['paths'])} paths of {', '.join(spec.origin.groups)} pinned as {spec.release}.")
    if gone:
        terminal.note(f"{', '.join(sorted(gone))} of {spec.release} had been pinned there too, and no longer is.")
    if specs is None:
        options.note_hidden_releases()
    terminal.print_path(folder)


def _fetched(target: CommandTarget, *, release: str, allow_partial: bool = False) -> Spec:
    from ovcgen.cli.portal_credentials import login_for
    from ovcgen.workflows import connect

    return connect.fetch_spec(
        target.source,
        target.groups,
        auth=login_for(target),
        release=release,
        timeout=target.timeout,
        allow_partial=allow_partial,
        **target.trust,
    )


@click.command(
    "releases",
    cls=options.WithExamples,
    epilog=("ovcgen releases\novcgen releases --query '[-1].release' -o text"),
)
@options.specs
@options.result
def releases_command(specs: Path | None, output: Output) -> None:
    """List the pinned releases, oldest first.

    A pinned release is a catalog that is kept, in ./specs or in ovcgen itself. Other commands take it by its name, such
    as 2.4.5, without asking a portal.
    """
    from ovcgen.workflows.resolve import library_of

    library = library_of(specs)
    found = [library.load(release) for release in library.releases()]
    if not found:
        terminal.note(f"No release is pinned in {library.folder}.")
    output.write([_row(spec) for spec in found], columns=("release", "paths", "kind", "groups"))


def _row(spec: Spec) -> dict[str, object]:
    origin = spec.origin
    described = {"release": spec.release, "kind": origin.kind, "portal": origin.portal, "date": origin.date}
    return {**described, "sha256": origin.sha256, "groups": list(origin.groups), "paths": len(spec.document["paths"])}


@click.command(
    "identify",
    cls=options.WithExamples,
    epilog=("ovcgen identify https://portal.example\novcgen identify swagger.json -o json"),
)
@click.argument("source", required=False, metavar="[URL, PROFILE or FILE]")
@options.groups
@options.specs
@options.profile
@options.ca_bundle
@options.result
@options.reading_options
def identify_command(
    source: str | None,
    groups: tuple[str, ...],
    specs: Path | None,
    profile: str | None,
    ca_bundle: str | None,
    output: Output,
    dialect: str | None,
    strict: bool,
) -> None:
    """Say which pinned release a portal's catalog or a file looks like, and what differs.

    A portal shows its catalog to users who are logged in. --group is for portals; a file is taken whole.
    """
    from ovcgen.cli.profiles.command_target import target_of
    from ovcgen.workflows.document_input import is_document_url, is_file
    from ovcgen.workflows.identify_release import identify
    from ovcgen.workflows.resolve import Reading, load

    target = target_of(source, profile, groups=groups, ca_bundle=ca_bundle)
    source = target.source or str(target.profile.value("spec"))
    if "://" in source and not is_document_url(source):
        spec = _fetched(target, release=LIVE)
    elif groups:
        raise click.UsageError("--group is for portals; a file is taken whole.")
    else:
        spec = load(
            source if is_file(source) else Path(source),
            release=LIVE,
            specs=specs,
            reading=Reading(dialect or "", strict),
        )
    terminal.problems(spec.problems)
    identity = identify(spec.document, specs, dialect or "")
    output.write(identity.as_json(), text=identity.sentence)


@click.command(
    "verify",
    cls=options.WithExamples,
    epilog=("ovcgen verify\novcgen verify --specs my-specs -o json"),
)
@options.specs
@options.generated("--generated", "Folder of the SDKs.")
@options.output("text", "json")
@click.pass_context
def verify_command(ctx: click.Context, specs: Path | None, generated: Path, output: str) -> None:
    """Check every pinned release: its hash, its corrections, and the SDK made of it. Exit code 1 if one is off."""
    from ovcgen.workflows.verify_releases import verify

    verdicts = verify(specs, generated)
    if output == "json":
        terminal.print_json_or_bytes([verdict.as_json() for verdict in verdicts])
    else:
        for verdict in verdicts:
            said = verdict.sentence.replace("\n", "\n" + " " * 26)
            terminal.print_wrapped(f"{verdict.release:8} {verdict.operations:4} operations  {said}\n")
    if any(verdict.problems for verdict in verdicts):
        ctx.exit(NO)
