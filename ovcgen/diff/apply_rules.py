"""Apply every rule to everything that two releases have in common. New rules need no change here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ovcgen.diff import pairing
from ovcgen.diff.change import HERE, INFO, Change, Location
from ovcgen.diff.rules import API_RULES, OPERATION_RULES, PARAMETER_RULES, RESPONSE_RULES, SHAPE_RULES
from ovcgen.diff.rules.registry import Finding, Rule, Rules, Subject, judged
from ovcgen.diff.rules.responses import by_status, has_content, headers
from ovcgen.diff.rules.task_support import knows_tasks
from ovcgen.diff.schema_pairs import DefinitionPairs, Direction, Shape
from ovcgen.documents.pointers import escaped, json_pointer
from ovcgen.model.api import Api, Operation, Parameter, Response
from ovcgen.model.schema import Constant, Json, Reference, Schema


@dataclass(frozen=True, slots=True)
class ComparisonSite:
    """The place that is being compared.

    Attributes:
        location: The location for messages.
        pointer: The JSON pointer of that place.
        named: False for an operation that has no Python name, because another verb of the path has it.
        unsent: Whether only the service sets the value, even in a request (`readOnly`).
    """

    location: Location = HERE
    pointer: str = ""
    direction: Direction = Direction.REQUEST
    named: bool = True  # False if another verb of the path has the Python name
    unsent: bool = False  # only the service sets the value (`readOnly`)


@dataclass(frozen=True, slots=True)
class SchemaFinding:
    """A finding inside of a schema, wherever the schema is used.

    Attributes:
        rule: The rule that found it.
        finding: What the rule found.
        member: The path from the schema on, such as `disks[].size`; "" for the schema itself.
        pointer: The JSON pointer of the place in the new document; inside of a definition it begins there.
        unsent: Whether only the service sets the value, even in a request (`readOnly`).
    """

    rule: Rule[Shape]
    finding: Finding
    member: str
    pointer: str
    unsent: bool


@dataclass(frozen=True, slots=True)
class ComparisonContext:
    """What the comparison of two releases shares between all schemas.

    Attributes:
        definitions: The definitions of both releases.
        known: A cache: the findings by (old definition, new definition, direction).
    """

    definitions: DefinitionPairs
    known: dict[tuple[str, str, Direction], tuple[SchemaFinding, ...]]

    def schema_findings(self, old: Shape, new: Shape, pointer: str) -> Iterator[SchemaFinding]:
        """Yield what the rules find in a schema and in everything inside of it.

        `pointer` is the JSON pointer of the schema in the new document.
        """
        match old.schema, new.schema:
            case Reference(before), Reference(after) if not (old.text or old.unsent or old.default or new.default):
                key = (before, after, old.direction)
                if key not in self.known:
                    self.known[key] = tuple(self._found(old, new, pointer))
                # Pointers inside of a definition begin with its name, so they are valid everywhere.
                yield from self.known[key]
            case _:
                yield from self._found(old, new, pointer)

    def _found(self, old: Shape, new: Shape, pointer: str) -> Iterator[SchemaFinding]:
        for pair in self.definitions.pairs(old, new, pointer):
            for rule in SHAPE_RULES:
                for finding in rule.check(pair.old, pair.new):
                    yield SchemaFinding(rule, finding, pair.member, pair.pointer, pair.old.unsent)


def changes_of(old: Api, new: Api, types: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})) -> Iterator[Change]:
    """Yield every change, unsorted; `types` are the type names of both SDKs by place in the document."""
    comparison = ComparisonContext(DefinitionPairs(old, new), {})
    sides = pairing.with_paired_operations(old, new, types)
    yield from _asked(API_RULES, *sides, ComparisonSite())
    tasks_appeared = knows_tasks(old) != knows_tasks(new)  # reported once for the release, so not for each operation
    for before, following in sides[0].calls.both:
        after = replace(following, tasks=before.tasks) if tasks_appeared else following
        if before != after or not all(
            comparison.definitions.are_unchanged(schema, schema) for schema in _schemas(before)
        ):
            yield from _operation(before, after, comparison)
    for before, after in sides[0].calls.reached:
        yield from _operation(before, _placed_like(before, after), comparison)


def _operation(old: Operation, new: Operation, comparison: ComparisonContext) -> Iterator[Change]:
    """Yield the changes of an operation. Their location is the old one; their pointer leads into the new document."""
    site = ComparisonSite(
        Location(path=old.path, method=old.method),
        f"/paths/{escaped(new.path)}/{new.method.lower()}",
        named=not (old.alternative and new.alternative),
    )
    yield from _asked(OPERATION_RULES, old, new, site)
    for before, after in pairing.parameters(old, new).both:
        yield from _parameter(before, after, site, comparison)
    had, has = by_status(old), by_status(new)
    for status in sorted(had.keys() & has.keys()):
        yield from _response(had[status], has[status], site, comparison)


def _schemas(operation: Operation) -> Iterator[Schema]:
    """Yield every schema of an operation's parameters, response headers and responses."""
    yield from (parameter.schema for parameter in operation.parameters)
    for response in operation.responses:
        yield from (header.schema for header in response.headers)
        if response.schema is not None:
            yield response.schema


def _parameter(
    old: Parameter, new: Parameter, outer: ComparisonSite, comparison: ComparisonContext
) -> Iterator[Change]:
    place = Location(place=old.location, name=old.name)
    site = replace(_within(outer, place), pointer=f"{outer.pointer}/parameters/{escaped(new.name)}")
    yield from _asked(PARAMETER_RULES, old, new, site)
    before, after = (
        Shape(
            parameter.schema,
            text=parameter.location != "body",
            default=parameter.default or parameter.schema.traits.default,
        )
        for parameter in (old, new)
    )
    if old.location == "body":
        site = replace(site, location=replace(site.location, name=""), pointer=f"{site.pointer}/schema")
    yield from _shapes(before, after, site, comparison)


def _response(old: Response, new: Response, outer: ComparisonSite, comparison: ComparisonContext) -> Iterator[Change]:
    site = replace(_within(outer, Location(response=old.status)), direction=Direction.RESPONSE)
    yield from _asked(RESPONSE_RULES, old, new, site)
    had = headers(old)
    for name, header in headers(new).items():
        if name in had:
            place = _within(site, Location(header=header.name))
            before, after = _answered(had[name].schema, True), _answered(header.schema, True)
            yield from _shapes(before, after, place, comparison)
    if old.schema is not None and new.schema is not None and has_content(old) and has_content(new):
        inside = replace(site, pointer=f"{site.pointer}/schema")
        yield from _shapes(_answered(old.schema), _answered(new.schema), inside, comparison)


def _answered(schema: Schema, text: bool = False) -> Shape:
    return Shape(schema, Direction.RESPONSE, text)


def _shapes(old: Shape, new: Shape, outer: ComparisonSite, comparison: ComparisonContext) -> Iterator[Change]:
    for seen in comparison.schema_findings(old, new, outer.pointer):
        location = outer.location.within(Location(member=seen.member)) if seen.member else outer.location
        site = replace(outer, location=location, pointer=seen.pointer, unsent=seen.unsent)
        yield _change(seen.rule, seen.finding, site)


def _asked(rules: Rules[Subject], old: Subject, new: Subject, site: ComparisonSite) -> Iterator[Change]:
    for rule in rules:
        for finding in rule.check(old, new):
            yield _change(rule, finding, site)


def _change(rule: Rule[Subject], finding: Finding, site: ComparisonSite) -> Change:
    place = _within(site, finding.at)
    wire = judged(rule.wire if finding.wire is None else finding.wire, site.direction)
    sdk = judged(rule.sdk if finding.sdk is None else finding.sdk, site.direction)
    return Change(
        id=rule.kind,
        wire=INFO if site.unsent else wire,
        sdk=sdk if site.named and not site.unsent else INFO,
        location=place.location,
        pointer=place.pointer + finding.pointer,
        message=f"{place.location.subject} {finding.says}",
        before=_constant(finding.before),
        after=_constant(finding.after),
        hint=finding.hint,
        confidence=finding.confidence,
    )


def _within(site: ComparisonSite, inner: Location) -> ComparisonSite:
    """Return the site at `inner`, which is relative to `site`."""
    if inner == HERE:
        return site
    steps = (
        ("definitions", inner.definition),
        ("securityDefinitions", "" if site.location.path else inner.security),
        ("paths", inner.path, inner.method.lower()),
        ("parameters", inner.name if inner.place else ""),
        ("responses", inner.response),
        ("headers", inner.header),
        ("properties", inner.member),
    )
    inside = "".join(json_pointer(step) for step in steps if step[1])
    return replace(site, location=site.location.within(inner), pointer=site.pointer + inside)


def _placed_like(old: Operation, new: Operation) -> Operation:
    """Return the new operation with its parameters where the old verb has them.

    With a new verb, parameters move between query and form. That is not a change of its own.
    """
    places = {parameter.name: parameter.location for parameter in old.parameters}
    usual = {parameter.location for parameter in old.parameters} - {"path", "header"}
    fallback = usual.pop() if len(usual) == 1 else ""
    moved = tuple(
        replace(parameter, location=places.get(parameter.name, fallback or parameter.location))
        if parameter.location not in ("path", "header")
        else parameter
        for parameter in new.parameters
    )
    return replace(new, parameters=moved)


def _constant(value: Json) -> Constant | None:
    return None if value is None else Constant.of(value)
