"""How deep a text nests is judged by us, at the same depth on every Python and with every version of a library."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.documents import json_reader
from ovcgen.documents.depth_limit import DEPTH, check_yaml_depth, read_json, yaml_events, yaml_reader
from ovcgen.documents.source_map import value_positions
from ovcgen.documents.yaml_reader import parse_yaml
from ovcgen.errors import ClientError
from ovcgen.recordings.recorder import scrubbed_response

PACKAGE = Path(json_reader.__file__).parents[1]
LEVELS = (1, 63, 64, 65, 90, 500, 990, 1_001, 3_000, 9_000, 30_000, 100_000)
OWN = {  # what only reads what ovcgen itself has written or ships
    "generator/write.py", "model/earlier_sdk_names.py", "model/schema.py", "documents/overlay_validation.py",
    "documents/metaschema_validation.py",
    "simulator/actors/audits.py", "simulator/state_as_json.py", "simulator/state_file.py", "client/bravado_adapter.py",
    "releases/catalog_cache.py", "releases/library.py", "workflows/release_history.py",
}  # fmt: skip
READERS = ("json.loads", "json.load", "yaml.load", "yaml.parse", "yaml.compose")
BOUNDED = {f"documents/{name}.py" for name in ("depth_limit", "source_map", "json_reader", "yaml_reader")} | {
    "simulator/lenient_json.py"
}  # these check the depth themselves


FORMS: dict[str, Callable[[int], str]] = {
    "lists": lambda depth: "[" * depth + "]" * depth,
    "objects": lambda depth: '{"a":' * depth + "1" + "}" * depth,
    "in turns": lambda depth: '[{"a":' * (depth // 2) + ("[1]" if depth % 2 else "1") + "}]" * (depth // 2),
    "spaced": lambda depth: "[\n" * depth + "]\n" * depth,
}
BLOCKS: dict[str, Callable[[int], str]] = {
    "dashes": lambda depth: "- " * depth + "a",
    "questions": lambda depth: "? " * depth + "a",
    "never closed": lambda depth: "[" * depth,
}


@pytest.mark.parametrize("depth", LEVELS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_json_is_read_down_to_our_limit(form: Callable[[int], str], depth: int) -> None:
    """What is deeper is refused with our own words, and never ends in an error of Python."""
    text = form(depth)

    if depth <= DEPTH:
        read_json(text)
    else:
        with pytest.raises(ValueError, match=f"deeper than {DEPTH} levels"):
            read_json(text)


@pytest.mark.parametrize("depth", LEVELS)
@pytest.mark.parametrize("form", [*FORMS.values(), *BLOCKS.values()], ids=[*FORMS, *BLOCKS])
def test_yaml_is_read_down_to_our_limit(form: Callable[[int], str], depth: int) -> None:
    """Our limit comes first, whatever limit the parser has."""
    text = form(depth)

    if depth > DEPTH:
        with pytest.raises(ValueError, match=f"deeper than {DEPTH} levels"):
            check_yaml_depth(text)
    elif form is BLOCKS["never closed"]:
        with pytest.raises(yaml.YAMLError):
            check_yaml_depth(text)
    else:
        assert check_yaml_depth(text) is text


@given(st.text(alphabet="[]{}-? :a\n\"'|>&*,#", max_size=200), st.integers(1, 5))
def test_what_is_not_deep_is_refused_by_the_parser_alone(text: str, depth: int) -> None:
    """Reading again after a refusal finds a depth that is there, and no other."""
    try:
        list(yaml_events(text, depth))
    except yaml.YAMLError:
        assert _deepest(_events_before_the_refusal(text)) <= depth
    except ValueError:
        assert text.count("[") + text.count("{") + text.count("-") + text.count("?") + text.count(":") > depth
    else:
        assert _deepest(list(yaml.parse(text, Loader=yaml_reader()))) <= depth


def _events_before_the_refusal(text: str) -> list[yaml.Event]:
    found: list[yaml.Event] = []
    try:
        for event in yaml.parse(text, Loader=yaml_reader()):
            found.append(event)
    except yaml.YAMLError:
        return found
    return found


def _deepest(events: list[yaml.Event]) -> int:
    level = deepest = 0
    for event in events:
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, level)
    return deepest


@pytest.mark.parametrize("depth", [level for level in LEVELS if level > DEPTH])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_reader_of_ours_ends_in_a_value_or_in_our_error(form: Callable[[int], str], depth: int) -> None:
    """Documents, their lines and recorded answers of any depth."""
    data = f'{{"a": {form(depth)}}}'.encode()

    for read in (json_reader.parse, parse_yaml):
        with pytest.raises(ClientError, match=f"deeper than {DEPTH} levels"):
            read(data, "a document")
    with pytest.raises(ValueError, match="no YAML"):
        value_positions(data, yaml=True)
    scrubbed_response({"headers": {}, "body": {"string": data}})


def test_nothing_else_reads_texts_of_others() -> None:
    """The readers of libraries are called where the depth is checked, or on what ovcgen has written itself."""
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS
    }

    assert {each for each in found if not each.startswith("runtime/")} == OWN | BOUNDED
