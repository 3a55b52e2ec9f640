"""Test how the simulator looks up the behaviours of a release."""

import ast
import re
from pathlib import Path

from ovcgen.release_behaviours import BEHAVIOURS, BY_ID

SIMULATOR = Path(__file__).parents[2] / "ovcgen" / "simulator"
FILES = sorted(SIMULATOR.rglob("*.py"))


def constants(path):
    """Return every string constant of a Python file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def asked():
    """Yield the id of every behaviour that is passed to `behaves` or `behaves_here`."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(ast.Attribute(attr="behaves" | "behaves_here"), [ast.Constant(str() as id)]):
                    yield id


def test_every_id_that_is_asked_for_has_a_record():
    """Every id that the simulator looks up is recorded, since a misspelt id would never be found."""
    assert set(asked()) <= BY_ID.keys()


def test_a_behaviour_is_asked_for_or_its_record_says_why_not():
    """The simulator names every behaviour, except those whose record has a note with the reason."""
    named = {text for path in FILES for text in constants(path)} & BY_ID.keys()

    assert {behaviour.id for behaviour in BEHAVIOURS if not behaviour.note} == named


def test_actors_know_no_release():
    """No release number is in the source of the actors."""
    for path in (SIMULATOR / "actors").rglob("*.py"):
        assert not [text for text in constants(path) if re.fullmatch(r"\d+\.\d+\.\d+", text)], path
