"""Define the options that several commands share."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ovcgen.cli import terminal
from ovcgen.cli.output_formats import FORMS, TABLE, Output, compiled

Command = TypeVar("Command", bound=Callable[..., Any])

SPECS = "Take pinned releases (kept catalogs) from DIR only, not from ./specs and from ovcgen itself."
LONG_OPTION = re.compile(r"--\w+(?:-\w+)+")
JOINING_HYPHEN = "\u2011"
FOLDER = click.Path(path_type=Path, file_okay=False)


class Seconds(click.ParamType[float]):
    """Option type of click: a finite, non-negative number of seconds."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number as a float. Reports a click usage error if it is negative, infinite, NaN or no number."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < math.inf:
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


class HelpFormatter(click.HelpFormatter):
    """Writes --help without a line break inside the name of an option, and with room for the texts of options."""

    def write(self, string: str) -> None:
        """Write a text; the hyphens at which no line is folded become plain ones."""
        super().write(string.replace(JOINING_HYPHEN, "-"))

    def write_text(self, text: str) -> None:
        """Write a text, folded between words."""
        super().write_text(_with_whole_options(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 22, col_spacing: int = 2) -> None:
        """Write pairs (term, text) in two columns. The text of a term wider than `col_max` begins in the next line."""
        super().write_dl([(term, _with_whole_options(text)) for term, text in rows], col_max, col_spacing)


def _with_whole_options(text: str) -> str:
    return LONG_OPTION.sub(lambda option: option.group().replace("-", JOINING_HYPHEN), text)


class HelpContext(click.Context):
    """A context whose --help is written by HelpFormatter."""

    formatter_class = HelpFormatter


class WithExamples(click.Command):
    """A click command whose epilog is a list of examples, one per line. A backslash at the end continues a line."""

    context_class = HelpContext

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples unchanged as a section of --help."""
        if self.epilog:
            with formatter.section("Examples"):
                for line in self.epilog.splitlines():
                    formatter.write(f"{' ' * formatter.current_indent}{line}\n")


class GroupWithExamples(WithExamples, click.Group):
    """A click group of commands whose epilog is a list of examples, one per line."""


def timeout(command: Command) -> Command:
    """Decorate a command with the option --timeout SECONDS (argument `timeout`; None if it is not given)."""
    text = "How long a call may take, and how long to wait for a task. Default: the profile's, else 600."
    return click.option("--timeout", type=Seconds(), metavar="SECONDS", help=text)(command)


def profile(command: Command) -> Command:
    """Decorate a command with the option --profile NAME (argument `profile`; None if it is not given)."""
    text = "Which profile to use (see `ovcgen profile`); its settings count where no option says otherwise."
    return click.option("--profile", metavar="NAME", help=text)(command)


def specs(command: Command) -> Command:
    """Decorate a command with the option --specs DIR (argument `specs`).

    Without the option, the argument is the folder that the project's file names, or else None. With None, a note on
    stderr names the bundled releases that ./specs hides.
    """
    return click.option("--specs", type=FOLDER, metavar="DIR", help=SPECS, callback=_specs)(command)


def specs_read_later(command: Command) -> Command:
    """Decorate a command that rarely reads pinned releases with the option --specs DIR (argument `specs`).

    Without the option, the argument is the folder that the project's file names, or else None. Unlike `specs`, it
    prints no note: the command has to call `note_hidden_releases` before it reads pinned releases, if the argument is
    None.
    """
    return click.option("--specs", type=FOLDER, metavar="DIR", help=SPECS, callback=_specs_folder)(command)


def _specs_folder(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    return value or project_folder("specs")


def _specs(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Return the option's value. If it is missing, print which bundled releases ./specs hides."""
    found = value or project_folder("specs")
    if found is None and not ctx.resilient_parsing:  # which is set to complete a command line
        note_hidden_releases()
    return found


def project_folder(name: str) -> Path | None:
    """Return the folder that the project's file names for the setting `name` (`specs` or `generated`); None without it.

    Also None if there is no project's file. The folder need not exist; its path starts at the folder of that file.

    Raises:
        BadConfig: the file can't be used.
    """
    from ovcgen.cli.profiles.config_files import project_file
    from ovcgen.cli.profiles.settings_schema import check_file

    file = project_file()
    found = check_file(file).table.get(name) if file else None
    return file.path.parent / str(found) if file and found else None


def generated(option: str, text: str) -> Callable[[Command], Command]:
    """Return a decorator that adds an option for the folder of SDKs: by default the project's, else ./generated.

    `option` is the name of the option, such as `--out`, and also names the argument; `text` is its help. The folder
    need not exist.
    """

    def chosen(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
        return value or project_folder("generated") or Path("generated")

    text = f"{text} Default: generated."
    return click.option(option, type=FOLDER, help=text, callback=chosen)


def note_hidden_releases() -> None:
    """Print on stderr which bundled releases are hidden by releases in ./specs. Print nothing if none are."""
    if not Path("specs").is_dir():
        return
    from ovcgen.releases.library import bundled, find

    hidden = find().hidden()
    if hidden:
        terminal.note(f"./specs hides the bundled {', '.join(hidden)}; --specs {bundled()} reads those.")


def refresh(command: Command) -> Command:
    """Decorate a command with the flag --refresh (argument `refresh`, a bool)."""
    text = "Fetch the catalog anew; else the one that was fetched within a day is used."
    return click.option("--refresh", is_flag=True, help=text)(command)


def groups(command: Command) -> Command:
    """Decorate a command with the option --group G, which may be repeated (argument `groups`, a tuple).

    Without the option the tuple is empty.
    """
    return click.option(
        "--group", "groups", multiple=True, metavar="G", help="cloudapi, cloudbroker, libcloud or system; repeatable."
    )(command)


def output(*formats: str) -> Callable[[Command], Command]:
    """Return a decorator that adds the option -o/--output with these formats (argument `output`, a text).

    The first format is the default. For commands that print records or values, see `result`.
    """
    text = f"Form of the result: {_listed(formats)}."
    kind = click.Choice(formats)
    return click.option("-o", "--output", type=kind, metavar="FORM", default=formats[0], show_default=True, help=text)


def _listed(names: Sequence[str]) -> str:
    """Return a list of names as the text `a, b or c`."""
    return f"{', '.join(names[:-1])} or {names[-1]}"


def result(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command that prints records or values with the options -o/--output, --query and --fields.

    The command gets the three options as one argument `output` of type `Output`. An invalid --query is refused with
    BadQuery before the command runs.
    """

    @functools.wraps(command)
    def with_output(*arguments: Any, form: str | None, query: str | None, fields: tuple[str, ...], **more: Any) -> Any:
        return command(*arguments, output=Output(form or "", query or "", fields), **more)

    chosen = click.Choice([TABLE, *FORMS])
    text = f"Form of the result: {_listed(chosen.choices)}. Default: table on a terminal, else json."
    forms = click.option("-o", "--output", "form", type=chosen, metavar="FORM", help=text)
    query = click.option(
        "--query", metavar="JMESPATH", callback=_query, help="Pick from the result, such as '[].name' (jmespath.org)."
    )
    fields = click.option(
        "--fields", metavar="A,B", default="", callback=_fields, help="Keep these fields of each record."
    )
    return forms(query(fields(with_output)))


def _query(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Return the JMESPath expression. Raises BadQuery before the command does anything if the expression is invalid."""
    if value:
        compiled(value)
    return value


def _fields(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def quiet(command: Command) -> Command:
    """Decorate a command that may wait with the flag -q/--quiet (argument `quiet`, a bool)."""
    return click.option("-q", "--quiet", is_flag=True, help="Show no progress of a wait on stderr.")(command)


def yes(command: Command) -> Command:
    """Decorate a command that may destroy something with the flag -y/--yes (argument `is_confirmed`, a bool)."""
    text = "Do not ask before a call that deletes or stops something."
    return click.option("-y", "--yes", "is_confirmed", is_flag=True, help=text)(command)


def ca_bundle(command: Command) -> Command:
    """Decorate a command with the option --ca-bundle FILE (argument `ca_bundle`, a text; None if it is not given).

    A file that does not exist is a usage error.
    """
    kind = click.Path(exists=True, dir_okay=False)
    return click.option("--ca-bundle", type=kind, metavar="FILE", help="CA bundle that vouches for the portal.")(
        command
    )


def reading_options(command: Command) -> Command:
    """Decorate a command with the options --dialect and --strict, which say how a FILE is read.

    Their arguments are `dialect` (None if it is not given) and `strict` (a bool). An unknown dialect is a usage error.
    """
    command = click.option(
        "--strict", is_flag=True, help="Refuse a FILE for any mistake, not only for one that leaves no call."
    )(command)
    return click.option(
        "--dialect",
        metavar="NAME",
        callback=_dialect,
        help="Whose catalog a FILE is, where it is not clear: openvcloud, plain or a plugin's.",
    )(command)


def _dialect(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the name of a dialect. Reports a usage error if there is none of that name."""
    if value is not None:
        from ovcgen.normalise.dialect_registry import DIALECTS

        if value not in DIALECTS:
            raise click.BadParameter(f"{value!r} is not one of {', '.join(DIALECTS)}.", ctx, param)
    return value
