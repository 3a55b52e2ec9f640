"""Random pairs of documents, and values that fit the shapes in them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

Shape = dict[str, Any]
POOLS: dict[str | None, list[Any]] = {
    "integer": [-1, 0, 1, 2, 3, 4, 5, 6],
    "number": [-1, 0, 0.5, 2, 2.5, 4, 5, 6],
    "string": ["", "a", "b", "ab", "abb", "abba"],
    None: [None, True, 3, "ab", [], {}, {"a": 3}, {"b": "a"}, [1]],
}
Draw = Any

NAMES = ("Node", "Part")
FAMILIES = {
    "a": "number",
    "b": "string",
    "c": "array",
    "d": "object",
    "e": "named",
}  # so that `allOf` never contradicts
NUMBERS = {
    "minimum": [0, 1, 2],
    "maximum": [3, 4, 5],
    "exclusiveMinimum": [True, False],
    "exclusiveMaximum": [True, False],
    "multipleOf": [1, 2],
}
LIMITS: dict[str, dict[str, list[Any]]] = {
    "integer": NUMBERS,
    "number": NUMBERS,
    "string": {
        "minLength": [0, 1],
        "maxLength": [2, 3],
        "pattern": ["^a", "b$"],
        "enum": [["a"], ["a", "ab"], ["ab", "abb"]],
        "x-nullable": [True, False],
    },
    "array": {"minItems": [0, 1], "maxItems": [1, 2], "uniqueItems": [True, False]},
    "object": {"minProperties": [0, 1], "maxProperties": [1, 2]},
}


def limited(*kinds: str) -> st.SearchStrategy[Shape]:
    """A value of one of these types, perhaps limited."""
    limits = {word: st.sampled_from(values) for word, values in LIMITS[kinds[0]].items()}
    return st.fixed_dictionaries({"type": st.sampled_from(kinds)}, optional=limits)


@st.composite
def objects(draw: Draw, depth: int, *, closable: bool = True) -> Shape:
    """An object; where it is one of several that a value has to be, it forbids no other members."""
    members = {
        name: draw(family(FAMILIES[name], depth - 1)) for name in draw(st.sets(st.sampled_from(sorted(FAMILIES))))
    }
    shape: Shape = {"type": "object", "properties": members}
    required = draw(st.sets(st.sampled_from(sorted(members)))) if members else set()
    if required:
        shape["required"] = sorted(required)
    if closable:
        shape["additionalProperties"] = draw(st.booleans())
    return shape


def family(name: str, depth: int) -> st.SearchStrategy[Shape]:
    """A shape of that family."""
    if name == "number" or depth <= 0:
        return limited("integer", "number")
    return {
        "string": limited("string"),
        "array": st.builds(_list, shapes(depth - 1), st.booleans(), st.integers(0, 2)),
        "object": objects(depth - 1),
        "named": st.sampled_from([{"$ref": f"#/definitions/{name}"} for name in NAMES]),
    }[name]


def _list(items: Shape, unique: bool, least: int) -> Shape:
    return {"type": "array", "items": items, "uniqueItems": unique, "minItems": least}


def shapes(depth: int = 2) -> st.SearchStrategy[Shape]:
    """Any shape."""
    if depth <= 0:
        return limited("integer", "number")
    some = [family(each, depth) for each in sorted(set(FAMILIES.values()))]
    parts = st.lists(objects(depth - 1, closable=False), min_size=1, max_size=2)
    return st.one_of(*some, st.builds(lambda each: {"allOf": each}, parts), st.just({}))


@st.composite
def documents(draw: Draw) -> Shape:
    """A document with one call, which takes fields and a body, and answers."""
    fields = {
        name: {**draw(st.one_of(limited("integer", "number"), limited("string"))), "required": draw(st.booleans())}
        for name in draw(st.sets(st.sampled_from(["limit", "offset", "sort"])))
    }
    parameters = [{"in": "query", "name": name, **body} for name, body in sorted(fields.items())]
    body = {"in": "body", "name": "body", "schema": draw(shapes()), "required": True}
    return {
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {
                "post": {
                    "parameters": [*parameters, body],
                    "responses": {"200": {"description": "", "schema": draw(shapes())}},
                }
            }
        },
        "definitions": {name: draw(objects(1)) for name in NAMES},
    }


@st.composite
def pairs(draw: Draw) -> tuple[Shape, Shape]:
    """Two documents, of which the second is the first with a few edits."""
    old, dice = draw(documents()), draw(st.randoms(use_true_random=False))
    new = deepcopy(old)
    for _ in range(dice.randint(1, 3)):
        edit(dice.choice(list(_shapes(new))), dice)
    return old, new


def edit(shape: Shape, dice: Random) -> None:
    """Change one word of a shape."""
    members = shape.get("properties")
    match dice.randrange(5):
        case 0 if members and dice.random() < 0.5:
            del members[dice.choice(sorted(members))]
            _require(shape, [each for each in shape.get("required", []) if each in members])
        case 0 | 1 if members is not None:
            name = dice.choice(["a", "b"])
            members[name] = {"type": {"a": dice.choice(["integer", "number"]), "b": "string"}[name]}
            _require(shape, sorted({*shape.get("required", []), *dice.sample([name], dice.randrange(2))}))
        case 2 if members:
            _require(shape, sorted(name for name in members if dice.random() < 0.5))
        case 3 if "additionalProperties" in shape:
            shape["additionalProperties"] = dice.random() < 0.5
        case 4 if shape.get("type") in ("integer", "number"):
            shape["type"] = dice.choice(["integer", "number"])
        case _:
            _limit(shape, dice)


def _require(shape: Shape, names: list[str]) -> None:
    shape.pop("required", None)
    shape.update({"required": names} if names else {})


def _limit(shape: Shape, dice: Random) -> None:
    known = LIMITS.get(shape.get("type", ""), {})
    if known:
        word = dice.choice(sorted(known))
        shape.pop(word, None)
        shape.update({word: dice.choice(known[word])} if dice.random() < 0.7 else {})


def _shapes(part: Any) -> Iterator[Shape]:
    """Every shape in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield part
        for each in part.values():
            yield from _shapes(each)
    elif isinstance(part, list):
        for each in part:
            yield from _shapes(each)


def value(shape: Shape, definitions: Shape, dice: Random, depth: int = 5) -> Any:
    """A value that most likely fits; members that nothing names are called `other`."""
    if "$ref" in shape:
        return value(definitions[shape["$ref"].rsplit("/")[-1]], definitions, dice, depth - 1)
    if "allOf" in shape:
        parts = [value(each, definitions, dice, depth - 1) for each in shape["allOf"]]
        return {name: part[name] for part in parts for name in part}
    if shape.get("x-nullable") and dice.random() < 0.3:
        return None
    match shape.get("type"):
        case "array":
            return [value(shape["items"], definitions, dice, depth - 1) for _ in range(dice.randrange(4) * (depth > 0))]
        case "object":
            members, must = shape["properties"], shape.get("required", []) if depth > -5 else []
            told = [name for name in members if name in must or (depth > 0 and dice.random() < 0.5)]
            extra = {"other": 1} if shape.get("additionalProperties") and dice.random() < 0.3 else {}
            return {**extra, **{name: value(members[name], definitions, dice, depth - 1) for name in told}}
        case "string" if "enum" in shape:
            return dice.choice(shape["enum"])
        case kind:
            return dice.choice(POOLS[kind])
