"""Lines of changes in the files that are compared."""

from __future__ import annotations

import json

from ovcgen import diff
from ovcgen.workflows.change_locations import source_lines
from ovcgen.workflows.diff_inputs import DiffInput, diff_input
from ovcgen.workflows.resolve import resolve

ANSWER = {"200": {"description": "all"}}
NAME = {"name": "name", "in": "query", "type": "string"}
OLD = {"/pets": {"get": {"responses": ANSWER, "parameters": [NAME]}}, "/gone": {"get": {"responses": ANSWER}}}
NEW = {"/pets": {"get": {"responses": ANSWER, "parameters": [{**NAME, "required": True}]}}}


def written(folder, name, paths):
    """A document as a file, and the side that it is."""
    document = {"swagger": "2.0", "info": {"title": "pets", "version": "1"}, "paths": paths}
    (folder / name).write_text(json.dumps(document, indent=1))
    return diff_input(str(folder / name), no_portal)


def no_portal(url):
    """Nothing is asked here."""
    raise AssertionError(url)


def found(old: DiffInput, new: DiffInput):
    """(kind, name of the file, the text of the line) of each change that has a spot."""
    changes = diff.compare(resolve(old.spec).api, resolve(new.spec).api)
    placed = source_lines(changes, old, new)
    for change in changes:
        if spot := placed.get(change.fingerprint):
            source = old if spot.file == old.file else new
            line = source.content().decode().splitlines()[spot.line - 1].strip()
            yield change.id, spot.file.rpartition("/")[2], line


def test_what_is_gone_is_in_the_old_file(tmp_path):
    """And everything else in the new one."""
    old, new = written(tmp_path, "old.json", OLD), written(tmp_path, "new.json", NEW)

    assert list(found(old, new)) == [
        ("operation.removed", "old.json", '"get": {'),
        ("parameter.became-required", "new.json", "{"),
    ]


def test_what_is_gone_from_a_past_file_is_near_where_it_would_be(tmp_path):
    """Its lines say nothing today."""
    old, new = written(tmp_path, "old.json", OLD), written(tmp_path, "new.json", NEW)

    assert next(iter(found(old._replace(past=True), new))) == ("operation.removed", "new.json", '"paths": {')


def test_what_no_file_says_has_no_spot(tmp_path):
    """A portal serves no file, and a file may have gone meanwhile."""
    old, new = written(tmp_path, "old.json", OLD), written(tmp_path, "new.json", NEW)

    assert list(found(old._replace(file=""), new._replace(file=""))) == []
    assert list(found(old._replace(file=""), new._replace(file=str(tmp_path / "gone"), data=None))) == []
