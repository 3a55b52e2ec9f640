"""Comparing two releases: what is the same, what ends, what is stable."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from ovcgen.diff import breaks, compare, explain, report_of
from ovcgen.errors import UsageError
from ovcgen.model.schema import Composed
from tests.build import (
    INTEGER,
    NAME,
    SIZE,
    STRING,
    answers,
    api,
    body,
    listed,
    machines,
    must,
    named,
    operation,
    record,
)

NODE = record(next=named("Node"), value=STRING)


def places(changes):
    """Kind and member of each change, but that there are more names for shapes, or fewer."""
    return [(change.id, change.location.member) for change in changes if not change.location.definition]


def test_a_release_does_not_differ_from_itself():
    """Whatever it holds."""
    release = api(machines(NAME, SIZE, body(named("Node"))), answers_at("/b"), Node=NODE)

    assert compare(release, release) == []


def test_the_order_of_parameters_and_paths_changes_nothing():
    """A document may be written in any order."""
    one = api(machines(NAME, SIZE), operation("/a/b/c", must(SIZE), NAME))
    other = api(operation("/a/b/c", NAME, must(SIZE)), machines(SIZE, NAME))
    changed = api(machines(must(NAME), must(SIZE)))

    assert compare(one, other) == []
    assert compare(one, changed) == compare(other, changed)


def test_forth_and_back_mirror():
    """What was added on the way there is removed on the way back."""
    old, new = api(machines(NAME)), api(machines(NAME, SIZE), operation("/a/b/c"))

    assert [change.id for change in compare(old, new)] == ["operation.added", "parameter.added-optional"]
    assert [change.id for change in compare(new, old)] == ["operation.removed", "parameter.removed"]


def test_a_shape_that_holds_itself_ends():
    """Each name is opened once, and the shortest way to a change is told."""
    old = api(answers(named("Node")), Node=NODE)
    new = api(answers(named("Node")), Node=record(next=named("Node"), value=INTEGER))

    assert places(compare(old, new)) == [("type.changed", "value")]


def test_shapes_that_hold_each_other_end():
    """Also where the two releases go round in different circles."""
    old = api(answers(named("A")), A=record(next=named("A"), x=STRING))
    new = api(answers(named("A")), A=record(next=named("B"), x=STRING), B=record(next=named("A"), x=INTEGER))

    assert places(compare(old, new)) == [("type.changed", "next.x")]


@pytest.mark.parametrize("knot", [named("A"), named("Nowhere"), Composed((named("A"),))])
def test_a_name_that_stands_for_itself_promises_nothing(knot):
    """So does one that is not defined."""
    release = api(answers(named("A")), A=knot)

    assert places(compare(api(answers(STRING)), release)) == [("type.widened", "")]


def test_how_a_shape_is_written_down_is_no_change():
    """Named, composed or written out, it is the same shape."""
    plain = api(answers(record(a=STRING, b=INTEGER)))
    composed = api(answers(Composed((named("A"), record(b=INTEGER)))), A=record(a=STRING))

    assert places(compare(plain, composed)) == []
    assert places(compare(composed, plain)) == []


def test_places_inside_a_shape_are_told_by_name():
    """Lists as [], members with a dot; the pointer leads to the definition."""
    old = api(answers(record(disks=listed(named("Disk")))), Disk=record(size=STRING))
    new = api(answers(record(disks=listed(named("Disk")))), Disk=record(size=INTEGER))
    (change,) = compare(old, new)

    assert change.location.pairs() == {
        "path": "/cloudapi/machines/create",
        "method": "POST",
        "response": "200",
        "property": "disks[].size",
    }
    assert change.pointer == "/definitions/Disk/properties/size"
    assert change.message == "Property `disks[].size` of answer `200` is `integer` now; it was `string`."


def test_a_parameter_is_pointed_at_by_name():
    """Its index means nothing."""
    (change,) = compare(api(machines(NAME)), api(machines(must(NAME))))

    assert change.pointer == "/paths/~1cloudapi~1machines~1create/post/parameters/name"
    assert change.operation == "POST /cloudapi/machines/create"


def test_a_fingerprint_does_not_depend_on_words():
    """Who approved a change has approved it, however it is worded later."""
    (change,) = compare(api(machines(NAME)), api(machines(must(NAME))))

    assert change.fingerprint == "0aea34555cef"
    assert replace(change, message="other words", hint="", pointer="/x").fingerprint == change.fingerprint
    assert replace(change, before=None).fingerprint != change.fingerprint


@pytest.mark.parametrize(
    ("fail_on", "removed", "added"), [("breaking", True, False), ("warning", True, False), ("never", False, False)]
)
def test_the_worst_change_decides(fail_on, removed, added):
    """A removed parameter breaks Python code and is a warning for HTTP; an added one is harmless."""
    less, more = api(machines()), api(machines(NAME))

    assert breaks(report_of("1", "2", compare(more, less)), fail_on) is removed
    assert breaks(report_of("1", "2", compare(less, more)), fail_on) is added


def test_a_breaking_change_breaks_unless_nothing_may():
    """`never` never fails."""
    report = report_of("1", "2", compare(api(machines()), api()))

    assert [breaks(report, fail_on) for fail_on in ("breaking", "warning", "never")] == [
        True,
        True,
        False,
    ]


def test_a_kind_is_explained_by_its_rule():
    """Verdicts first, then the rule's own words."""
    assert "has no effect; a Python call" in explain("parameter.removed"), "no line break inside a paragraph"
    assert explain("type.widened").startswith(
        "type.widened\n"
        "wire: info in a request, breaking in an answer\n"
        "SDK: info in a request, breaking in an answer\n\n"
        "A value has a type that holds more values than before.\n"
    )


def test_an_unknown_kind_names_the_nearest():
    """A slip of the finger is answered with what was meant."""
    with pytest.raises(UsageError, match=r"parameter\.became-required"):
        explain("parameter.become-required")


def test_comparing_needs_no_client_and_no_templates():
    """A hook before a commit must start fast."""
    program = (
        "import sys, ovcgen.diff.render; print({'bravado', 'jsonschema', 'jinja2', 'requests'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def answers_at(path):
    """A call with a recursive answer."""
    return replace(answers(named("Node")), path=path)
