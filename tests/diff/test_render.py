"""What people and programs see of a comparison."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ovcgen.diff import compare
from ovcgen.diff.render import RENDERERS, as_json, as_markdown, as_text
from tests.build import (
    INTEGER,
    NAME,
    SIZE,
    STRING,
    answer,
    api,
    listed,
    machines,
    must,
    named,
    one_of,
    operation,
    parameter,
    record,
)

EXPECTED = Path(__file__).parent / "expected"
HOSTILE = "a\x1b[31m\r\n`*<script>alert(1)</script>\u202e\u2028|[x](http://evil)"

OLD = api(
    machines(NAME, SIZE, parameter("memory", INTEGER, default=512), parameter("disks", listed(STRING))),
    operation("/cloudapi/machines/list", responses=(answer(listed(named("Machine"))),)),
    operation("/cloudapi/machines/convertToTemplate"),
    Machine=record(id=INTEGER, status=one_of("RUNNING", "HALTED"), name=STRING),
)
NEW = api(
    machines(NAME, must(SIZE), parameter("memory", INTEGER, default=1024), parameter("disks", listed(INTEGER))),
    operation("/cloudapi/machines/list", parameter("all"), responses=(answer(listed(named("Machine"))),)),
    operation("/cloudapi/machines/createTemplate"),
    operation("/cloudapi/machines/createTemplate", method="GET", alternative=True),
    Machine=record(id=STRING, status=one_of("RUNNING", "HALTED", "PAUSED")),
)


@pytest.mark.parametrize(
    ("output", "file"), [("text", "changes.txt"), ("markdown", "changes.md.txt"), ("json", "changes.json.txt")]
)
def test_a_whole_output(output, file):
    """Read the file: it is what a user reads."""
    assert RENDERERS[output]("2.4.4", "2.4.5", compare(OLD, NEW)) == (EXPECTED / file).read_text()


@pytest.mark.parametrize("output", RENDERERS)
def test_the_order_of_changes_does_not_matter(output):
    """Every output sorts by itself."""
    changes = compare(OLD, NEW)

    assert RENDERERS[output]("1", "2", changes) == RENDERERS[output]("1", "2", list(reversed(changes)))


def test_no_change_is_one_line():
    """Silence would leave a doubt."""
    assert as_text("2.4.4", "2.4.5", []) == "2.4.4 -> 2.4.5: nothing changed\n"


def test_the_counts_agree_with_the_list():
    """Nothing is counted that is not shown."""
    shown = json.loads(as_json("1", "2", compare(OLD, NEW)))

    levels = [change["level"] for change in shown["changes"]]
    assert shown["summary"] == {level: levels.count(level) for level in ("breaking", "warning", "info")}


def test_a_change_in_json_has_exactly_these_keys():
    """Programs rely on them."""
    shown = json.loads(as_json("1", "2", compare(api(machines(NAME)), api(machines(must(NAME))))))

    assert sorted(shown) == ["changes", "new", "old", "schema", "summary"]
    assert shown["changes"] == [
        {
            "id": "parameter.became-required",
            "level": "breaking",
            "wire": "breaking",
            "sdk": "breaking",
            "operation": "POST /cloudapi/machines/create",
            "location": {"path": "/cloudapi/machines/create", "method": "POST", "in": "formData", "name": "name"},
            "pointer": "/paths/~1cloudapi~1machines~1create/post/parameters/name",
            "from": False,
            "to": True,
            "message": "Form parameter `name` must be sent now; it could be left out.",
            "hint": "Pass `name` in every call.",
            "fingerprint": "0aea34555cef",
        }
    ]


@pytest.mark.parametrize("output", RENDERERS)
def test_a_portal_can_not_write_on_the_terminal(output):
    """Whatever a name, path or value holds, the output has plain lines of visible characters."""
    shown = RENDERERS[output](HOSTILE, "2", hostile_changes())

    assert all(each == "\n" or each.isprintable() for each in shown)


def test_a_portal_can_not_write_markup():
    """In markdown its words stay inside code."""
    lines = as_markdown("1", "2", hostile_changes()).splitlines()

    outside = [part for line in lines for part in line.split("`")[::2]]
    assert not any("script" in part or "evil" in part for part in outside)


def hostile_changes():
    """Changes in which every text of the portal is hostile."""
    path = f"/cloudapi/machines/{HOSTILE}"
    old = api(operation(path, parameter(HOSTILE, default=HOSTILE), responses=(answer(record(**{HOSTILE: STRING})),)))
    new = api(operation(path, must(parameter(HOSTILE + "2", one_of(HOSTILE))), responses=(answer(STRING, HOSTILE),)))
    other = api(replace(old.operations[0], parameters=(parameter(HOSTILE, one_of(HOSTILE), default="x"),)))
    return compare(old, new) + compare(old, other) + compare(old, api())
