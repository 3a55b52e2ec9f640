"""Dates in an SDK: where the runtime writes them as texts, signatures take them, and answers hold texts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.write import write
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise

ROOT = Path(__file__).parents[2]
DAY, TIME = ({"type": "string", "format": literal} for literal in ("date", "date-time"))
DEFINITIONS = {
    "Span": {"properties": {"begin": DAY, "date": TIME, "note": {"type": "string"}}, "required": ["begin"]},
    "Entry": {"properties": {"at": TIME, "when": {"$ref": "#/definitions/Moment"}}},
    "Moment": TIME,
}
FIELDS = {
    "since": DAY,
    "until": {**TIME, "enum": ["2024-02-29T00:00:00Z"]},
    "date": {"type": "string"},
    "days": {"type": "array", "items": DAY},
    "nested": {"type": "array", "items": {"type": "array", "items": TIME}},
}
BODIES = {
    "span": {"$ref": "#/definitions/Span"},
    "entry": {"$ref": "#/definitions/Entry"},
    "moment": {"$ref": "#/definitions/Moment"},
    "moments": {"type": "array", "items": {"$ref": "#/definitions/Moment"}},
    "by_name": {"type": "object", "additionalProperties": DAY},
    "upload": TIME,
}


def document() -> dict[str, Any]:
    """Calls that take dates in every place, and one that answers an entry; what is written in XML takes none."""
    entry = {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Entry"}}}
    fields = [{"name": name, "in": "query", **shape} for name, shape in FIELDS.items()]
    calls: dict[str, Any] = {"find": {"parameters": fields, "responses": entry}}
    for name, shape in BODIES.items():
        parameters = [{"name": name, "in": "body", "required": True, "schema": shape}]
        consumes = {"consumes": ["application/xml"]} if name == "upload" else {}
        calls[name] = {"parameters": parameters, "responses": {"204": {"description": "ok"}}, **consumes}
    paths = {f"/{name}": {"post": {"operationId": name, "tags": ["logs"], **call}} for name, call in calls.items()}
    return {"swagger": "2.0", "info": {"title": "t"}, "paths": paths, "definitions": DEFINITIONS}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The SDK's files, by the ends of their names."""
    made = sdk_files(read(normalise(document()), "logs 1"), sha256="0" * 64)
    return {name.partition("/")[2]: text for name, text in made.items()}


@pytest.mark.parametrize(
    "declared",
    [
        "since: str | date | None = None",
        'until: Literal["2024-02-29T00:00:00Z"] | str | datetime | None = None',
        "date: str | None = None",
        "days: list[str] | list[date] | None = None",
        "nested: list[list[str] | list[datetime]] | None = None",
        "moment: str",
        "moments: list[str]",
        "by_name: dict[str, str] | dict[str, date]",
        "upload: bytes | str | PathLike[str] | BinaryIO",
    ],
)
def test_signatures_take_dates(files: dict[str, str], declared: str) -> None:
    """Where the format says so; what stands in an answer too is a text."""
    assert re.search(
        rf"^ +(self, \*, )?{re.escape(declared)}[,)]|\*, {re.escape(declared)}, ", files["logs/__init__.py"], re.M
    )


def test_bodies_take_dates(files: dict[str, str]) -> None:
    """A type that is only sent; a member that is called like the type of another can't stand in a class."""
    types = files["types.py"]

    assert '"begin": "str | date", "date": "NotRequired[str | datetime]"' in types
    assert "class Entry(TypedDict):\n    at: NotRequired[str]\n    when: NotRequired[str]\n" in types


USER = """
from datetime import date, datetime
from logs_1 import connect
from logs_1.types import Span

logs = connect("https://service.example").logs
day, time, texts = date(2024, 2, 29), datetime(2024, 2, 29), ["2024-02-29"]
reveal_type(logs.find(since=day, until=time, days=[day], date="today", nested=[[time]]).get("at"))  # str | None
logs.find(since="2024-02-29", days=texts, nested=[texts])
logs.span(span={"begin": day, "date": time})
span: Span = {"begin": "2024-02-29", "date": "2024-02-29T00:00:00Z"}
logs.span(span=span)
logs.by_name(by_name={"leap": day})
logs.find(date=day)  # error
logs.find(since=5)  # error
logs.entry(entry={"at": time})  # error
"""


@pytest.mark.slow
def test_type_checkers_take_dates(tmp_path: Path) -> None:
    """And texts as ever, also lists of them."""
    write(sdk_files(read(normalise(document()), "logs 1"), sha256="0" * 64), tmp_path / "sdk")
    (tmp_path / "user.py").write_text(USER)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "--no-error-summary"]

    done = subprocess.run(
        [*command, "user.py", "sdk/logs_1"],
        cwd=tmp_path,
        env={"MYPYPATH": str(tmp_path / "sdk")},
        capture_output=True,
        text=True,
        check=False,
    )

    told = {int(line.split(":")[1]): line for line in done.stdout.splitlines()}
    expected = {number: text for number, text in enumerate(USER.splitlines(), 1) if "  # " in text}
    assert told.keys() == expected.keys(), done.stdout
    assert all(("error" in told[number]) == text.endswith("# error") for number, text in expected.items())
