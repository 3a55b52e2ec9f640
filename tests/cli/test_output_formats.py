"""Test the output formats of results: `--output`, `--query` and `--fields`."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import yaml

from ovcgen.cli.output_formats import FORMS, BadQuery, Output, QueryFailed, compiled
from tests.cli.conftest import Run

CITY = "K\u00f6ln"
MACHINES = [{"id": 1, "name": CITY, "nics": [{"ip": "10.0.0.1"}]}, {"id": 2, "name": None, "nics": []}]
Capture = pytest.CaptureFixture[str]


def written(capsys: Capture, value: Any, output: Output, **more: Any) -> str:
    """Return what a command with that result prints on stdout, and check that stderr is empty."""
    output.write(value, **more)
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (
            "jsonl",
            '{"id": 1, "name": "K\\u00f6ln", "nics": [{"ip": "10.0.0.1"}]}\n{"id": 2, "name": null, "nics": []}\n',
        ),
        ("yaml", "- id: 1\n  name: K\u00f6ln\n  nics:\n  - ip: 10.0.0.1\n- id: 2\n  name: null\n  nics: []\n"),
        ("csv", 'id,name,nics\n1,K\u00f6ln,"[{""ip"": ""10.0.0.1""}]"\n2,,[]\n'),
        ("text", '1\tK\u00f6ln\t[{"ip": "10.0.0.1"}]\n2\t\t[]\n'),
        ("table", "id  name  nics\n 1  K\u00f6ln  ip: 10.0.0.1\n 2\n"),
    ],
)
def test_records_in_each_form(capsys: Capture, form: str, shown: str) -> None:
    """Each format prints all records; formats that consist of lines have one line for each record."""
    assert written(capsys, MACHINES, Output(form)) == shown


@pytest.mark.parametrize("form", ["", "json"])
def test_json_is_ascii_and_the_default_where_no_terminal_is(capsys: Capture, form: str) -> None:
    """JSON is ASCII, and is the default where stdout is no terminal."""
    shown = written(capsys, MACHINES, Output(form), text="two machines")

    assert shown.isascii()
    assert json.loads(shown) == MACHINES


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (None, {"text": "null\n", "jsonl": "null\n", "yaml": "null\n", "csv": "value\n\n", "table": "null\n"}),
        ("a b", {"text": "a b\n", "jsonl": '"a b"\n', "yaml": "a b\n", "csv": "value\na b\n", "table": "a b\n"}),
        (True, {"text": "true\n", "jsonl": "true\n", "yaml": "true\n", "csv": "value\ntrue\n", "table": "true\n"}),
        (
            [1, 2],
            {"text": "1\n2\n", "jsonl": "1\n2\n", "yaml": "- 1\n- 2\n", "csv": "value\n1\n2\n", "table": "1\n2\n"},
        ),
    ],
)
def test_values_that_are_no_records(capsys: Capture, value: Any, lines: dict[str, str]) -> None:
    """`text` prints a string without quotes, so that a shell can use it."""
    assert {form: written(capsys, value, Output(form)).replace('""', "") for form in lines} == lines


NASTY = 'a\x1b[31m\u202eb,"\n\tc\x85'


@pytest.mark.parametrize("form", ["table", *FORMS])
def test_no_form_prints_control_characters(capsys: Capture, form: str) -> None:
    """No format prints control characters of a service."""
    shown = written(capsys, [{"name": NASTY, NASTY: 1}], Output(form))

    assert not {"\x1b", "\u202e", "\x85", "\r"} & set(shown)


def test_machines_read_back_what_was_written(capsys: Capture) -> None:
    """JSON, JSON lines and YAML keep even control characters; CSV keeps quotes and line breaks."""
    value = [{"name": NASTY}]

    assert json.loads(written(capsys, value, Output("json"))) == value
    assert json.loads(written(capsys, value, Output("jsonl"))) == value[0]
    assert yaml.safe_load(written(capsys, value, Output("yaml"))) == value
    rows = list(csv.reader(io.StringIO(written(capsys, [{"a": 'x,"\ny'}], Output("csv")))))
    assert rows == [["a"], ['x,"\ny']]


def test_the_sentence_of_a_command_is_its_text(capsys: Capture) -> None:
    """`text` prints the sentence of a command, unless --query or --fields is given."""
    value = {"release": "2.4.5", "exact": True}

    assert written(capsys, value, Output("text"), text="2.4.5: exactly.") == "2.4.5: exactly.\n"
    assert written(capsys, value, Output("text", query="release"), text="2.4.5: exactly.") == "2.4.5\n"
    assert written(capsys, value, Output("text", fields=("exact",)), text="2.4.5: exactly.") == "true\n"


def test_a_command_chooses_the_columns_of_its_table(capsys: Capture) -> None:
    """A command chooses the columns of its default table; other formats have all fields, and --fields overrides."""
    chosen = written(capsys, MACHINES, Output("table"), columns=("id",))

    assert chosen == "id\n 1\n 2\n"
    assert written(capsys, MACHINES, Output("csv"), columns=("id",)).startswith("id,name,nics")
    assert written(capsys, MACHINES, Output("table", fields=("id", "name")), columns=("id",)).startswith("id  name")


def test_an_empty_table_says_so(capsys: Capture) -> None:
    """For an empty table a message is on stderr, and stdout stays empty."""
    Output("table").write([])

    assert capsys.readouterr() == ("", "The result is empty.\n")


def test_a_query_picks_before_fields_do(capsys: Capture) -> None:
    """--query is applied before --fields, and --fields keeps the order of its names."""
    output = Output("json", query="[?id > `1`]", fields=("name", "id"))

    assert json.loads(written(capsys, MACHINES, output)) == [{"name": None, "id": 2}]
    assert list(json.loads(written(capsys, MACHINES[0], Output(fields=("name", "id"))))) == ["name", "id"]


@pytest.mark.parametrize("query", ["[].name[", "'", "nosuch(", ""])
def test_a_wrong_query_is_refused(query: str) -> None:
    """An invalid query is refused with the reason that its parser gives."""
    with pytest.raises(BadQuery, match=r"is no JMESPath: .*[^.]\. Correct it"):
        compiled(query)


@pytest.mark.parametrize("query", ["nosuch(@)", "length(id)", "max([].name)"])
def test_a_query_that_does_not_fit_prints_the_whole_result(capsys: Capture, query: str) -> None:
    """If a query fails on the result, the whole result is printed, since the call may have created something."""
    value = {"id": 5}

    with pytest.raises(QueryFailed, match="does not fit the result"):
        Output("json", query=query.replace("[].name", "@")).write(value)

    assert json.loads(capsys.readouterr().out) == value


def test_unknown_fields_are_named(capsys: Capture) -> None:
    """Unknown fields are a warning with the nearest name, since the call was already sent."""
    Output("jsonl", fields=("id", "nmae")).write(MACHINES)

    out, err = capsys.readouterr()
    assert out.splitlines()[0] == '{"id": 1, "nmae": null}'
    assert err == "warning: The result has no field 'nmae'. Did you mean name?\n"


def test_fields_of_something_else(capsys: Capture) -> None:
    """With --fields, a result without fields is printed whole, with a warning."""
    Output("json", fields=("id",)).write(42)

    assert capsys.readouterr() == ("42\n", "warning: --fields is for records; the result is printed whole.\n")


def test_a_wrong_query_is_refused_before_the_call(run: Run, logged_in: Any) -> None:
    """An invalid query is refused before any request is sent."""
    ended = run("call", logged_in.url, "cloudapi.cloudspaces.list", "--release", "2.4.5", "--query", "[")

    assert (ended.code, ended.two_lines) == (2, True)
    assert logged_in.simulator.seen == ()


def test_a_call_in_several_forms(run: Run, logged_in: Any) -> None:
    """`call` prints its result as --output, --query and --fields say."""
    words = ("call", logged_in.url, "cloudapi.cloudspaces.list", "--release", "2.4.5")

    assert run(*words, "-o", "text", "--query", "[].name") == (0, "production\n", "")
    assert run(*words, "-o", "table", "--fields", "id,name") == (0, "id  name\n 1  production\n", "")
    assert run(*words, "-o", "csv", "--fields", "id,name") == (0, "id,name\n1,production\n", "")
