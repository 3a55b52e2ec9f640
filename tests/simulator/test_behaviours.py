"""The table of what differs between releases."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from ovcgen.model.release_names import in_order
from ovcgen.simulator.behaviours import ROWS, Row, behaviours

SIMULATOR = Path(__file__).parents[2] / "ovcgen" / "simulator"
WORD = Row("word", "Some words.", {"0": "old", "2.3.0": "young", "2.10.0": "new"})


@pytest.mark.parametrize(
    ("release", "value"),
    [
        ("2.0.4", "old"),
        ("2.2.9", "old"),
        ("2.3.0", "young"),
        ("2.3.0.1", "young"),
        ("2.9.9", "young"),
        ("2.10.0", "new"),
        ("3.0", "new"),
        ("", "new"),
        ("my-portal", "new"),
    ],
)
def test_a_range_begins_with_a_release(release, value):
    """It ends where the next one begins; a release that has no number counts as the newest."""
    assert WORD.at(release) == value


def test_a_release_is_read_at_one_place():
    """Every row has a value for it."""
    told = behaviours("2.2.6")

    assert told.keys() == {row.name for row in ROWS}
    assert told["machines have a bin"] is False
    assert told["broker on an unknown account"] == "Account name not found"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_well_formed(row):
    """Its ranges are in order and next ones differ, its values are of one kind, and its text is a sentence."""
    releases, values = list(row.since), list(row.since.values())

    assert tuple(releases) == in_order(releases)
    assert releases[0] == "0"
    assert all(before != after for before, after in pairwise(values))
    assert len({type(value) for value in values}) == 1
    assert row.doc.endswith(".")
    assert [other.name for other in ROWS].count(row.name) == 1


def asked():
    """The kind of question and the name, for every place in the simulator that asks for a behaviour."""
    for path in SIMULATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(ast.Attribute(attr="does" | "how" as kind), [ast.Constant(str() as name)]):
                    yield kind, name
                case ast.Call(ast.Name("is_forever"), [_, ast.Constant(str() as name)]):
                    yield "does", name


def test_what_is_asked_for_has_a_row_and_every_row_is_asked_for():
    """`does` asks for a truth, `how` for a word."""
    kinds = {(kind, name) for kind, name in asked()}

    assert kinds == {("how" if isinstance(row.at(""), str) else "does", row.name) for row in ROWS}


def test_actors_know_no_release():
    """The numbers of releases stand in the table only, and in what a new portal says of itself."""
    for path in (SIMULATOR / "actors").rglob("*.py"):
        constants = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        assert not [text for text in constants if re.fullmatch(r"\d+\.\d+\.\d+", str(text))], path
