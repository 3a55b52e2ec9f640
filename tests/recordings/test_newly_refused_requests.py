"""Recorded requests under two releases: what turns invalid between them is told, and which change did it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ovcgen import diff
from ovcgen.impact.render.recorded_requests import as_json, as_text
from ovcgen.recordings.cassette_reader import Interaction
from ovcgen.recordings.newly_refused_requests import Recorded, newly_refused, recordings
from ovcgen.recordings.swagger2_validator import ReleaseDocument
from ovcgen.workflows.resolve import resolve
from tests.impact.documents import body, field, record, taking, version
from tests.recordings.test_cassette_reader import recorded, written

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
SECRET = "hunter2hunter2"
EXPECTED = Path(__file__).parent / "expected"


def sent(fields="", url="https://pets.example/pets", method="POST"):
    """A recorded call."""
    return Recorded(Path("calls.yaml"), 1, Interaction(method, url, fields, 200, "application/json", b"null"))


def turned(old: ReleaseDocument, new: ReleaseDocument, *calls: Recorded):
    """(parameter, refusal, kinds of the changes) of what turned invalid, and what was not checked."""
    found = newly_refused(calls, old, new, diff.compare(old.api, new.api))
    return [
        (turned.parameter, turned.refusal, [change.id for change in turned.changes]) for turned in found.refused
    ], dict(found.skipped)


@pytest.mark.parametrize(
    ("old", "new", "fields", "found"),
    [
        pytest.param(
            taking(field("name")),
            taking(field("name", required=True)),
            "",
            [("name", "name is a required parameter.", ["parameter.became-required"])],
            id="left out",
        ),
        pytest.param(taking(field("name")), taking(field("name", required=True)), "name=a", [], id="passed already"),
        pytest.param(
            taking(field("size")),
            taking(field("size", "integer")),
            "size=big",
            [("size", "'big' is not of type 'integer'", ["type.narrowed"])],
            id="a word",
        ),
        pytest.param(taking(field("size")), taking(field("size", "integer")), "size=3", [], id="a number already"),
        pytest.param(
            taking(field("size")), taking(field("size", "integer")), '{"size": 3}', [], id="a form written as JSON"
        ),
        pytest.param(
            taking(field("name"), field("size")),
            taking(field("size")),
            "name=a&other=b",
            [("name", "it means nothing any more", ["parameter.removed"])],
            id="swallowed",
        ),
        pytest.param(
            taking(body(record(size=TEXT))),
            taking(body(record(size=NUMBER))),
            '{"size": "big"}',
            [("body", "'big' is not of type 'integer'", ["type.changed"])],
            id="in a body",
        ),
        pytest.param(
            taking(field("name")),
            version({}),
            "name=a",
            [("", "there is no POST /pets", ["operation.removed"])],
            id="gone",
        ),
    ],
)
def test_what_turns_invalid(old, new, fields, found):
    """And nothing else."""
    assert turned(old, new, sent(fields)) == (found, {})


def test_slots_are_read_whatever_they_are_called():
    """The path is the same for who calls it."""
    old = taking(field("id", place="path", required=True), path="/pets/{id}")
    new = taking(field("petId", "integer", "path", required=True), path="/pets/{petId}")
    calls = [sent(url=f"https://pets.example/pets/{name}") for name in ("7", "rex")]

    assert turned(old, new, *calls) == ([("petId", "'rex' is not of type 'integer'", ["type.narrowed"])], {})


def test_what_was_wrong_before_is_not_told():
    """Nor what is no call of that release, nor a form in parts."""
    old, new = taking(field("size", "integer")), taking(field("size", "integer", required=True))
    calls = [sent("size=big"), sent(method="GET"), sent("--boundary\r\n")]

    assert turned(old, new, *calls) == (
        [],
        {"a form in parts": 1, "no operation of 1": 1, "refused by 1 already": 1},
    )


def test_no_value_of_a_recording_is_shown_but_in_a_refusal():
    """What is not refused stays in its cassette."""
    old = taking(field("name"), field("password"))
    new = taking(field("name"), field("password"), field("size", required=True))
    found = newly_refused([sent(f"name={SECRET}&password={SECRET}")], old, new, diff.compare(old.api, new.api))

    assert found.refused
    assert SECRET not in as_text(found) + as_json(found)


def test_recordings_of_a_folder(tmp_path):
    """All that lie in it, in the order of their names; a file may be named too."""
    (tmp_path / "below").mkdir()
    written(tmp_path / "below", recorded(), recorded())
    path = written(tmp_path, recorded())
    (tmp_path / "notes.txt").write_text("no cassette")

    found = [
        (recording.cassette.relative_to(tmp_path).as_posix(), recording.number) for recording in recordings([tmp_path])
    ]

    assert found == [("below/calls.yaml", 1), ("below/calls.yaml", 2), ("calls.yaml", 1)]
    assert len(list(recordings([path]))) == 1


def test_a_whole_output():
    """Read the file: it is what a user reads."""
    old, new = (ReleaseDocument(side.api, side.document) for side in (resolve("2.2.6"), resolve("2.4.5")))
    base = "https://portal.example/restmachine"
    calls = [
        sent("machineId=1&epoch=yesterday", f"{base}/cloudapi/machines/rollbackSnapshot"),
        sent("", f"{base}/cloudbroker/computenode/list"),
        sent("imageId=3", f"{base}/cloudbroker/image/delete"),
        sent("", f"{base}/cloudapi/accounts/list"),
    ]
    numbered = [each._replace(number=number) for number, each in enumerate(calls, start=1)]

    found = newly_refused(numbered, old, new, diff.compare(old.api, new.api))

    assert as_text(found) == (EXPECTED / "evidence.txt").read_text()
