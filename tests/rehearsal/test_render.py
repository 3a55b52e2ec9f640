"""Test the three output formats of a rehearsal."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from ovcgen.rehearsal.render import RENDERERS, as_text, schema
from ovcgen.rehearsal.run_comparison import Rehearsal, compare_runs
from ovcgen.rehearsal.run_records import Exchange, Exit, OutputLine, Run, StoredObject

HOSTILE = "</h3><script>alert(1)</script>\u202e"
ARGUMENTS = {"cloudspaceId": "1", "name": "a web server", "diskIds": [1, 2], "description": "word " * 30}
CREATE = Exchange("cloudapi.machines.create", ARGUMENTS, answer=2)
LISTED = Exchange("cloudapi.machines.list", answer=[{"status": "RUNNING"}], reads=True)
TEXT = "Could not create the machine, its name already exists in this cloudspace and a deleted machine keeps it too"


@pytest.fixture
def rehearsal() -> Rehearsal:
    """Return a rehearsal with one difference of several kinds, in long texts."""
    old = Run("2.2.6", exchanges=(CREATE, LISTED), after={StoredObject("machine", 2, "web"): "DESTROYED"})
    refused = Exchange(CREATE.operation, ARGUMENTS, 409, answer=TEXT, times=3)
    new = Run(
        "2.4.5",
        Exit(1),
        (refused, Exchange(LISTED.operation, answer=[{"status": "HALTED", "memory": 512}], reads=True)),
        after={StoredObject("machine", 2, "web"): "DELETED"},
        output=(OutputLine("stderr", f"RuntimeError: {HOSTILE}"),),
    )
    return compare_runs(("python", "my script.py"), old, new)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_of_the_text_is_wider_than_the_terminal(rehearsal: Rehearsal, width: int) -> None:
    """No line of the text is wider than the terminal; lines are wrapped between words."""
    text = as_text(rehearsal, width)

    assert max(map(len, text.splitlines())) <= width
    assert " ".join(TEXT.split()) in " ".join(text.split())
    assert "\u202e" not in text


def test_the_text_shows_both_runs_side_by_side(rehearsal: Rehearsal) -> None:
    """The text shows both runs, then the differences by kind, each with what happened in both runs."""
    short = Exchange("cloudapi.machines.stop", {"machineId": "1"}, answer=True)
    refused = Exchange(short.operation, short.arguments, 403, answer="You may not")
    text = as_text(compare_runs(("sh", "a b"), Run("2.2.6", exchanges=(short,)), Run("2.4.5", exchanges=(refused,))))

    assert text.splitlines() == [
        "2.2.6 -> 2.4.5: 1 difference",
        "$ sh 'a b'",
        "",
        "           2.2.6  2.4.5",
        "exit code  0      0",
        "requests   1      1",
        "refused    0      1",
        "",
        "REFUSED BY 2.4.5 ONLY (1)",
        "  cloudapi.machines.stop machineId=1",
        "    2.2.6  200",
        "    2.4.5  403 You may not",
    ]
    assert "    -> Call `x`." in as_text(rehearsal.with_hints({CREATE.operation: "Call `x`."}, {})).splitlines()
    assert "machine web: DESTROYED on 2.2.6, DELETED on 2.4.5" in as_text(rehearsal)
    assert "'name=a web server' 'diskIds:=[1, 2]'" in as_text(rehearsal, 400)


def test_a_long_list_is_cut_in_the_text_only() -> None:
    """The text shows ten differences of a kind; the JSON has all of them."""
    calls = tuple(Exchange("cloudapi.machines.stop", {"machineId": str(number)}) for number in range(25))
    found = compare_runs(("nightly",), Run("A", exchanges=calls), Run("B"))

    assert "  and 15 more, which --output json lists" in as_text(found).splitlines()
    assert len(json.loads(RENDERERS["json"](found))["differences"]) == 25


def test_the_json_is_as_its_schema_says(rehearsal: Rehearsal) -> None:
    """The JSON matches its schema and has the version of the format, both runs and every difference."""
    written = json.loads(RENDERERS["json"](rehearsal))

    jsonschema.validate(written, schema())
    assert written["schema"] == 1
    assert written["command"] == ["python", "my script.py"]
    assert (written["old"]["exit_code"], written["new"]["exit_code"]) == (0, 1)
    assert [each["kind"] for each in written["differences"]] == ["exit", "newly-refused", "answer", "object"]
    assert written["differences"][1]["arguments"] == ARGUMENTS


def test_the_page_runs_and_loads_nothing(rehearsal: Rehearsal) -> None:
    """Markup in texts is escaped, and the content security policy allows only the page's own style sheet."""
    page = RENDERERS["html"](rehearsal)

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "\u202e" not in page
    assert re.findall(r"(?:src|href)=", page) == []
    assert "content=\"default-src 'none'; style-src 'sha256-" in page
