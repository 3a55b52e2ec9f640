"""`fetch`, `releases`, `identify`, `verify`: what portals said."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, screen
from ovcgen.cli.exits import NO
from ovcgen.errors import UsageError


class NoSuchRelease(UsageError):
    """A catalog that is not exactly one of the pinned ones."""

    def __init__(self, said: str) -> None:
        super().__init__(f"This catalog is none of the pinned releases: {said}.", fix="Name it with --release R.")


@click.command("fetch")
@click.argument("url")
@click.option("--release", required=True, metavar="R", help="Its name; `auto` takes that of an equal pinned release.")
@options.groups
@options.specs
@options.ca_bundle
@click.option("--allow-partial", is_flag=True, help="Take a catalog in which actors failed to load.")
def fetch_command(
    url: str,
    release: str,
    groups: tuple[str, ...],
    specs: Path | None,
    ca_bundle: str | None,
    allow_partial: bool,
) -> None:
    """Download, check and pin the catalog of the portal at URL.

    It is written to DIR/RELEASE, whole or not at all. Without --group it is that of cloudapi, the end users' part.
    """
    from dataclasses import replace

    from ovcgen.cli.login import auth_from_environment
    from ovcgen.library import Library
    from ovcgen.pipeline import opening

    spec = opening.fetched(
        url,
        groups or ("cloudapi",),
        auth=auth_from_environment(),
        release="live" if release == "auto" else release,
        verify=ca_bundle or True,
        allow_partial=allow_partial,
    )
    if release == "auto":
        spec = replace(spec, release=_exact(spec.document, specs))
    folder = Library(specs or Path("specs")).save(spec)
    screen.note(f"{len(spec.document['paths'])} paths of {', '.join(spec.origin.groups)} pinned as {spec.release}.")
    click.echo(folder)


def _exact(document: object, specs: Path | None) -> str:
    from ovcgen.pipeline.sources import nearest

    likeness = nearest(document, specs)  # type: ignore[arg-type]
    if likeness is None:
        raise NoSuchRelease("it is no portal's catalog")
    if not likeness.exact:
        raise NoSuchRelease(f"{likeness.release} is nearest, {_differs(likeness.differences)}")
    return likeness.release


def _differs(differences: object) -> str:
    parts = [
        f"{len(getattr(differences, kind))} {kind} ({', '.join(getattr(differences, kind)[:3])})"
        for kind in ("added", "removed", "changed")
        if getattr(differences, kind)
    ]
    return "; ".join(parts)


@click.command("releases")
@options.specs
@options.output("text", "json")
def releases_command(specs: Path | None, output: str) -> None:
    """List the pinned releases, oldest first."""
    from ovcgen.pipeline.sources import library_of

    library = library_of(specs)
    found = [library.load(release) for release in library.releases()]
    if output == "json":
        rows = [
            {"release": each.release, "kind": each.origin.kind, "date": each.origin.date, "sha256": each.origin.sha256}
            | {"groups": list(each.origin.groups), "paths": len(each.document["paths"])}
            for each in found
        ]
        screen.result(rows)
        return
    for each in found:
        origin = each.origin
        click.echo(
            f"{each.release:8} {len(each.document['paths']):4} paths  {origin.kind:10} {' '.join(origin.groups)}"
        )


@click.command("identify")
@click.argument("source", metavar="URL or FILE")
@options.groups
@options.specs
@options.ca_bundle
@options.output("text", "json")
def identify_command(
    source: str, groups: tuple[str, ...], specs: Path | None, ca_bundle: str | None, output: str
) -> None:
    """Say which pinned release a portal's catalog or a file looks like, and what differs."""
    from ovcgen.cli.login import auth_from_environment
    from ovcgen.fingerprint import fingerprints
    from ovcgen.pipeline import opening
    from ovcgen.pipeline.sources import load, resemblances

    if source.startswith(("http://", "https://")):
        auth = auth_from_environment()
        wanted = groups or ("cloudapi",)
        spec = opening.fetched(source, wanted, auth=auth, release="live", verify=ca_bundle or True)
    else:
        spec = load(Path(source), release="unknown", specs=specs)
    found = resemblances(spec.document, specs)
    best = found[0] if found else None
    if output == "json":
        screen.result(
            {
                "release": best.release if best else None,
                "exact": bool(best and best.exact),
                "score": round(best.score, 4) if best else 0.0,
                "groups": fingerprints(spec.document),
                "differences": {
                    kind: list(getattr(best.differences, kind)) if best else []
                    for kind in ("added", "removed", "changed")
                },
                "releases": [{"release": each.release, "score": round(each.score, 4)} for each in found],
            }
        )
    elif best is None:
        click.echo("No release is pinned.")
    elif best.exact:
        click.echo(f"{best.release}: exactly, in {', '.join(fingerprints(spec.document))}")
    else:
        click.echo(
            f"{best.release}: nearest ({best.score:.0%} of its operations are equal), {_differs(best.differences)}"
        )


@click.command("verify")
@options.specs
@click.option("--generated", type=options.FOLDER, default="generated", show_default=True, help="Folder of the SDKs.")
@options.output("text", "json")
@click.pass_context
def verify_command(ctx: click.Context, specs: Path | None, generated: Path, output: str) -> None:
    """Check every pinned release: its hash, its corrections, and the SDK made of it. Exit code 1 if one is off."""
    from ovcgen.pipeline.products import verify

    verdicts = verify(specs, generated)
    if output == "json":
        screen.result([verdict.as_json() for verdict in verdicts])
    else:
        for verdict in verdicts:
            click.echo(f"{verdict.release:8} {verdict.operations:4} operations  {'ok' if not verdict.problems else ''}")
            for problem in verdict.problems:
                click.echo(f"         {screen.printable(problem)}")
    if any(verdict.problems for verdict in verdicts):
        ctx.exit(NO)
