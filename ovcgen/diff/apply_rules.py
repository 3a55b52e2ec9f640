"""Apply every rule to everything that two releases have in common. New rules need no change here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ovcgen.diff import pairing
from ovcgen.diff.change import INFO, Change, Location
from ovcgen.diff.comparison_site import ComparisonSite, DocumentLayout, layout_of
from ovcgen.diff.media_type_pairs import is_form, paired_contents
from ovcgen.diff.rules import tables_for
from ovcgen.diff.rules.registry import Finding, Rule, Rules, RuleTables, Subject, level_for
from ovcgen.diff.rules.responses import has_content, headers, paired_responses
from ovcgen.diff.rules.task_support import knows_tasks
from ovcgen.diff.schema_pairs import DefinitionPairs, Direction, Shape
from ovcgen.documents.pointers import escaped
from ovcgen.model.api import Api, Content, Operation, Parameter, Response
from ovcgen.model.schema import Constant, Json, Reference, Schema


@dataclass(frozen=True, slots=True)
class SchemaFinding:
    """A record of a finding inside of a schema, which becomes a Change at each place that uses the schema.

    Attributes:
        rule: The rule that found it.
        finding: What the rule found.
        place: The place relative to the schema; its `member` is a path such as `disks[].size`.
        pointer: The JSON pointer of the place in the new document; inside of a definition it begins there.
        unsent: Whether the value is not sent in this direction (`readOnly`, `writeOnly`).
    """

    rule: Rule[Shape]
    finding: Finding
    place: Location
    pointer: str
    unsent: bool

    @property
    def identity(self) -> tuple[str, str]:
        """Return (kind, text), which is equal for the same finding in the bodies of several media types."""
        return self.rule.kind, repr((self.finding, self.place))


@dataclass(frozen=True, slots=True)
class ComparisonContext:
    """What the comparison of two releases shares between all schemas.

    Attributes:
        definitions: The definitions of both releases.
        openapi: The older version of OpenAPI of both releases, such as `3.0`; "" if one of them is Swagger 2.0.
        layout: Where the new document keeps what has a name.
        rules: The rules for both documents.
        known: A cache: the findings by (old definition, new definition, direction).
    """

    definitions: DefinitionPairs
    openapi: str
    layout: DocumentLayout
    rules: RuleTables
    known: dict[tuple[str, str, Direction], tuple[SchemaFinding, ...]]

    def schema_findings(self, old: Shape, new: Shape, pointer: str) -> Iterator[SchemaFinding]:
        """Yield what the rules find in a pair of schemas and in everything inside of them.

        `pointer` is the JSON pointer of the schema in the new document. The findings in a pair of definitions are kept
        in `known`, unless they depend on the place that refers to the definitions.
        """
        match old.schema, new.schema:
            case Reference(before), Reference(after) if not _is_special(old, new):
                key = (before, after, old.direction)
                if key not in self.known:
                    self.known[key] = tuple(self._found(old, new, pointer))
                # Pointers inside of a definition begin with its name, so they are valid everywhere.
                yield from self.known[key]
            case _:
                yield from self._found(old, new, pointer)

    def _found(self, old: Shape, new: Shape, pointer: str) -> Iterator[SchemaFinding]:
        for pair in self.definitions.pairs(old, new, pointer):
            for rule in self.rules.shapes:
                for finding in rule.check(pair.old, pair.new):
                    yield SchemaFinding(rule, finding, pair.place, pair.pointer, pair.old.unsent)


def _is_special(old: Shape, new: Shape) -> bool:
    """Return whether findings in a definition depend on the place that refers to it, so they can't be reused."""
    if old.text or old.unsent or old.default or new.default:
        return True
    return old.schema.traits.nullable != new.schema.traits.nullable


def changes_of(old: Api, new: Api, types: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})) -> Iterator[Change]:
    """Yield every change that the rules find, unsorted. The same change may be yielded several times.

    `types` has the type names of the old and of the new SDK: two dicts, each from the place of a schema, as in
    names.json, to the name. If only one of the APIs is OpenAPI 3, the other one is converted before.

    Raises:
        BrokenPlugin: a plugin with rules can't be used.
    """
    if bool(old.openapi) != bool(new.openapi):
        from ovcgen.diff.swagger2_as_openapi3 import with_equal_versions

        old, new = with_equal_versions(old, new)
    layout, tables = layout_of(new.openapi), tables_for(openapi3=bool(old.openapi or new.openapi))
    openapi = min(old.openapi, new.openapi) if old.openapi and new.openapi else ""
    comparison = ComparisonContext(DefinitionPairs(old, new, layout.schema), openapi, layout, tables, {})
    sides = pairing.with_paired_operations(old, new, types)
    yield from _asked(tables.api, *sides, ComparisonSite(layout=layout))
    tasks_appeared = knows_tasks(old) != knows_tasks(new)  # reported once for the release, so not for each operation
    for before, following in sides[0].calls.both:
        after = replace(following, tasks=before.tasks) if tasks_appeared else following
        if before != after or not all(
            comparison.definitions.are_unchanged(schema, schema) for schema in _schemas(before)
        ):
            yield from _called(before, after, comparison)
    for before, after in sides[0].calls.reached:
        yield from _called(before, _placed_like(before, after), comparison)
    for one, other in pairing.paired_callbacks(old.webhooks, new.webhooks):
        place = Location(webhook=one.name, method=one.operation.method)
        site = replace(ComparisonSite(layout=layout).within(place), direction=Direction.RESPONSE)
        yield from _operation(one.operation, other.operation, site, comparison)


def _called(old: Operation, new: Operation, comparison: ComparisonContext) -> Iterator[Change]:
    """Yield the changes of an operation. Their location is the old one; their pointer leads into the new document."""
    site = ComparisonSite(
        Location(path=old.path, method=old.method),
        f"/paths/{escaped(new.path)}/{new.method.lower()}",
        named=not (old.alternative and new.alternative),
        layout=comparison.layout,
    )
    yield from _operation(old, new, site, comparison)
    for one, other in pairing.paired_callbacks(old.callbacks, new.callbacks):
        place = Location(callback=one.name, field=one.expression, callback_method=one.operation.method)
        inside = replace(site.within(place), direction=Direction.RESPONSE)
        yield from _operation(one.operation, other.operation, inside, comparison)


def _operation(old: Operation, new: Operation, site: ComparisonSite, comparison: ComparisonContext) -> Iterator[Change]:
    yield from _asked(comparison.rules.operations, old, new, site)
    for before, after in (*pairing.parameters(old, new).both, *pairing.unsendable_parameters(old, new)):
        yield from _parameter(before, after, site, comparison)
    answers = replace(site, direction=site.direction.opposite)
    for before_answer, after_answer in paired_responses(old, new):
        yield from _response(before_answer, after_answer, answers, comparison)


def _schemas(operation: Operation) -> Iterator[Schema]:
    """Yield every schema of an operation: parameters, bodies, response headers, responses and callbacks."""
    for parameter in (*operation.parameters, *operation.unplaced):
        yield parameter.schema
        yield from (content.schema for content in parameter.contents)
    for response in operation.responses:
        yield from (header.schema for header in response.headers)
        if response.schema is not None:
            yield response.schema
        yield from (content.schema for content in response.contents)
    for callback in operation.callbacks:
        yield from _schemas(callback.operation)


def _parameter(
    old: Parameter, new: Parameter, outer: ComparisonSite, comparison: ComparisonContext
) -> Iterator[Change]:
    place = Location(place=old.location, name=old.name)
    site = outer.within(place)
    if old.location != "body" or not outer.layout.has_contents:
        site = replace(site, pointer=f"{outer.pointer}/parameters/{escaped(new.name)}")
    yield from _asked(comparison.rules.parameters, old, new, site)
    if old.location == "body":
        site = replace(site, location=replace(site.location, name=""))
    if old.contents and new.contents:
        yield from _contents(old.contents, new.contents, site, comparison)
        return
    described = site.pointer + outer.layout.parameter_schema(new)
    before, after = (
        Shape(
            parameter.schema,
            site.direction,
            text=parameter.location != "body" and not parameter.content_type,
            default=parameter.default or parameter.schema.traits.default,
            openapi=comparison.openapi,
            repeats=old.explode and new.explode and old.style == new.style == "form",
        )
        for parameter in (old, new)
    )
    yield from _shapes(before, after, replace(site, pointer=described), comparison)


def _response(old: Response, new: Response, outer: ComparisonSite, comparison: ComparisonContext) -> Iterator[Change]:
    site = outer.within(Location(response=old.status))
    if old.status != new.status:
        site = replace(site, pointer=f"{outer.pointer}/responses/{new.status}")
    yield from _asked(comparison.rules.responses, old, new, site)
    had, has = headers(old), headers(new)
    for name in had.keys() & has.keys():
        place = site.within(Location(header=has[name].name))
        yield from _asked(comparison.rules.headers, had[name], has[name], place)
        place = replace(place, pointer=place.pointer + outer.layout.header_schema(has[name]))
        before, after = (
            Shape(header.schema, site.direction, not header.content_type, openapi=comparison.openapi)
            for header in (had[name], has[name])
        )
        yield from _shapes(before, after, place, comparison)
    if not (has_content(old) and has_content(new)):
        return
    if old.contents and new.contents:
        yield from _contents(old.contents, new.contents, site, comparison)
    elif old.schema is not None and new.schema is not None:
        inside = replace(site, pointer=f"{site.pointer}/schema")
        before, after = (
            Shape(schema, site.direction, openapi=comparison.openapi) for schema in (old.schema, new.schema)
        )
        yield from _shapes(before, after, inside, comparison)


def _contents(
    old: Sequence[Content], new: Sequence[Content], site: ComparisonSite, comparison: ComparisonContext
) -> Iterator[Change]:
    """Yield the changes in the bodies of all media types; a change that all have is yielded once."""
    found: dict[tuple[str, str], list[tuple[Content, SchemaFinding]]] = {}
    pairs = paired_contents(old, new)
    for before, after in pairs:
        pointer = site.pointer + site.layout.content(after.media_type)
        had, has = (
            Shape(content.schema, site.direction, is_form(content), openapi=comparison.openapi)
            for content in (before, after)
        )
        for seen in comparison.schema_findings(had, has, pointer):
            found.setdefault(seen.identity, []).append((before, seen))
    for places in found.values():
        everywhere = len(places) >= len(pairs)
        for content, seen in places[:1] if everywhere else places:
            media_type = "" if everywhere and len(pairs) == len(old) else content.media_type
            yield _found(seen, replace(site, location=replace(site.location, media_type=media_type)))


def _shapes(old: Shape, new: Shape, outer: ComparisonSite, comparison: ComparisonContext) -> Iterator[Change]:
    for seen in comparison.schema_findings(old, new, outer.pointer):
        yield _found(seen, outer)


def _found(seen: SchemaFinding, outer: ComparisonSite) -> Change:
    site = replace(
        outer, location=outer.location.within(seen.place), pointer=seen.pointer, unsent=outer.unsent or seen.unsent
    )
    return _change(seen.rule, seen.finding, site)


def _asked(rules: Rules[Subject], old: Subject, new: Subject, site: ComparisonSite) -> Iterator[Change]:
    for rule in rules:
        for finding in rule.check(old, new):
            yield _change(rule, finding, site)


def _change(rule: Rule[Subject], finding: Finding, site: ComparisonSite) -> Change:
    place = site.within(finding.at)
    wire = level_for(rule.wire if finding.wire is None else finding.wire, site.direction)
    sdk = level_for(rule.sdk if finding.sdk is None else finding.sdk, site.direction)
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


def _placed_like(old: Operation, new: Operation) -> Operation:
    """Return the new operation with its parameters at the locations that they have in the old one.

    A new HTTP method moves parameters between query and form. This move is not reported as a separate change.
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
