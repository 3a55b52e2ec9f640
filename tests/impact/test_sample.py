"""The sample project is what its table says: written for the old release, and running there."""

from __future__ import annotations

import ast

import pytest

from tests.impact.stories import FLEET, story_results, table

FILES = sorted(FLEET.rglob("*.py"))


def test_it_is_as_large_as_a_project() -> None:
    """Small enough to be read, large enough to be written in many ways."""
    assert sum(len(file.read_text().splitlines()) for file in FILES) >= 400


@pytest.mark.parametrize("section", ["breaks", "unresolved", "holds"])
def test_every_line_of_the_table_begins_an_expression(section: str) -> None:
    """So that no line is off by one after somebody has edited the sample."""
    for name, rows in table("fleet")[section].items():
        tree = ast.parse((FLEET / name).read_text())
        begun = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call | ast.Attribute)}
        assert [row["line"] for row in rows if row["line"] not in begun] == []


@pytest.mark.slow
def test_all_of_it_runs_on_the_release_that_it_was_written_for() -> None:
    """A sample that does not run proves nothing about what breaks."""
    results = story_results(FLEET, table("fleet")["old"])

    assert len(results) >= 20
    assert {story: result for story, result in results.items() if result != "ok"} == {}
