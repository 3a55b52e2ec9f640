"""`learn`: what recorded traffic says about a release."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, screen
from ovcgen.cli.exits import NO


@click.command("learn")
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

    A CASSETTE is a recording of vcrpy, as `ovcgen.cassettes.recorder` makes them. Values never leave it: only keys and
    types are learned.
    """
    from ovcgen.impact import lesson
    from ovcgen.impact.cassettes import interactions
    from ovcgen.impact.learning import learn
    from ovcgen.pipeline.sources import truth_of

    recorded = [each for cassette in cassettes for each in interactions(cassette)]
    truth = truth_of(release, specs=specs)
    learned = learn(truth.api, truth.spec.document, truth.spec.overlay, recorded)
    screen.note(lesson.summary(learned))
    click.echo(lesson.RENDERERS[output](learned, check=check), nl=False)
    if check and learned.contradictions:
        ctx.exit(NO)
