"""Define the `init` command: begin a project."""

from __future__ import annotations

from pathlib import Path

import click

from ovcgen.cli import options, terminal

EXAMPLES = """\
ovcgen init https://portal.example
ovcgen init https://lab.example --login password
ovcgen init petstore.yaml
"""


@click.command("init", cls=options.WithExamples, epilog=EXAMPLES)
@click.argument("source", metavar="URL or FILE")
@click.option("--name", metavar="NAME", default="main", show_default=True, help="Name of the profile.")
@click.option(
    "--login",
    type=click.Choice(["itsyouonline", "password"]),
    default="itsyouonline",
    show_default=True,
    help="How the script logs in to a portal.",
)
@click.option("--folder", type=options.FOLDER, default=".", metavar="DIR", help="Folder of the project.")
def init_command(source: str, name: str, login: str, folder: Path) -> None:
    """Write ovcgen.toml with a profile for a portal's URL or a document, and a first script that runs.

    A pyproject.toml that is there gets the table [tool.ovcgen] in place of a file of its own. Nothing that is there
    is overwritten.
    """
    from ovcgen.workflows.new_project import begin_project

    for path in begin_project(source, folder, name=name, login=login):
        terminal.print_path(path)
    terminal.note(f"Run the script with `python {folder / 'first_call.py'}`; its first lines say what it reads.")
