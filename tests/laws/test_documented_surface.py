"""The pages list all that there is: commands with JSON, fixtures and options for pytest, and behaviours of releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from ovcgen import pytest_plugin
from ovcgen.release_behaviours import BEHAVIOURS
from tests.site import behaviour_pages, reference

DOCS = Path(__file__).parents[2] / "ovcgen" / "docs"


def commands_with_json() -> Iterator[str]:
    """Yield the name of every command and subcommand whose `--output` has the form json."""
    for command in reference.commands():
        below = command.commands.values() if isinstance(command, click.Group) else ()
        for name, one in [(command.name, command), *((f"{command.name} {each.name}", each) for each in below)]:
            forms = [option.type for option in one.params if "--output" in option.opts]
            if any(isinstance(form, click.Choice) and "json" in form.choices for form in forms):
                yield str(name)


def test_the_table_of_json_has_every_command_with_json() -> None:
    """The commands in the table are those whose `--output` has json, and `serve`, which has no such option."""
    section = (DOCS / "command-line.md").read_text("utf-8").partition("## Which commands have JSON")[2]
    cells = re.findall(r"^\| (`.*?) \|", section.partition("\n## ")[0], re.MULTILINE)

    assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == {*commands_with_json(), "serve"}


def test_the_page_on_testing_has_every_fixture_mark_option_and_setting() -> None:
    """All names that the pytest plugin defines are on the page, and the page has no others."""
    page = (DOCS / "testing.md").read_text("utf-8")
    source = Path(pytest_plugin.__file__).read_text("utf-8")
    fixtures = set(re.findall(r"^@pytest\.fixture\ndef (\w+)", source, re.MULTILINE))
    marks = {re.split(r"\W", marker)[0] for marker in pytest_plugin.MARKERS}
    options = set(re.findall(r'addoption\("([\w-]+)"', source))
    settings = set(re.findall(r'addini\("(\w+)"', source))
    tables = re.findall(r"^\|.*$", page, re.MULTILINE)

    for name in fixtures:
        assert any(row.startswith(f"| `{name}`") for row in tables), name
    for names, column in ((marks, 0), (options, 1), (settings, 2)):
        listed = [row.split("|")[column + 1] for row in tables if row.count("|") == 5]
        assert {name for cell in listed for name in re.findall(r"`([\w-]+)", cell)} == names


def test_every_behaviour_is_in_a_topic_and_has_a_page() -> None:
    """A behaviour is listed on the page of one topic, and what every release shows is on its own page."""
    pages = behaviour_pages.pages()
    topics = [text for path, text in pages.items() if path.startswith("reference/behaviours/")]

    for behaviour in BEHAVIOURS:
        page = pages[f"reference/changes/behaviour.{behaviour.id}.md"]
        assert sum(f"/behaviour.{behaviour.id}.md" in text for text in topics) == 1, behaviour.id
        assert all(f"| {when} |" in page for when, _ in behaviour.by_releases())
        assert behaviour.note in page
        assert ("Simulated: yes" in page) == behaviour.simulated
