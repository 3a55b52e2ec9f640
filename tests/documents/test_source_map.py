"""Lines of places in documents, JSON and YAML alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ovcgen.documents.source_map import PointerLine, line_of, value_positions

JSON = r"""{
  "swagger": "2.0", "info": {"title": "a \"quoted\" {title}, with [all] of: it\n",
    "version": "1"},
  "paths": {
    "/pets/{id}": {
      "parameters": [
        {"name": "id", "in": "path"},
        {"$ref": "#/parameters/verbose"}
      ],
      "get": {
        "parameters": [
          {"in": "query",
           "name": "tag"}
        ],
        "responses": {"200": {"schema":
          {"$ref": "#/definitions/Pet"}}}
      }
    }
  },
  "parameters": {
    "verbose": {"name": "verbose", "in": "query"}
  },
  "definitions": {
    "Pet": {"properties": {
      "name": {"type": "string"}}},
    "Loop": {"$ref": "#/definitions/Loop"}
  }
}
"""
YAML = """\
swagger: "2.0"
info:
  title: pets
paths:
  /pets/{id}:
    parameters:
      - name: id
        in: path
    get:
      parameters:
        - $ref: "#/parameters/tag"
parameters:
  tag: {name: tag, in: query}
"""
OPERATION = "/paths/~1pets~1{id}/get"


@pytest.mark.parametrize(
    ("pointer", "line", "exact"),
    [
        ("", 1, True),
        ("/info/version", 3, True),
        (OPERATION, 10, True),
        (f"{OPERATION}/parameters/tag", 12, True),
        (f"{OPERATION}/parameters/0/name", 13, True),
        (f"{OPERATION}/parameters/id", 7, True),  # the path's own
        (f"{OPERATION}/parameters/verbose/in", 21, True),  # behind a reference
        (f"{OPERATION}/responses/200/schema/properties/name", 25, True),
        (f"{OPERATION}/responses/200/schema/properties/gone", 24, False),
        (f"{OPERATION}/parameters/gone", 11, False),
        (f"{OPERATION}/responses/404", 15, False),
        ("/definitions/Loop/properties/x", 26, False),
        ("/paths/~1gone/post", 4, False),
    ],
)
def test_the_line_of_a_place_in_json(pointer, line, exact):
    """A place that is not there has the line of the nearest around it."""
    place = line_of(value_positions(JSON.encode(), yaml=False), pointer)

    assert (place.line, place.exact) == (line, exact)


@pytest.mark.parametrize(
    ("pointer", "line"),
    [(OPERATION, 9), (f"{OPERATION}/parameters/id", 7), (f"{OPERATION}/parameters/tag", 11), ("/info/title", 3)],
)
def test_the_line_of_a_place_in_yaml(pointer, line):
    """The same, by the marks of PyYAML."""
    assert line_of(value_positions(YAML.encode(), yaml=True), pointer).line == line


@pytest.mark.parametrize("reference", ["#/~2", "#/%7e", "#/a/~"])
def test_a_malformed_reference_on_the_way_is_not_followed(reference):
    """The members beside the reference are found."""
    text = f'{{"a":\n {{"$ref": "{reference}",\n "b": 1}}}}'.encode()

    assert line_of(value_positions(text, yaml=False), "/a/b") == PointerLine(3, exact=True)
    assert line_of(value_positions(text, yaml=False), "/a/c") == PointerLine(1, exact=False)


def test_a_pinned_catalog_has_a_line_for_every_operation():
    """Canonical text has each key on a line of its own."""
    data = (Path(__file__).parents[2] / "specs" / "2.4.5" / "swagger.json").read_bytes()
    root, lines = value_positions(data, yaml=False), data.decode().splitlines()

    for path in json.loads(data)["paths"]:
        place = line_of(root, "/paths/" + path.replace("~", "~0").replace("/", "~1"))
        assert lines[place.line - 1].strip() == f'"{path}": {{'


@pytest.mark.parametrize(("data", "yaml"), [(b"", False), (b"", True), (b"a: [", True)])
def test_what_is_no_document_is_refused(data, yaml):
    """It has been read before, so this only happens where a file changes in between."""
    with pytest.raises(ValueError, match="no YAML" if yaml else "no JSON"):
        value_positions(data, yaml=yaml)
