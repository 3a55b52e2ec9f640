"""Schemas of OpenAPI 3: one row a fact, in what is sent and in what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.rules.openapi3 import (
    ANY_OBJECT,
    CAT,
    CAT_REF,
    DOG_REF,
    NUMBER,
    TEXT,
    Found,
    changes,
    document,
    found,
    got,
    sent,
)
from tests.diff.rules.rows import B, N, W

LIST: dict[str, Any] = {"type": "array"}
PETS = [CAT_REF, DOG_REF]
TAGGED: dict[str, Any] = {"oneOf": PETS, "discriminator": {"propertyName": "kind", "mapping": {"puppy": "Dog"}}}


def with_member(**member: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string", **member}}}


def mapped(**mapping: str) -> dict[str, Any]:
    return {"oneOf": PETS, "discriminator": {"propertyName": "kind", "mapping": mapping}}


NAMED = {**ANY_OBJECT, "propertyNames": {"pattern": "^a"}}
HELD = {**LIST, "items": TEXT, "contains": {"const": "a"}}
DEPENDENT = {**ANY_OBJECT, "dependentSchemas": {"a": {"required": ["b"]}}}
CONDITION = {**ANY_OBJECT, "if": {"required": ["a"]}, "then": {"required": ["b"]}}
ENCODED = {"type": "string", "contentEncoding": "base64", "contentMediaType": "text/plain", "contentSchema": TEXT}

ROWS: list[tuple[str, Any, Any, Found, Found]] = [
    (
        "one more kind",
        {"oneOf": [*PETS, TEXT]},
        {"oneOf": [*PETS, TEXT, NUMBER]},
        [("union.member-added", N, N)],
        [("union.member-added", B, W)],
    ),
    (
        "one kind less",
        {"oneOf": [*PETS, TEXT]},
        {"oneOf": PETS},
        [("union.member-removed", B, B)],
        [("union.member-removed", N, N)],
    ),
    ("one kind became several", CAT_REF, {"oneOf": PETS}, [("union.introduced", N, N)], [("union.introduced", B, W)]),
    ("several kinds became one", {"oneOf": PETS}, CAT_REF, [("union.lifted", B, B)], [("union.lifted", N, N)]),
    (
        "a kind that is none of the old ones",
        {"oneOf": PETS},
        {**LIST, "items": TEXT},
        [("type.changed", B, B)],
        [("type.changed", B, B)],
    ),
    (
        "exactly one or at least one",
        {"oneOf": PETS},
        {"anyOf": PETS},
        [("union.combinator-changed", W, N)],
        [("union.combinator-changed", W, N)],
    ),
    (
        "told apart by another member",
        TAGGED,
        {**TAGGED, "discriminator": {**TAGGED["discriminator"], "propertyName": "sort"}},
        [("discriminator.changed", W, W)],
        [("discriminator.changed", W, W)],
    ),
    (
        "one more tag",
        mapped(puppy="Dog"),
        mapped(puppy="Dog", kitten="Cat"),
        [("discriminator.mapping-added", N, N)],
        [("discriminator.mapping-added", W, N)],
    ),
    (
        "one tag less",
        mapped(puppy="Dog", kitten="Cat"),
        mapped(puppy="Dog"),
        [("discriminator.mapping-removed", W, N)],
        [("discriminator.mapping-removed", N, N)],
    ),
    (
        "a tag means something else",
        mapped(pet="Dog"),
        mapped(pet="Cat"),
        [("discriminator.mapping-changed", W, W)],
        [("discriminator.mapping-changed", W, W)],
    ),
    ("a list of types grew", TEXT, {"type": ["string", "integer"]}, [("type.widened", N, N)], [("type.widened", B, B)]),
    (
        "the type of an allOf became a list of types",
        {"allOf": [NUMBER, {"type": "integer"}]},
        {"type": ["string", "number"]},
        [("type.widened", N, N)],
        [("type.widened", B, B)],
    ),
    (
        "a list of types shrank",
        {"type": ["string", "integer"]},
        TEXT,
        [("type.narrowed", B, B)],
        [("type.narrowed", N, W)],
    ),
    (
        "other types",
        {"type": ["string", "integer"]},
        {"type": ["boolean", "object"]},
        [("type.changed", B, B)],
        [("type.changed", B, B)],
    ),
    (
        "null in a union",
        {"oneOf": PETS},
        {"oneOf": [*PETS, {"type": "null"}]},
        [("nullable.added", N, N)],
        [("nullable.added", B, B)],
    ),
    (
        "null beside a reference",
        CAT_REF,
        {"anyOf": [CAT_REF, {"type": "null"}]},
        [("nullable.added", N, N)],
        [("nullable.added", B, B)],
    ),
    ("a constant came", TEXT, {"const": "a"}, [("const.introduced", B, W)], [("const.introduced", N, N)]),
    ("a constant went", {"const": "a"}, TEXT, [("const.lifted", N, N)], [("const.lifted", W, W)]),
    ("another constant", {"const": "a"}, {"const": "b"}, [("const.changed", B, B)], [("const.changed", B, B)]),
    (
        "a constant became one of several",
        {"const": "a"},
        {"enum": ["a", "b"]},
        [("enum.value-added", N, N)],
        [("enum.value-added", W, W)],
    ),
    (
        "an enum of another type",
        TEXT,
        {"type": "integer", "enum": [1, 2]},
        [("type.changed", B, B)],
        [("type.changed", B, B)],
    ),
    (
        "another format",
        {**TEXT, "format": "date"},
        {**TEXT, "format": "date-time"},
        [("format.changed", W, W)],
        [("format.changed", W, W)],
    ),
    (
        "the exclusive limit",
        {**NUMBER, "exclusiveMinimum": 1},
        {**NUMBER, "exclusiveMinimum": 2},
        [("constraint.tightened", B, N)],
        [("constraint.tightened", N, N)],
    ),
    (
        "any text matches",
        {**TEXT, "pattern": "^a"},
        {**TEXT, "pattern": ".*"},
        [("constraint.loosened", N, N)],
        [("constraint.loosened", B, N)],
    ),
    ("only sent", with_member(), with_member(writeOnly=True), [("write-only.set", N, N)], [("write-only.set", W, B)]),
    (
        "also answered",
        with_member(writeOnly=True),
        with_member(),
        [("write-only.unset", N, N)],
        [("write-only.unset", N, N)],
    ),
    (
        "never answered",
        with_member(writeOnly=True),
        ANY_OBJECT,
        [("property.removed", W, B)],
        [("property.removed", N, B)],
    ),
    (
        "announced to go",
        with_member(),
        with_member(deprecated=True),
        [("property.deprecated", N, N)],
        [("property.deprecated", N, N)],
    ),
    (
        "stays after all",
        with_member(deprecated=True),
        with_member(),
        [("property.undeprecated", N, N)],
        [("property.undeprecated", N, N)],
    ),
    ("a default", with_member(), with_member(default="a"), [("default.added", W, W)], [("default.added", N, N)]),
    (
        "required without being declared",
        ANY_OBJECT,
        {**ANY_OBJECT, "required": ["a"]},
        [("property.became-required", B, B)],
        [("property.became-required", N, N)],
    ),
    (
        "other members are texts",
        ANY_OBJECT,
        {**ANY_OBJECT, "additionalProperties": TEXT},
        [("additional-properties.typed", B, N)],
        [("additional-properties.typed", N, N)],
    ),
    (
        "other members are anything",
        {**ANY_OBJECT, "additionalProperties": TEXT},
        ANY_OBJECT,
        [("additional-properties.untyped", N, N)],
        [("additional-properties.untyped", W, N)],
    ),
    (
        "members by pattern came",
        ANY_OBJECT,
        {**ANY_OBJECT, "patternProperties": {"^x": TEXT}},
        [("pattern-property.added", B, N)],
        [("pattern-property.added", N, N)],
    ),
    (
        "members by pattern went",
        {**ANY_OBJECT, "patternProperties": {"^x": TEXT}},
        ANY_OBJECT,
        [("pattern-property.removed", N, N)],
        [("pattern-property.removed", W, N)],
    ),
    (
        "both or none",
        ANY_OBJECT,
        {**ANY_OBJECT, "dependentRequired": {"a": ["b"]}},
        [("dependent-required.added", B, N)],
        [("dependent-required.added", N, N)],
    ),
    (
        "one without the other",
        {**ANY_OBJECT, "dependentRequired": {"a": ["b"]}},
        ANY_OBJECT,
        [("dependent-required.removed", N, N)],
        [("dependent-required.removed", W, N)],
    ),
    ("items are texts", LIST, {**LIST, "items": TEXT}, [("items.added", B, N)], [("items.added", N, N)]),
    ("items are anything", {**LIST, "items": TEXT}, LIST, [("items.removed", N, N)], [("items.removed", B, W)]),
    (
        "a first item",
        LIST,
        {**LIST, "prefixItems": [TEXT]},
        [("prefix-items.added", W, N)],
        [("prefix-items.added", N, N)],
    ),
    (
        "no first item",
        {**LIST, "prefixItems": [TEXT]},
        LIST,
        [("prefix-items.removed", N, N)],
        [("prefix-items.removed", W, N)],
    ),
    (
        "another first item",
        {**LIST, "prefixItems": [TEXT]},
        {**LIST, "prefixItems": [NUMBER]},
        [("type.changed", B, B)],
        [("type.changed", B, B)],
    ),
    ("names of a form", ANY_OBJECT, NAMED, [("property-names.added", B, N)], [("property-names.added", N, N)]),
    ("names of any form", NAMED, ANY_OBJECT, [("property-names.removed", N, N)], [("property-names.removed", W, N)]),
    (
        "names of another form",
        NAMED,
        {**NAMED, "propertyNames": {"pattern": "^b"}},
        [("property-names.changed", W, N)],
        [("property-names.changed", W, N)],
    ),
    ("a certain item", {**LIST, "items": TEXT}, HELD, [("contains.added", B, N)], [("contains.added", N, N)]),
    ("no certain item", HELD, {**LIST, "items": TEXT}, [("contains.removed", N, N)], [("contains.removed", W, N)]),
    (
        "another certain item",
        HELD,
        {**HELD, "contains": {"const": "b"}},
        [("contains.changed", W, N)],
        [("contains.changed", W, N)],
    ),
    ("two certain items", HELD, {**HELD, "minContains": 2}, [("constraint.added", B, N)], [("constraint.added", N, N)]),
    (
        "a schema for some",
        ANY_OBJECT,
        DEPENDENT,
        [("dependent-schema.added", B, N)],
        [("dependent-schema.added", N, N)],
    ),
    (
        "no schema for some",
        DEPENDENT,
        ANY_OBJECT,
        [("dependent-schema.removed", N, N)],
        [("dependent-schema.removed", W, N)],
    ),
    (
        "another schema for some",
        DEPENDENT,
        {**ANY_OBJECT, "dependentSchemas": {"a": {"required": ["c"]}}},
        [("dependent-schema.changed", W, N)],
        [("dependent-schema.changed", W, N)],
    ),
    ("a condition", ANY_OBJECT, CONDITION, [("conditional.added", B, N)], [("conditional.added", N, N)]),
    ("no condition", CONDITION, ANY_OBJECT, [("conditional.removed", N, N)], [("conditional.removed", W, N)]),
    (
        "another condition",
        CONDITION,
        {**CONDITION, "then": {"required": ["c"]}},
        [("conditional.changed", W, N)],
        [("conditional.changed", W, N)],
    ),
    ("some are excluded", TEXT, {**TEXT, "not": {"const": "a"}}, [("not.added", B, N)], [("not.added", N, N)]),
    ("none are excluded", {**TEXT, "not": {"const": "a"}}, TEXT, [("not.removed", N, N)], [("not.removed", W, N)]),
    (
        "others are excluded",
        {**TEXT, "not": {"const": "a"}},
        {**TEXT, "not": {"const": "b"}},
        [("not.changed", W, N)],
        [("not.changed", W, N)],
    ),
    (
        "another encoding",
        ENCODED,
        {**ENCODED, "contentEncoding": "base32"},
        [("content-encoding.changed", B, W)],
        [("content-encoding.changed", B, W)],
    ),
    (
        "text in text",
        ENCODED,
        {**ENCODED, "contentMediaType": "text/csv"},
        [("content-media-type.changed", W, N)],
        [("content-media-type.changed", W, N)],
    ),
    (
        "another text in text",
        ENCODED,
        {**ENCODED, "contentSchema": NUMBER},
        [("content-schema.changed", W, N)],
        [("content-schema.changed", W, N)],
    ),
]
for word, subject in (("Properties", "properties"), ("Items", "items")):
    key, kind = f"unevaluated{word}", f"unevaluated-{subject}"
    plain = ANY_OBJECT if word == "Properties" else {**LIST, "items": TEXT}
    ROWS += [
        (
            f"no other {subject}",
            plain,
            {**plain, key: False},
            [(f"{kind}.forbidden", B, N)],
            [(f"{kind}.forbidden", N, N)],
        ),
        (f"other {subject}", {**plain, key: False}, plain, [(f"{kind}.allowed", N, N)], [(f"{kind}.allowed", W, N)]),
        (
            f"other {subject} are texts",
            plain,
            {**plain, key: TEXT},
            [(f"{kind}.typed", B, N)],
            [(f"{kind}.typed", N, N)],
        ),
        (
            f"other {subject} are anything",
            {**plain, key: TEXT},
            plain,
            [(f"{kind}.untyped", N, N)],
            [(f"{kind}.untyped", W, N)],
        ),
        (
            f"other {subject} are numbers",
            {**plain, key: TEXT},
            {**plain, key: NUMBER},
            [(f"{kind}.changed", W, N)],
            [(f"{kind}.changed", W, N)],
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "request_", "response"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_schemas_differ_by_exactly_these_changes(old: Any, new: Any, request_: Found, response: Found) -> None:
    """The same two schemas are judged as what callers send, and as what the service answers."""
    assert found(document(sent(old)), document(sent(new))) == request_
    assert found(document(got(old)), document(got(new))) == response


SAME: list[tuple[str, Any, Any]] = [
    ("the order of kinds", {"oneOf": PETS}, {"oneOf": PETS[::-1]}),
    ("the order of types", {"type": ["string", "integer"]}, {"type": ["integer", "string"]}),
    ("types and anyOf", {"type": ["string", "integer"]}, {"anyOf": [TEXT, NUMBER]}),
    ("null as a type, and in a union", {"type": ["string", "null"]}, {"oneOf": [TEXT, {"type": "null"}]}),
    ("a union of one", {"oneOf": [CAT_REF]}, CAT_REF),
    ("allOf of one", {"allOf": [CAT_REF]}, CAT_REF),
    (
        "allOf and its result",
        {"allOf": [CAT_REF, with_member()]},
        {"type": "object", "required": ["kind"], "properties": {**with_member()["properties"], **CAT["properties"]}},
    ),
    ("a reference and its target", CAT_REF, CAT),
    ("a constant and an enum of one", {"const": "a"}, {"enum": ["a"]}),
    ("other members may be anything", ANY_OBJECT, {**ANY_OBJECT, "additionalProperties": {}}),
    ("if alone does nothing", ANY_OBJECT, {**ANY_OBJECT, "if": {"required": ["a"]}}),
    ("minContains alone does nothing", LIST, {**LIST, "minContains": 2}),
    ("the text of a condition", CONDITION, {**CONDITION, "then": {"required": ["b"], "description": "why"}}),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_two_ways_to_say_the_same_are_no_change(old: Any, new: Any) -> None:
    """Spelling, order and composition have no meaning of their own."""
    assert found(document({**sent(old), **got(old)}), document({**sent(new), **got(new)})) == []


def test_a_union_in_a_union_is_opened() -> None:
    """A kind that became a union of itself and another one is no kind less, but one more."""
    old, new = (
        document(sent({"oneOf": [{"$ref": f"#/components/schemas/{name}"}, TEXT]}), schemas={"Pet": {"oneOf": PETS}})
        for name in ("Cat", "Pet")
    )

    assert found(old, new) == [("union.member-added", N, N)]


def test_kinds_of_an_object_are_a_union() -> None:
    """An object whose discriminator maps to its kinds describes the same values as a union of them."""
    mapping = {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}
    told_apart = {"discriminator": {"propertyName": "kind", "mapping": mapping}}
    union = {"oneOf": PETS, **told_apart}
    base = {"type": "object", "required": ["kind"], "properties": {"kind": TEXT}, **told_apart}

    assert found(document(sent(union)), document(sent(base))) == []


def test_a_change_in_a_kind_names_the_kind() -> None:
    """A change inside of a member of a union says in which one it is."""
    other = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}, "lives": TEXT}}
    union = {"oneOf": PETS}

    (change,) = changes(document(got(union)), document(got(union), schemas={"Cat": other}))

    assert (change.id, change.location.variant, change.location.member) == ("type.changed", "Cat", "lives")
    assert change.message.startswith("Property `lives` of answer `200` of the kind `Cat` is `string` now")
    assert change.pointer == "/components/schemas/Cat/properties/lives"
