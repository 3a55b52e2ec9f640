"""Test the comparison of two releases' behaviour that their documents do not show."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from ovcgen.diff import BREAKING, INFO, RENDERERS, WARNING, Report, breaks, explain, report_of
from ovcgen.diff.behaviour_changes import BehaviourChange, behaviour_changes
from ovcgen.diff.policy_file import policy_of
from ovcgen.diff.render.json_text import schema
from ovcgen.diff.rules.registry import UnknownKind
from ovcgen.release_behaviours import BEHAVIOURS
from tests.build import api, operation

DELETE, GET = operation("/cloudapi/machines/delete"), operation("/cloudapi/disks/get")
KIND = "behaviour.machine-delete-destroys"
LEVELS = (BREAKING, WARNING, INFO)


def found(old: str = "2.2.6", new: str = "2.4.5") -> dict[str, BehaviourChange]:
    """Return the differences that concern the deletion of machines, by kind."""
    return {each.change.id: each for each in behaviour_changes(api(DELETE, GET), api(DELETE), (old, new))}


def test_what_concerns_an_operation_of_both_is_reported() -> None:
    """A difference in an operation of both releases is reported with verdict, descriptions and operations."""
    change = found()[KIND].change

    assert (change.wire, change.sdk, change.operation) == (BREAKING, BREAKING, None)
    assert change.message == (
        "Deleting a machine: the machine and its disks are DELETED and wait in the recycle bin; "
        "before: the machine and its disks are DESTROYED at once."
    )
    assert found()[KIND].operations == ("POST /cloudapi/machines/delete",)
    assert "behaviour.disk-iops" not in found("2.1.6")
    assert found("2.4.5", "2.4.5") == {}


def test_the_way_back_is_described_the_other_way_round() -> None:
    """For a downgrade the descriptions before and after are exchanged."""
    there, back = found()[KIND].change, found("2.4.5", "2.2.6")[KIND].change

    assert (there.before, there.after) == (back.after, back.before)
    assert there.fingerprint != back.fingerprint


def test_what_only_releases_between_do_is_no_break() -> None:
    """A difference in a behaviour that neither of the two releases has is no break, whatever the behaviour's level."""
    between = {"behaviour.machine-delete-again"}

    assert {kind for kind, each in found().items() if each.change.wire is INFO} >= between
    assert [each.change.wire for each in found().values()] == sorted(
        (each.change.wire for each in found().values()), reverse=True
    )


def test_many_operations_are_said_in_a_few_words() -> None:
    """A long list of operations is shown as "most operations" or as a count."""
    everything = found()["behaviour.expired-jwt-accepted"]
    several = replace(everything, common=False, operations=("POST /a", "POST /b", "POST /c"))

    assert everything.operations_text == "most operations"
    assert several.operations_text == "POST /a and 2 more"


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.id)
def test_every_behaviour_is_explained(behaviour: object) -> None:
    """`explain` describes every behaviour: its subject, and what each range of releases does."""
    text = explain(f"behaviour.{behaviour.id}")

    assert text.startswith(f"behaviour.{behaviour.id}\nverdict: {behaviour.level}\n\n{behaviour.title}.\n")
    assert all(clause in text for clause in (behaviour.seen, behaviour.later if behaviour.until else behaviour.seen))


def test_an_unknown_behaviour_names_the_nearest() -> None:
    """An unknown behaviour in --explain or in a policy is an error that suggests the nearest name."""
    with pytest.raises(UnknownKind) as asked:
        explain("behaviour.machine-deletes-destroy")
    with pytest.raises(UnknownKind):
        policy_of('[diff.severity]\n"behaviour.nothing" = "info"\n', "p.toml")

    assert KIND in asked.value.fix
    assert policy_of(f'[diff.severity]\n"{KIND}" = "info"\n', "p.toml").severity == ((KIND, "info"),)


@pytest.fixture
def report() -> Report:
    """Return a report without changes of the documents and with one behaviour of each level."""
    first = {level: next(each for each in found().values() if each.change.wire is level) for level in LEVELS}
    return replace(report_of("2.2.6", "2.4.5", []), behaviours=tuple(first.values()))


@pytest.mark.parametrize("form", RENDERERS)
def test_every_form_has_a_section_for_it(report: Report, form: str) -> None:
    """Every output format shows the behaviours, except those of level info in the format for GitHub."""
    text = RENDERERS[form](report)

    for behaviour in report.behaviours or ():
        assert behaviour.change.id in text or (form == "github" and behaviour.change.wire is INFO)
    assert "behaviour" not in RENDERERS[form](replace(report, behaviours=None))


def test_the_text_has_a_section_for_each_level(report: Report) -> None:
    """The text has a section for each level, with each behaviour's sentence and the operations below."""
    lines = RENDERERS["text"](report).splitlines()

    assert lines[0] == "2.2.6 -> 2.4.5: nothing changed"
    assert [line for line in lines if line.startswith("BEHAVIOUR")] == [
        "BEHAVIOUR: BREAKING (1)",
        "BEHAVIOUR: WARNINGS (1)",
        "BEHAVIOUR: OTHER CHANGES (1)",
    ]
    assert lines[3].startswith("  Deleting a machine: the machine")
    assert lines[3].endswith(f"  ({KIND})")
    assert lines[4] == "    POST /cloudapi/machines/delete"


def test_the_json_is_as_its_schema_says(report: Report) -> None:
    """The JSON matches its schema and has the behaviours under a key of their own."""
    written = json.loads(RENDERERS["json"](report))

    jsonschema.validate(written, json.loads(schema()))
    assert written["changes"] == []
    assert written["behaviours"][0]["from"] == "the machine and its disks are DESTROYED at once"
    assert written["behaviours"][0]["operations"] == ["POST /cloudapi/machines/delete"]


def test_fail_on_counts_behaviour(report: Report) -> None:
    """--fail-on takes the worst level of the behaviours into account."""
    warning = replace(report, behaviours=report.behaviours[1:])

    assert breaks(report)
    assert not breaks(warning)
    assert breaks(warning, "warning")
    assert warning.behaviours[0].change.wire is WARNING
