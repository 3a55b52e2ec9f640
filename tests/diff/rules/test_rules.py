"""What counts as a change, one row a fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules import rule_of, rules
from ovcgen.model.schema import Anything, File, Scalar, Traits
from tests.build import (
    BOOLEAN,
    INTEGER,
    NAME,
    NOTHING,
    NUMBER,
    SIZE,
    STRING,
    answer,
    answers,
    api,
    body,
    listed,
    machines,
    must,
    must_have,
    one_of,
    operation,
    parameter,
    record,
    slot,
)
from tests.diff import test_swagger2_as_openapi3
from tests.diff.rules import (
    test_names,
    test_openapi3_calls,
    test_openapi3_schemas,
    test_renames,
    test_surroundings,
    test_values,
)

LIST = "/cloudapi/machines/list"
READ_ONLY = Scalar("string", Traits(read_only=True))


def size(schema: object = INTEGER, **more: object) -> object:
    """The call with `sizeId` of that shape."""
    return machines(parameter("sizeId", schema, **more))


def sent(**members: object) -> object:
    """The call with such an object as its body."""
    return machines(body(record(**members)))


def got(**members: object) -> object:
    """The call that answers such an object."""
    return answers(record(**members))


# (id, old, new, [(kind, wire, sdk)])
B, W, N = BREAKING, WARNING, INFO
GET = operation(LIST, method="GET")
POST = operation(LIST)
SECOND = replace(GET, alternative=True)

ROWS = [
    ("nothing changed", [machines(NAME)], [machines(NAME)], []),
    # operations
    ("a call came", [], [POST], [("operation.added", N, N)]),
    ("a call went", [POST], [], [("operation.removed", B, B)]),
    ("a call came with both verbs: told once", [], [POST, SECOND], [("operation.added", N, N)]),
    ("a call went with both verbs: told once", [POST, SECOND], [], [("operation.removed", B, B)]),
    ("the second verb came", [POST], [POST, SECOND], [("operation.added", N, N)]),
    ("the second verb went, the name stays", [POST, SECOND], [POST], [("operation.removed", B, N)]),
    ("the first verb went, the name stays", [POST, SECOND], [GET], [("operation.removed", B, N)]),
    ("a deprecated call went", [replace(POST, deprecated=True)], [], [("operation.removed", W, B)]),
    ("another verb", [GET], [POST], [("operation.method-changed", B, N)]),
    (
        "another verb and another parameter",
        [operation(LIST, parameter("a", place="query"), method="GET")],
        [operation(LIST, parameter("a"), must(parameter("b")))],
        [("operation.method-changed", B, N), ("parameter.added-required", B, B)],
    ),
    ("announced to go", [POST], [replace(POST, deprecated=True)], [("operation.deprecated", N, W)]),
    ("no longer announced to go", [replace(POST, deprecated=True)], [POST], [("operation.undeprecated", N, N)]),
    # parameters
    ("sizeId went away", [machines(NAME, SIZE)], [machines(NAME)], [("parameter.removed", W, B)]),
    ("sizeId may now be sent", [machines(NAME)], [machines(NAME, SIZE)], [("parameter.added-optional", N, N)]),
    ("sizeId is new, must be sent", [machines()], [machines(must(SIZE))], [("parameter.added-required", B, B)]),
    ("sizeId must now be sent", [machines(SIZE)], [machines(must(SIZE))], [("parameter.became-required", B, B)]),
    ("sizeId need not be sent", [machines(must(SIZE))], [machines(SIZE)], [("parameter.became-optional", N, N)]),
    (
        "from the form to the query",
        [machines(SIZE)],
        [machines(replace(SIZE, location="query"))],
        [("parameter.location-changed", B, N)],
    ),
    (
        "a slot of the path is renamed",
        [operation("/disks/{id}", slot("id"))],
        [operation("/disks/{diskId}", slot("diskId"))],
        [("operation.name-changed", N, B), ("path-parameter.renamed", N, B)],
    ),
    ("a slot is declared at last", [operation("/disks/{id}")], [operation("/disks/{id}", slot("id"))], []),
    ("a slot is no longer declared", [operation("/disks/{id}", slot("id"))], [operation("/disks/{id}")], []),
    (
        "the second verb has no Python name",
        [POST, replace(SECOND, parameters=(parameter("a", place="query"),))],
        [POST, SECOND],
        [("parameter.removed", W, N)],
    ),
    # the body
    ("a body may be sent", [machines()], [machines(body())], [("body.added-optional", N, N)]),
    ("a body must be sent", [machines()], [machines(must(body()))], [("body.added-required", B, B)]),
    ("the body went away", [machines(body())], [machines()], [("body.removed", W, B)]),
    ("the body must now be sent", [machines(body())], [machines(must(body()))], [("body.became-required", B, B)]),
    ("the body need not be sent", [machines(must(body()))], [machines(body())], [("body.became-optional", N, N)]),
    ("the body is renamed", [machines(body(name="a"))], [machines(body(name="b"))], [("body.renamed", N, B)]),
    # types of what is sent
    ("text to boolean list", [size(STRING)], [size(listed(BOOLEAN))], [("type.changed", B, B)]),
    ("text to file", [size(STRING)], [size(File())], [("type.changed", B, B)]),
    ("text to integer in a form", [size(STRING)], [size(INTEGER)], [("type.narrowed", B, B)]),
    ("number to integer", [size(NUMBER)], [size(INTEGER)], [("type.narrowed", B, B)]),
    ("integer to number", [size(INTEGER)], [size(NUMBER)], [("type.widened", N, N)]),
    ("integer to text in a form", [size(INTEGER)], [size(STRING)], [("type.widened", W, B)]),
    ("items to integer", [size(listed(STRING))], [size(listed(INTEGER))], [("type.narrowed", B, B)]),
    ("text to integer in JSON", [sent(a=STRING)], [sent(a=INTEGER)], [("type.changed", B, B)]),
    (
        "repeated to commas",
        [size(listed(STRING))],
        [size(listed(STRING, "csv"))],
        [("collection-format.changed", B, N)],
    ),
    ("in JSON a list is a list", [sent(a=listed(STRING))], [sent(a=listed(STRING, "csv"))], []),
    # types of what is answered
    ("answers something else", [answers(STRING)], [answers(BOOLEAN)], [("type.changed", B, B)]),
    ("answers fewer values", [answers(NUMBER)], [answers(INTEGER)], [("type.narrowed", N, W)]),
    ("answers more values", [answers(INTEGER)], [answers(NUMBER)], [("type.widened", B, B)]),
    ("answers anything", [answers(STRING)], [answers(Anything())], [("type.widened", B, B)]),
    # defaults
    ("a default came", [size()], [size(default=1)], [("default.added", W, W)]),
    ("a default changed", [size(default=1)], [size(default=2)], [("default.changed", W, W)]),
    ("a default went", [size(default=1)], [size()], [("default.removed", W, W)]),
    ("a default of a file", [size(default=False)], [size(default=0)], [("default.changed", W, W)]),
    # closed sets
    ("one more may be sent", [size(one_of("a"))], [size(one_of("a", "b"))], [("enum.value-added", N, N)]),
    ("one more is answered", [got(a=one_of("a"))], [got(a=one_of("a", "b"))], [("enum.value-added", W, W)]),
    ("one less may be sent", [size(one_of("a", "b"))], [size(one_of("a"))], [("enum.value-removed", B, B)]),
    ("one less is answered", [got(a=one_of("a", "b"))], [got(a=one_of("a"))], [("enum.value-removed", N, N)]),
    ("only these may be sent", [size(STRING)], [size(one_of("a"))], [("enum.introduced", B, W)]),
    ("only these are answered", [got(a=STRING)], [got(a=one_of("a"))], [("enum.introduced", N, N)]),
    ("anything may be sent", [size(one_of("a"))], [size(STRING)], [("enum.lifted", N, N)]),
    ("anything is answered", [got(a=one_of("a"))], [got(a=STRING)], [("enum.lifted", W, W)]),
    # answers
    (
        "one more error",
        [machines()],
        [machines(responses=(answer(STRING), answer(None, "400")))],
        [("response.added", N, N)],
    ),
    (
        "one more success",
        [machines()],
        [machines(responses=(answer(STRING), answer(None, "202")))],
        [("response.added", W, W)],
    ),
    (
        "one error less",
        [machines(responses=(answer(STRING), answer(None, "400")))],
        [machines()],
        [("response.removed", N, N)],
    ),
    ("no success", [machines()], [machines(responses=())], [("response.removed", B, B)]),
    ("has content", [answers(NOTHING)], [answers(STRING)], [("response.schema-added", N, N)]),
    ("has no content", [answers(STRING)], [answers(NOTHING)], [("response.schema-removed", B, B)]),
    (
        "a header came",
        [machines()],
        [machines(responses=(answer(STRING, ETag=STRING),))],
        [("response-header.added", N, N)],
    ),
    (
        "a header went",
        [machines(responses=(answer(STRING, ETag=STRING),))],
        [machines()],
        [("response-header.removed", W, N)],
    ),
    # members of objects
    ("one more may be sent", [sent(a=STRING)], [sent(a=STRING, b=STRING)], [("property.added-optional", N, N)]),
    ("one more must be sent", [sent()], [sent(b=must_have(STRING))], [("property.added-required", B, B)]),
    ("the portal writes one more", [sent()], [sent(b=must_have(READ_ONLY))], [("property.added-required", N, N)]),
    ("one less may be sent", [sent(a=STRING)], [sent()], [("property.removed", W, B)]),
    ("one less, all others refused", [sent(a=STRING, closed=True)], [sent(closed=True)], [("property.removed", B, B)]),
    ("a must be sent", [sent(a=STRING)], [sent(a=must_have(STRING))], [("property.became-required", B, B)]),
    ("a need not be sent", [sent(a=must_have(STRING))], [sent(a=STRING)], [("property.became-optional", N, N)]),
    ("a may be missing", [got(a=must_have(STRING))], [got(a=STRING)], [("property.became-optional", B, B)]),
    ("a is always there", [got(a=STRING)], [got(a=must_have(STRING))], [("property.became-required", N, N)]),
    ("one less is answered", [got(a=STRING)], [got()], [("property.removed", W, B)]),
    ("one that was always there", [got(a=must_have(STRING))], [got()], [("property.removed", B, B)]),
    ("one more is answered", [got()], [got(a=must_have(STRING))], [("property.added-required", N, N)]),
    ("no other was promised", [got(closed=True)], [got(a=STRING, closed=True)], [("property.added-optional", B, N)]),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_two_releases_differ_by_exactly_these_changes(old, new, expected):
    """The kind, who breaks over HTTP and whose Python code breaks."""
    changes = compare(api(*old), api(*new))

    assert [(change.id, change.wire, change.sdk) for change in changes] == expected


def test_every_rule_has_an_example():
    """A rule nobody can show an example of is not a rule."""
    rows = (*ROWS, *test_names.ROWS, *test_renames.ROWS, *test_surroundings.ROWS, *test_values.ROWS)
    shown = {kind for _, _, _, expected in (*rows, *test_openapi3_calls.ROWS) for kind, _, _ in expected}
    shown |= test_swagger2_as_openapi3.ONLY_IN_PYTHON | {
        kind for *_, sent, got in test_openapi3_schemas.ROWS for kind, _, _ in (*sent, *got)
    }

    assert {rule.kind for rule in rules()} == shown | {test_names.TYPE_MOVED}


def test_every_kind_has_one_rule():
    """A kind is explained in one place."""
    kinds = [rule.kind for rule in rules()]

    assert sorted(set(kinds)) == sorted(kinds)


@pytest.mark.parametrize("kind", [rule.kind for rule in rules()])
def test_every_rule_says_what_happened_and_what_to_do(kind):
    """One sentence on what happened, then who breaks and what to do."""
    first, rest = rule_of(kind).doc.split("\n", 1)

    assert first.endswith(".")
    assert rest.strip().endswith(".")
