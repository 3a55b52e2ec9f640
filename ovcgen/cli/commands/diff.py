"""Define the commands `diff` and `changelog`: show what changed between releases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO

if TYPE_CHECKING:
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.diff.report import Report
    from ovcgen.releases.spec import Spec
    from ovcgen.workflows.compare_releases import ComparisonOptions
    from ovcgen.workflows.diff_inputs import DiffInput
    from ovcgen.workflows.resolve import Reading

FORMS = ("text", "json", "markdown", "html", "github", "junit", "sarif", "gitlab")
POLICY = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "diff",
    cls=options.WithExamples,
    epilog=(
        "ovcgen diff 2.4.0 2.4.5\n"
        "ovcgen diff git:HEAD~1:openapi.yaml openapi.yaml -o github\n"
        "ovcgen diff --explain parameter.removed"
    ),
)
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--explain", metavar="KIND", help="Say what a kind of change means, and nothing else.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --output json, and nothing else.")
@options.output(*FORMS)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "warning", "never"]),
    default="breaking",
    show_default=True,
    help="From which level on, for HTTP or for Python code, the exit code is 1.",
)
@click.option("--only", type=click.Choice(["wire", "sdk"]), help="Judge HTTP calls alone, or Python code alone.")
@click.option("--witness", is_flag=True, help="Show a request or answer that proves each breaking change.")
@click.option("--declared", is_flag=True, help="Compare what documents say, without our corrections.")
@click.option("--behaviour", is_flag=True, help="Also say how operations of both behave differently.")
@click.option(
    "--ignore", type=POLICY, metavar="FILE", help="Changes to accept. Default: ./.ovcgen.toml, if there is one."
)
@click.option("--write-ignores", is_flag=True, help="Print entries for that FILE that accept today's changes.")
@options.groups
@options.specs
@options.ca_bundle
@options.reading_options
@click.pass_context
def diff_command(
    ctx: click.Context, /, old: str | None, new: str | None, explain: str | None, schema: bool, **chosen: Any
) -> None:
    """Say what changed from OLD to NEW, and who breaks.

    Each of them is a pinned release (2.4.5), a FILE, the URL of a document or of a portal, - for standard input, an
    installed SDK (openvcloud_2_4_5) or a file of git (git:HEAD~1:swagger.json, git:v1:specs/2.4.5).
    """
    from ovcgen import diff
    from ovcgen.cli.colored_diff import print_report
    from ovcgen.diff.render import RENDERERS

    if (bool(explain) + schema + bool(old and new)) != 1 or (old and not new):
        raise click.UsageError("Name two releases or files, OLD NEW, or pass --explain KIND or --schema alone.")
    if explain or schema:
        if explain:
            terminal.print_wrapped(diff.explain(explain))
        else:
            from ovcgen.diff.render.json_text import schema as report_schema

            terminal.print_text(report_schema())
        return
    report = _report(str(old), str(new), **chosen)
    if chosen["write_ignores"]:
        _write_ignores(report, chosen["fail_on"])
        return
    if chosen["output"] == "text":
        print_report(report)
    else:
        terminal.print_text(RENDERERS[chosen["output"]](report))
    if diff.breaks(report, chosen["fail_on"]):
        ctx.exit(NO)


def _report(old: str, new: str, *, output: str, ignore: Path | None, ca_bundle: str | None, **chosen: Any) -> Report:
    """Return the report on the changes between two releases, and print warnings on stderr."""
    from ovcgen.diff.render import LOCATED
    from ovcgen.workflows.compare_releases import ComparisonOptions, compare_inputs, policy_at
    from ovcgen.workflows.resolve import Reading

    policy = policy_at(ignore)
    live = [portal for portal in (_portal(source, ca_bundle) for source in (old, new)) if portal]
    groups = chosen["groups"] or (live[0].groups if live else ())
    how = Reading(chosen["dialect"] or "", chosen["strict"])
    terms = ComparisonOptions(
        chosen["specs"],
        groups,
        chosen["declared"],
        chosen["only"] or "",
        output in LOCATED,
        chosen["witness"],
        chosen["behaviour"],
    )
    before, after = (_side(source, terms, how, ca_bundle) for source in (old, new))
    if live and not chosen["groups"]:
        terminal.note(f"Only {', '.join(groups)} is compared; --group names others.")
    found = compare_inputs(before, after, terms, policy, date.today())
    for remark in found.remarks:
        terminal.note(f"warning: {remark}")
    if found.report.ignored:
        terminal.note(f"{found.report.ignored} ignored, as {policy.source} says.")
    return found.report


def _portal(source: str, ca_bundle: str | None) -> CommandTarget | None:
    """Return the portal that `source` names by its URL or by a profile; None for anything else."""
    from ovcgen.cli.profiles.command_target import target_of
    from ovcgen.cli.profiles.profile_selection import profile_names
    from ovcgen.workflows.document_input import is_document_url, is_file

    if is_document_url(source) or not ("://" in source or (source in profile_names() and not is_file(source))):
        return None
    return target_of(source, ca_bundle=ca_bundle)


def _side(source: str, terms: ComparisonOptions, how: Reading, ca_bundle: str | None) -> DiffInput:
    from ovcgen.workflows.diff_inputs import diff_input

    portal = _portal(source, ca_bundle)

    def ask(url: str) -> Spec:
        from ovcgen.cli.portal_credentials import login_for
        from ovcgen.cli.profiles.command_target import target_of
        from ovcgen.workflows import connect

        target = portal or target_of(url)

        return connect.fetch_spec(url, terms.groups, auth=login_for(target), release="live", **target.trust)

    found = diff_input(portal.source if portal else source, ask, specs=terms.specs, reading=how)
    terminal.problems(found.spec.problems)
    return found


def _write_ignores(report: Report, fail_on: str) -> None:
    """Print ignore entries for all changes of the level `--fail-on` or worse."""
    from ovcgen.diff import FAIL_ON
    from ovcgen.diff.policy import ignore_entries

    least = FAIL_ON[fail_on]
    meant = [change for change in report.all_changes if least is None or report.decisive_level(change) >= least]
    terminal.print_text(ignore_entries(meant))
    terminal.note(f"{len(meant)} entries; give each its reason, and put them into .ovcgen.toml.")


@click.command(
    "changelog",
    cls=options.WithExamples,
    epilog=("ovcgen changelog\novcgen changelog 2.3.0 2.4.0 2.4.5 -o html > changes.html"),
)
@click.argument("releases", nargs=-1, metavar="[RELEASE or FILE]...")
@options.output("markdown", "json", "html")
@click.option("--only", type=click.Choice(["wire", "sdk"]), help="Judge HTTP calls alone, or Python code alone.")
@click.option("--declared", is_flag=True, help="Compare what documents say, without our corrections.")
@options.groups
@options.specs
@options.reading_options
def changelog_command(releases: tuple[str, ...], output: str, only: str | None, declared: bool, **chosen: Any) -> None:
    """Say what changed from each release to the next, and in which of them each operation changed.

    Without arguments these are all pinned releases, in their order.
    """
    from ovcgen.diff.render.changelog import CHANGELOGS
    from ovcgen.workflows.compare_releases import ComparisonOptions, compare_in_turn
    from ovcgen.workflows.resolve import Reading, pinned

    if len(releases) == 1:
        raise click.UsageError("Name two releases or more, or none for all that are pinned.")
    terms = ComparisonOptions(chosen["specs"], chosen["groups"], declared, only or "")
    how = Reading(chosen["dialect"] or "", chosen["strict"])
    sides = [_side(release, terms, how, None) for release in releases or pinned(terms.specs)]
    terminal.print_text(CHANGELOGS[output](compare_in_turn(sides, terms)))
