"""Define the `learn` command: compare recorded traffic with a release."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO


@click.command(
    "learn",
    cls=options.WithExamples,
    epilog=("ovcgen learn tests/cassettes/list.yaml --release 2.4.5\novcgen learn list.yaml --release 2.4.5 --check"),
)
@click.argument("cassettes", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CASSETTE...")
@click.option("--release", required=True, metavar="R", help="The release that was recorded.")
@click.option("--check", is_flag=True, help="Only say what is declared wrongly; exit code 1 if anything is.")
@options.specs
@options.output("text", "json")
@click.pass_context
def learn_command(
    ctx: click.Context, cassettes: tuple[Path, ...], release: str, check: bool, specs: Path | None, output: str
) -> None:
    """Compare recorded answers with what release R says of them, and propose corrections for its overlay.json.

    A CASSETTE is a recording of vcrpy, as `ovcgen.cassettes.recorder` makes them. Only keys and types are learned from
    it, never values.
    """
    from ovcgen.recordings import learning_report
    from ovcgen.recordings.cassette_reader import interactions
    from ovcgen.recordings.learn import learn
    from ovcgen.workflows.resolve import resolve

    recorded = [interaction for cassette in cassettes for interaction in interactions(cassette)]
    resolved = resolve(release, specs=specs)
    shapes = learn(resolved.api, resolved.spec.document, resolved.spec.overlay, recorded)
    terminal.note(learning_report.summary(shapes))
    (terminal.print_wrapped if output == "text" else terminal.print_text)(
        learning_report.RENDERERS[output](shapes, check=check)
    )
    if check and shapes.contradictions:
        ctx.exit(NO)
