"""What people and programs see of a comparison."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from ovcgen.diff import compare, report_of
from ovcgen.diff.render import RENDERERS
from ovcgen.diff.render.json_text import as_json, schema
from ovcgen.diff.render.markdown import as_markdown
from ovcgen.diff.render.text import as_text
from ovcgen.diff.report import Report, SourceLine, Witness
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


FORMS = {
    "text": "changes.txt",
    "markdown": "changes.md.txt",
    "json": "changes.json.txt",
    "html": "changes.html",
    "github": "changes.github.txt",
    "junit": "changes.junit.xml",
    "sarif": "changes.sarif.json",
    "gitlab": "changes.gitlab.json",
}


def report(old=OLD, new=NEW, **known) -> Report:
    """What changed, with what is known besides."""
    return replace(report_of("2.4.4", "2.4.5", compare(old, new)), **known)


def in_full() -> Report:
    """A report with lines for all changes but one, and witnesses for two."""
    plain = report()
    prints = [change.fingerprint for change in plain.changes]
    spots = {each: SourceLine("specs/2.4.5/swagger.json", line) for line, each in enumerate(prints[1:], start=7)}
    witnesses = {prints[0]: Witness(missing="the call is gone"), prints[2]: Witness("request", {"disks": ["a"]}, "no")}
    return replace(plain, source_lines=spots, witnesses=witnesses, ignored=1)


@pytest.mark.parametrize("output", RENDERERS)
def test_a_whole_output(output):
    """Read the file: it is what a user reads."""
    assert RENDERERS[output](in_full()) == (EXPECTED / FORMS[output]).read_text()


@pytest.mark.parametrize("output", RENDERERS)
def test_the_order_of_changes_does_not_matter(output):
    """A report is sorted."""
    changes = compare(OLD, NEW)
    backwards = report_of("2.4.4", "2.4.5", reversed(changes))

    assert RENDERERS[output](report()) == RENDERERS[output](backwards)


def test_no_change_is_one_line():
    """Silence would leave a doubt."""
    assert as_text(report(OLD, OLD)) == "2.4.4 -> 2.4.5: nothing changed\n"


def test_the_counts_agree_with_the_list():
    """Nothing is counted that is not shown."""
    shown = json.loads(as_json(report()))

    levels = [change["level"] for change in shown["changes"]]
    assert shown["summary"] == {level: levels.count(level) for level in ("breaking", "warning", "info")}


def test_a_change_in_json_has_exactly_these_keys():
    """Programs rely on them."""
    shown = json.loads(as_json(report(api(machines(NAME)), api(machines(must(NAME))))))

    assert sorted(shown) == ["bump", "changes", "ignored", "new", "old", "schema", "summary", "verdicts"]
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
    shown = RENDERERS[output](report_of(HOSTILE, "2", hostile_changes()))

    assert all(each == "\n" or each.isprintable() for each in shown)


@pytest.mark.parametrize(
    "shown", [in_full(), report(OLD, OLD), report_of(HOSTILE, "2", compare(OLD, api()), only="sdk")]
)
def test_json_is_as_its_schema_says(shown):
    """Programs can rely on what `--schema` prints."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(schema()))

    validator.check_schema(validator.schema)
    assert [error.message for error in validator.iter_errors(json.loads(as_json(shown)))] == []


def test_the_schema_knows_every_key_of_a_change():
    """What is not described nobody can use."""
    described = json.loads(schema())["$defs"]["change"]

    (_, _, change, *_) = json.loads(as_json(in_full()))["changes"]
    assert change.keys() == described["properties"].keys()
    assert set(described["required"]) == change.keys() - {"witness"}


def test_junit_reads_back_as_xml():
    """Whatever texts are in it."""
    root = ET.fromstring(RENDERERS["junit"](report_of(HOSTILE, "2", hostile_changes())))  # noqa: S314 - our own text

    assert [int(root.attrib[key]) for key in ("tests", "failures")] == [
        len(root.findall(".//testcase")),
        len(root.findall(".//failure")),
    ]


def test_a_hostile_text_stays_in_its_annotation():
    """A name with commas, colons and line ends neither adds a property nor a command."""
    lines = RENDERERS["github"](report_of("1", "2", hostile_changes())).splitlines()

    assert all(line.count("::") >= 2 and line.startswith("::") for line in lines)
    assert len(lines) == 1 + sum(change.level.word != "info" for change in set(hostile_changes()))


def test_a_portal_can_not_write_markup():
    """In markdown its words stay inside code."""
    lines = as_markdown(report_of("1", "2", hostile_changes())).splitlines()

    outside = [part for line in lines for part in line.split("`")[::2]]
    assert not any("script" in part or "evil" in part for part in outside)


def hostile_changes():
    """Changes in which every text of the portal is hostile."""
    path = f"/cloudapi/machines/{HOSTILE}"
    old = api(operation(path, parameter(HOSTILE, default=HOSTILE), responses=(answer(record(**{HOSTILE: STRING})),)))
    new = api(operation(path, must(parameter(HOSTILE + "2", one_of(HOSTILE))), responses=(answer(STRING, HOSTILE),)))
    other = api(replace(old.operations[0], parameters=(parameter(HOSTILE, one_of(HOSTILE), default="x"),)))
    return compare(old, new) + compare(old, other) + compare(old, api())
