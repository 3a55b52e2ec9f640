"""Limits, formats, and what may be null: one row a fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from ovcgen.model.schema import Anything, Record, Scalar, Traits
from tests.build import INTEGER, NUMBER, STRING, listed, must_have, parameter, record
from tests.diff.rules.rows import B, N, Row, W, formatted, found, got, limited, sent, size, takes, told_apart

NULLABLE = Scalar("string", Traits(nullable=True))
READ_ONLY = Scalar("string", Traits(read_only=True))
FEW = replace(listed(STRING), traits=limited(maxItems=3).traits)
MORE = replace(listed(STRING), traits=limited(maxItems=4).traits)
CLOSED = Record((), None)
WITHOUT = record()
HIDDEN = replace(record(a=STRING), traits=Traits(read_only=True))

ROWS: list[Row] = [
    # limits of what is sent
    ("a limit came", size(INTEGER), size(limited(maximum=9)), [("constraint.added", B, N)]),
    ("a limit went", size(limited(maximum=9)), size(INTEGER), [("constraint.removed", N, N)]),
    ("a smaller maximum", size(limited(maximum=9)), size(limited(maximum=8)), [("constraint.tightened", B, N)]),
    ("a larger maximum", size(limited(maximum=8)), size(limited(maximum=9)), [("constraint.loosened", N, N)]),
    ("a larger minimum", size(limited(minimum=8)), size(limited(minimum=9)), [("constraint.tightened", B, N)]),
    ("a smaller minimum", size(limited(minimum=9)), size(limited(minimum=8)), [("constraint.loosened", N, N)]),
    (
        "the maximum itself is out",
        size(limited(maximum=9)),
        size(limited(maximum=9, exclusiveMaximum=True)),
        [("constraint.tightened", B, N)],
    ),
    (
        "the minimum itself is in",
        size(limited(minimum=9, exclusiveMinimum=True)),
        size(limited(minimum=9, exclusiveMinimum=False)),
        [("constraint.loosened", N, N)],
    ),
    ("False is as good as nothing", size(limited(exclusiveMaximum=False)), size(INTEGER), []),
    ("so is a length of 0", size(limited("string", minLength=0)), size(STRING), []),
    (
        "another pattern",
        size(limited("string", pattern="a")),
        size(limited("string", pattern="b")),
        [("constraint.changed", W, N)],
    ),
    ("another multiple", size(limited(multipleOf=5)), size(limited(multipleOf=4)), [("constraint.changed", W, N)]),
    ("shorter lists", size(MORE), size(FEW), [("constraint.tightened", B, N)]),
    ("a limit that a text can't feel", size(STRING), size(limited("string", maximum=9)), [("constraint.added", N, N)]),
    (
        "an exclusive limit without a limit",
        size(INTEGER),
        size(limited(exclusiveMaximum=True)),
        [("constraint.tightened", N, N)],
    ),
    (
        "a number's limit, of integers now",
        size(limited("number", maximum=9)),
        size(limited(maximum=8)),
        [("constraint.tightened", B, N), ("type.narrowed", B, B)],
    ),
    ("another type says more", size(limited(maximum=9)), size(listed(STRING)), [("type.changed", B, B)]),
    # limits of what is answered
    ("an answer is limited", got(INTEGER), got(limited(maximum=9)), [("constraint.added", N, N)]),
    ("an answer is limited more", got(limited(maximum=9)), got(limited(maximum=8)), [("constraint.tightened", N, N)]),
    ("an answer is limited less", got(limited(maximum=8)), got(limited(maximum=9)), [("constraint.loosened", B, N)]),
    ("an answer has no limit", got(limited(maximum=8)), got(INTEGER), [("constraint.removed", B, N)]),
    ("an answer has no form", got(limited("string", pattern="a")), got(STRING), [("constraint.removed", W, N)]),
    # formats
    ("a date must be sent", size(STRING), size(formatted("date")), [("format.added", B, W)]),
    ("a remark on how to show it", size(STRING), size(formatted("password")), [("format.added", N, W)]),
    ("any text may be sent", size(formatted("date")), size(STRING), [("format.removed", N, W)]),
    ("a time must be sent", size(formatted("date")), size(formatted("date-time")), [("format.narrowed", B, W)]),
    (
        "larger numbers may be sent",
        size(formatted("int32", "integer")),
        size(formatted("int64", "integer")),
        [("format.widened", N, N)],
    ),
    (
        "smaller numbers must be sent",
        size(formatted("int64", "integer")),
        size(formatted("int32", "integer")),
        [("format.narrowed", B, W)],
    ),
    ("a date comes", got(STRING), got(formatted("date")), [("format.added", N, W)]),
    ("any text comes", got(formatted("date")), got(STRING), [("format.removed", W, W)]),
    ("a time comes", got(formatted("date")), got(formatted("date-time")), [("format.narrowed", W, W)]),
    (
        "larger numbers come",
        got(formatted("int32", "integer")),
        got(formatted("int64", "integer")),
        [("format.widened", W, N)],
    ),
    (
        "smaller numbers come",
        got(formatted("double", "number")),
        got(formatted("float", "number")),
        [("format.narrowed", N, W)],
    ),
    (
        "another type says more than its format",
        got(formatted("float", "number")),
        got(NULLABLE),
        [("nullable.added", B, B), ("type.changed", B, B)],
    ),
    # nothing in place of something
    ("null may be sent", sent(a=STRING), sent(a=NULLABLE), [("nullable.added", N, N)]),
    ("null may not be sent", sent(a=NULLABLE), sent(a=STRING), [("nullable.removed", B, W)]),
    ("null may come", got(a=STRING), got(a=NULLABLE), [("nullable.added", B, B)]),
    ("null no longer comes", got(a=NULLABLE), got(a=STRING), [("nullable.removed", N, N)]),
    ("anything could be null", got(Anything()), got(NULLABLE), [("type.narrowed", N, W)]),
    (
        "a text may be left empty",
        takes(parameter("a")),
        takes(replace(parameter("a"), allow_empty=True)),
        [("allow-empty.added", N, N)],
    ),
    (
        "a text must not be empty",
        takes(replace(parameter("a"), allow_empty=True)),
        takes(parameter("a")),
        [("allow-empty.removed", B, N)],
    ),
    # who writes
    ("only the service writes it", sent(a=STRING), sent(a=READ_ONLY), [("read-only.set", W, W)]),
    ("callers write it too", sent(a=READ_ONLY), sent(a=STRING), [("read-only.unset", N, N)]),
    ("callers have to write it", sent(a=must_have(READ_ONLY)), sent(a=must_have(STRING)), [("read-only.unset", B, B)]),
    ("it came written", got(a=STRING), got(a=READ_ONLY), [("read-only.set", N, N)]),
    ("it comes written", got(a=READ_ONLY), got(a=STRING), [("read-only.unset", N, N)]),
    (
        "what callers don't send is nothing to them",
        sent(a=READ_ONLY),
        sent(a=replace(READ_ONLY, kind="integer")),
        [("type.changed", N, N)],
    ),
    (
        "nor is what is inside of it",
        sent(a=HIDDEN),
        sent(a=replace(record(a=INTEGER), traits=HIDDEN.traits)),
        [("type.changed", N, N)],
    ),
    ("nor that it goes", sent(a=READ_ONLY), sent(), [("property.removed", N, B)]),
    # members without a name
    ("others may be sent", sent(CLOSED), sent(WITHOUT), [("additional-properties.allowed", N, N)]),
    ("others are refused", sent(WITHOUT), sent(CLOSED), [("additional-properties.forbidden", B, N)]),
    ("others may come", got(CLOSED), got(WITHOUT), [("additional-properties.allowed", W, N)]),
    ("no others come", got(WITHOUT), got(CLOSED), [("additional-properties.forbidden", N, N)]),
    (
        "what was any number has a name and is a text",
        sent(Record((), NUMBER)),
        sent(replace(record(a=STRING), rest=NUMBER)),
        [("property.added-optional", N, N), ("type.changed", B, B)],
    ),
    (
        "what had a name is any number",
        got(replace(record(a=STRING), rest=NUMBER)),
        got(Record((), NUMBER)),
        [("property.removed", W, B), ("type.changed", B, B)],
    ),
    ("told apart by another", sent(told_apart("kind")), sent(told_apart("sort")), [("discriminator.changed", W, W)]),
    ("no longer told apart", got(told_apart("kind")), got(told_apart("")), [("discriminator.changed", W, W)]),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_two_releases_differ_by_exactly_these_changes(old, new, expected):
    """The kind, who breaks over HTTP and whose Python code breaks."""
    assert found(old, new) == expected


def test_a_limit_is_told_with_its_name_and_both_values():
    """Which of them is part of the place."""
    (change,) = compare(size(limited(maximum=9)), size(limited(maximum=8)))

    assert change.location.constraint == "maximum"
    assert change.message == "Form parameter `sizeId` has the limit maximum `8` now; it was `9`."
    assert (change.before.value, change.after.value, change.hint) == (9, 8, "Keep to maximum `8`.")
