"""Several releases in a row."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ovcgen.diff import compare, report_of
from ovcgen.diff.operation_history import operation_marks
from ovcgen.diff.render.changelog import CHANGELOGS
from tests.build import NAME, api, machines, must, operation

EXPECTED = Path(__file__).parent / "expected"
BARRED = "/cloudapi/machines/a|b`<b>"
RELEASES = [
    api(machines(NAME), operation("/cloudapi/machines/list")),
    api(machines(must(NAME)), operation(BARRED)),
    api(machines(must(NAME))),
    api(machines(must(NAME)), operation(BARRED)),
]
STEPS = [
    report_of(str(number), str(number + 1), compare(old, new))
    for number, (old, new) in enumerate(pairwise(RELEASES), start=1)
]


def test_a_row_tells_what_became_of_an_operation():
    """Step by step; what no step changes has no row."""
    assert operation_marks(STEPS) == {
        f"POST {BARRED}": ["added", "removed", "added"],
        "POST /cloudapi/machines/create": ["changed", "", ""],
        "POST /cloudapi/machines/list": ["removed", "", ""],
    }


@pytest.mark.parametrize("output", CHANGELOGS)
def test_a_whole_output(output):
    """Read the file: it is what a user reads."""
    names = {"markdown": "changelog.md.txt", "json": "changelog.json.txt", "html": "changelog.html"}

    assert CHANGELOGS[output](STEPS) == (EXPECTED / names[output]).read_text()


def test_nothing_changed_is_said_too():
    """A step without changes keeps its place."""
    step = report_of("1", "2", [])

    assert "## Changes from 1 to 2\n\nnothing changed.\n" in CHANGELOGS["markdown"]([step])
    assert json.loads(CHANGELOGS["json"]([step]))["operations"] == {}
