"""Describe the arguments of an operation, and the members of objects in them, as JSON values for its help."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, File, Json, Map, Nothing, Record, Reference, Scalar, Schema, Union

DEPTH = 3  # objects inside each other whose members are described
MOST = 200  # members that are described of one argument
UNIT = re.compile(
    r"\b(?:in (?P<unit>[KMGT]i?B|bytes|seconds since 1970|milliseconds|seconds|minutes|hours|days|percent|Mbps)"
    r"|(?P<rate>bytes per second|operations per second))\b"
)
LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "multipleOf": "a multiple of {}",
    "minLength": "{} letters or more",
    "maxLength": "{} letters at most",
    "minItems": "{} items or more",
    "maxItems": "{} items at most",
    "pattern": "matches {}",
}


def facts_of(schema: Schema, doc: str, resolver: Resolver) -> dict[str, Json]:
    """Return what the help says of an argument or a member: a dict of JSON values.

    Its keys are `type` (see `type_text`), `default` (None for none), `values` (the allowed or known ones, or [] if any
    is allowed), `format` and `unit` ("" for none), `limits` (texts such as `at most 10`) and `description`, which is
    `doc`. Of a list, values and format are those of its items, and so are limits that the list does not have itself.
    The unit is read from phrases of `doc` such as `in GiB`.
    """
    found = resolver.resolved(schema)
    inner = resolver.resolved(found.items) if isinstance(found, Array) else found
    unit = UNIT.search(doc)
    return {
        "type": type_text(found, resolver),
        "default": found.traits.default.value if found.traits.default else None,
        "values": [constant.value for constant in inner.traits.enum or inner.traits.known],
        "format": inner.traits.format,
        "unit": (unit["unit"] or unit["rate"]) if unit else "",
        "limits": [text.format(value) for keyword, text in LIMITS.items() for value in _limit(found, inner, keyword)],
        "description": doc,
    }


def _limit(schema: Schema, inner: Schema, keyword: str) -> Iterator[Json]:
    """Yield the value of a constraint (`keyword`) of a schema or of its items; nothing if it is not declared.

    Several patterns, merged from an `allOf`, are yielded one by one.
    """
    found = schema.traits.limits.get(keyword, inner.traits.limits.get(keyword))
    if found is not None:
        yield from found if isinstance(found, list) else [found]


def type_text(schema: Schema, resolver: Resolver, depth: int = 0) -> str:
    """Return the type that a schema describes, in words such as `list of integer`, `object` or `any JSON`.

    Lists and unions more than three levels deep, which may be recursive, are `any JSON`. `depth` is the level of the
    schema; callers leave it out.
    """
    match resolver.resolved(schema):
        case Array() | Union() if depth > DEPTH:
            return "any JSON"
        case Scalar(kind):
            return kind
        case Array(items):
            return f"list of {type_text(items, resolver, depth + 1)}"
        case Map() | Record():
            return "object"
        case File():
            return "file"
        case Nothing():
            return "null"
        case Union(members):
            return " or ".join(dict.fromkeys(type_text(member, resolver, depth + 1) for member in members))
    return "any JSON"


def members_of(schema: Schema, resolver: Resolver) -> list[dict[str, Json]]:
    """Return a record for each member of the objects in an argument, three levels deep; [] without objects.

    A record has the keys of `facts_of`, and `name`, `required` and `deprecated`. A name is a path such as
    `category.name`, `tags[].id` (of the items of a list) or `marks.*` (of any key). Members of a union are required if
    each of its objects requires them. Members that occur in responses only are left out, and so are those after the
    first 200.
    """
    found: dict[str, dict[str, Json]] = {}
    for member in _members(schema, "", 0, (), resolver):
        if len(found) >= MOST:
            break
        found.setdefault(str(member["name"]), member)
    return list(found.values())


def _members(
    schema: Schema, path: str, depth: int, inside: tuple[str, ...], resolver: Resolver
) -> Iterator[dict[str, Json]]:
    """Yield the members below a `path` that is in `depth` objects.

    `inside` are the names of the definitions around the schema, which are not opened again.
    """
    names = [linked.name for linked in resolver.chain(schema) if isinstance(linked, Reference)]
    if depth >= DEPTH or any(name in inside for name in names):
        return
    around = (*inside, *names)
    match resolver.resolved(schema):
        case Record(properties):
            for member in properties:
                chain = list(resolver.chain(member.schema))
                if any(linked.traits.read_only for linked in chain):
                    continue
                doc = next((linked.traits.doc for linked in chain if linked.traits.doc), "")
                name = f"{path}.{member.name}".lstrip(".")
                deprecated = any(linked.traits.deprecated for linked in chain)
                facts = facts_of(member.schema, doc, resolver)
                yield {"name": name, "required": member.required, **facts, "deprecated": deprecated}
                yield from _members(member.schema, name, depth + 1, around, resolver)
        case Array(items):
            yield from _members(items, f"{path}[]", depth, around, resolver)
        case Map(values):
            yield from _members(values, f"{path}.*".lstrip("."), depth + 1, around, resolver)
        case Union(members):
            branches = [list(_members(member, path, depth, around, resolver)) for member in members]
            listed = [{record["name"] for record in branch if record["required"]} for branch in branches]
            always = set[Json].intersection(*listed)
            for branch in branches:
                yield from ({**record, "required": record["name"] in always} for record in branch)
