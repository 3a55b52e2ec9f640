"""Asks every rule about everything that two releases share. A new rule changes nothing here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ovcgen.diff import pairing
from ovcgen.diff.change import HERE, INFO, Change, Location
from ovcgen.diff.rules import API_RULES, OPERATION_RULES, PARAMETER_RULES, SHAPE_RULES
from ovcgen.diff.rules.registry import Finding, Rule, Rules, Subject, judged
from ovcgen.diff.rules.responses import by_status, has_content
from ovcgen.diff.shapes import Definitions, Direction, Shape, escaped
from ovcgen.model.api import Api, Header, Operation, Parameter, Response
from ovcgen.model.schema import Constant, Json, Schema


@dataclass(frozen=True, slots=True)
class Site:
    """Where the engine is: the place for people, the pointer for machines, and who sends what is there."""

    location: Location = HERE
    pointer: str = ""
    direction: Direction = Direction.REQUEST
    named: bool = True  # False for the verb of a path that no Python name stands for


def changes_of(old: Api, new: Api) -> Iterator[Change]:
    """Every change, in no order."""
    definitions = Definitions(old, new)
    pairs = pairing.operations(old, new)
    yield from _asked(API_RULES, old, new, Site())
    for before, after in pairs.both:
        if before != after or not all(definitions.same(each, each) for each in _schemas(before)):
            yield from _operation(before, after, definitions)
    for before, after in pairing.changed_methods(pairs):
        yield from _operation(before, _placed_like(before, after), definitions)


def _operation(old: Operation, new: Operation, definitions: Definitions) -> Iterator[Change]:
    """What changed in an operation; its place is the old one, which callers know, its pointer leads into the new."""
    site = Site(
        Location(path=old.path, method=old.method),
        f"/paths/{escaped(new.path)}/{new.method.lower()}",
        named=not (old.alternative and new.alternative),
    )
    yield from _asked(OPERATION_RULES, old, new, site)
    for before, after in pairing.parameters(old, new).both:
        yield from _parameter(before, after, site, definitions)
    had, has = by_status(old), by_status(new)
    for status in sorted(had.keys() & has.keys()):
        yield from _response(had[status], has[status], site, definitions)


def _schemas(operation: Operation) -> Iterator[Schema]:
    """Every shape that an operation takes or answers."""
    yield from (each.schema for each in operation.parameters)
    for response in operation.responses:
        yield from (each.schema for each in response.headers)
        if response.schema is not None:
            yield response.schema


def _parameter(old: Parameter, new: Parameter, outer: Site, definitions: Definitions) -> Iterator[Change]:
    place = Location(place=old.place, name=old.name)
    site = replace(_within(outer, place), pointer=f"{outer.pointer}/parameters/{escaped(new.name)}")
    yield from _asked(PARAMETER_RULES, old, new, site)
    before, after = (
        Shape(each.schema, text=each.place != "body", default=each.default or each.schema.traits.default)
        for each in (old, new)
    )
    if old.place == "body":
        site = replace(site, location=replace(site.location, name=""), pointer=f"{site.pointer}/schema")
    yield from _shapes(before, after, site, definitions)


def _response(old: Response, new: Response, outer: Site, definitions: Definitions) -> Iterator[Change]:
    site = replace(_within(outer, Location(response=old.status)), direction=Direction.RESPONSE)
    had: dict[str, Header] = {each.name: each for each in old.headers}
    for header in new.headers:
        if header.name in had:
            place = _within(site, Location(header=header.name))
            yield from _shapes(
                _answered(had[header.name].schema, True), _answered(header.schema, True), place, definitions
            )
    if old.schema is not None and new.schema is not None and has_content(old) and has_content(new):
        inside = replace(site, pointer=f"{site.pointer}/schema")
        yield from _shapes(_answered(old.schema), _answered(new.schema), inside, definitions)


def _answered(schema: Schema, text: bool = False) -> Shape:
    return Shape(schema, Direction.RESPONSE, text)


def _shapes(old: Shape, new: Shape, outer: Site, definitions: Definitions) -> Iterator[Change]:
    for pair in definitions.pairs(old, new, outer.pointer):
        location = outer.location.within(Location(member=pair.member))
        yield from _asked(SHAPE_RULES, pair.old, pair.new, replace(outer, location=location, pointer=pair.pointer))


def _asked(rules: Rules[Subject], old: Subject, new: Subject, site: Site) -> Iterator[Change]:
    for rule in rules:
        for finding in rule.check(old, new):
            yield _change(rule, finding, site)


def _change(rule: Rule[Subject], finding: Finding, site: Site) -> Change:
    place = _within(site, finding.at)
    sdk = judged(rule.sdk if finding.sdk is None else finding.sdk, site.direction)
    return Change(
        id=rule.kind,
        wire=judged(rule.wire if finding.wire is None else finding.wire, site.direction),
        sdk=sdk if site.named else INFO,
        location=place.location,
        pointer=place.pointer,
        message=f"{place.location.subject} {finding.says}",
        before=_constant(finding.before),
        after=_constant(finding.after),
        hint=finding.hint,
    )


def _within(site: Site, inner: Location) -> Site:
    """One step inwards, told relative to where we are."""
    steps = (
        ("paths", inner.path, inner.method.lower()),
        ("parameters", inner.name if inner.place else ""),
        ("responses", inner.response),
        ("headers", inner.header),
        ("properties", inner.member),
    )
    pointer = "".join("/" + "/".join(escaped(part) for part in step) for step in steps if step[1])
    return replace(site, location=site.location.within(inner), pointer=site.pointer + pointer)


def _placed_like(old: Operation, new: Operation) -> Operation:
    """The new operation with its parameters where the old verb has them: that they move is what a new verb means."""
    places = {each.name: each.place for each in old.parameters}
    usual = {each.place for each in old.parameters} - {"path", "header"}
    fallback = usual.pop() if len(usual) == 1 else ""
    moved = tuple(
        replace(each, place=places.get(each.name, fallback or each.place))
        if each.place not in ("path", "header")
        else each
        for each in new.parameters
    )
    return replace(new, parameters=moved)


def _constant(value: Json) -> Constant | None:
    return None if value is None else Constant.of(value)
