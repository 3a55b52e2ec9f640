"""How the simulator asks for what a release does differently."""

import ast
import re
from pathlib import Path

from ovcgen.behaviours import BEHAVIOURS, BY_ID

SIMULATOR = Path(__file__).parents[2] / "ovcgen" / "simulator"
FILES = sorted(SIMULATOR.rglob("*.py"))


def constants(path):
    """Every text in a file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def asked():
    """The id of every behaviour that a call is asked for by name."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(ast.Attribute(attr="behaves" | "behaves_here"), [ast.Constant(str() as id)]):
                    yield id


def test_every_id_that_is_asked_for_has_a_record():
    """A misspelt id would never be true."""
    assert set(asked()) <= BY_ID.keys()


def test_a_behaviour_is_asked_for_or_its_record_says_why_not():
    """Nothing is left out in silence."""
    named = {text for path in FILES for text in constants(path)} & BY_ID.keys()

    assert {behaviour.id for behaviour in BEHAVIOURS if not behaviour.note} == named


def test_actors_know_no_release():
    """The numbers of releases stand in the records only, and in what a new portal says of itself."""
    for path in (SIMULATOR / "actors").rglob("*.py"):
        assert not [text for text in constants(path) if re.fullmatch(r"\d+\.\d+\.\d+", text)], path
