"""A comparison as a value: which verdict counts, and which part of the version should rise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import BREAKING, INFO, WARNING, compare, report_of
from tests.build import NAME, api, machines, must

(REQUIRED,) = compare(api(machines(NAME)), api(machines(must(NAME))))


def change(wire, sdk, kind="parameter.removed"):
    """A change with these verdicts."""
    return replace(REQUIRED, id=kind, wire=wire, sdk=sdk)


@pytest.mark.parametrize(
    ("changes", "old", "only", "bump"),
    [
        pytest.param([], "1.0", "", "none", id="nothing"),
        pytest.param([change(BREAKING, INFO)], "1.0", "", "major", id="calls break"),
        pytest.param([change(INFO, BREAKING)], "1.0", "", "major", id="code breaks"),
        pytest.param([change(WARNING, BREAKING)], "1.0", "wire", "minor", id="code breaks, and does not count"),
        pytest.param([change(BREAKING, WARNING)], "1.0", "sdk", "minor", id="calls break, and do not count"),
        pytest.param([change(WARNING, INFO)], "1.0", "", "minor", id="a warning"),
        pytest.param([change(INFO, INFO)], "1.0", "", "minor", id="something new"),
        pytest.param([change(INFO, INFO, "parameter.description")], "1.0", "", "patch", id="other words"),
        pytest.param([change(BREAKING, BREAKING)], "pets-0.3", "", "minor", id="before 1.0"),
        pytest.param([change(INFO, INFO)], "0.3", "", "patch", id="something new before 1.0"),
    ],
)
def test_the_bump_that_a_change_needs(changes, old, only, bump):
    """Whoever breaks decides: calls, or Python code."""
    assert report_of(old, "9", changes, only=only).bump == bump


@pytest.mark.parametrize(
    ("only", "levels"),
    [
        ("", [BREAKING, INFO, WARNING]),
        ("wire", [BREAKING, WARNING]),  # what only Python code feels is left out
        ("sdk", [BREAKING, WARNING]),  # and what only calls feel
    ],
)
def test_one_axis_alone(only, levels):
    """`--only` judges by that verdict, and leaves out what means nothing to it."""
    changes = [change(BREAKING, INFO, "a.a"), change(INFO, BREAKING, "b.b"), change(WARNING, WARNING, "c.c")]

    report = report_of("1", "2", changes, only=only)

    assert [report.level(change) for change in report.changes] == levels
    assert any(map(report.breaks_code_only, report.changes)) is (not only)
