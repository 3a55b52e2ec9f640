"""Decide which breaking places of a project can be rewritten for the new release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ovcgen.generator import distribution
from ovcgen.impact import call_verdicts
from ovcgen.impact.impact_result import Broken, Impact
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.impact.value_compatibility import kind_of
from ovcgen.migrate.edits import (
    ConvertToInteger,
    Edit,
    InsertComment,
    LeftToDo,
    Plan,
    RemoveKey,
    RenameAttribute,
    RenameKey,
)
from ovcgen.migrate.rewritable_keys import has_effects, is_for_one_call
from ovcgen.model.api import Operation
from ovcgen.model.schema import Scalar
from ovcgen.usage.source_files import Source
from ovcgen.usage.usages import Escape, Lookup, OperationCall, Read, Usage
from ovcgen.usage.values import ConstantValue, PossibleValues, SourceSpan

TODO = "TODO(ovcgen):"


class Planner:
    """Plans the edits of one project for a step between two releases.

    Args:
        sources: The files that `usage` was read from.
        usage: The project's use of the old release.
        releases: The two releases.
    """

    def __init__(self, sources: Sequence[Source], usage: Usage, releases: ReleasePair) -> None:
        self._sources = {source.file: source for source in sources}
        self._releases = releases
        self._calls = [use for use in usage.uses if isinstance(use, OperationCall)]
        self._lookups = [use for use in usage.uses if isinstance(use, Lookup)]
        self._escapes = {use.dotted for use in usage.uses if isinstance(use, Escape)}
        self._reads = {(use.place, use.dotted) for use in usage.uses if isinstance(use, Read)}
        self._old = {operation.dotted: operation for operation in releases.old_api.callable_operations}
        self._imports = frozenset(import_.place.file for import_ in usage.imports)
        self._editable: dict[SourceSpan, bool] = {}

    def plan(self, impact: Impact) -> Plan:
        """Return the edits for all breaking places, and the places that a developer has to check.

        `impact` is the result for the same usage and releases. A breaking place that can't be rewritten gets an edit
        that inserts a TODO comment, and is one of the places to check. Places that could not be decided are places to
        check, too, but get no comment.
        """
        edits: dict[Edit, None] = {}
        left: dict[LeftToDo, None] = {
            LeftToDo(
                unresolved.place, f"{unresolved.dotted}: {unresolved.why}" if unresolved.dotted else unresolved.why
            ): None
            for unresolved in impact.unresolved
        }
        for broken in impact.broken:
            found = list(self._edits(broken))
            edits.update(dict.fromkeys(found))
            if not found or any(isinstance(edit, InsertComment) and edit.text.startswith(TODO) for edit in found):
                left[LeftToDo(broken.place, f"{broken.reason} {broken.fix}")] = None
        old_package, new_package = (distribution(api)[1] for api in (self._releases.old_api, self._releases.new_api))
        ordered = tuple(sorted(left, key=lambda edit: (edit.place, edit.why)))
        return Plan(tuple(edits), ordered, old_package, new_package, self._imports)

    def _edits(self, broken: Broken) -> Iterator[Edit]:
        """Yield the edits for one breaking place."""
        kind = broken.change.id
        is_lookup = any(lookup.place == broken.place for lookup in self._lookups)
        if kind in call_verdicts.GONE or (is_lookup and call_verdicts.has_new_name(self._case(broken))):
            yield from self._on_gone(broken)
        elif kind in call_verdicts.KEYWORDS_GONE and not broken.change.location.member:
            yield from self._on_keyword(broken)
        elif kind == "property.renamed" and (broken.place, broken.dotted) in self._reads:
            yield RenameKey(broken.place, *_names(broken))
        elif kind in call_verdicts.TYPES and broken.change.location.place:
            yield from self._on_value(broken)
        else:
            yield self._todo(broken)

    def _on_gone(self, broken: Broken) -> Iterator[Edit]:
        """Rename a call with its keywords; if its arguments do not fit the new operation, insert a TODO comment."""
        old = self._old[broken.dotted]
        new = self._releases.successors.get(old.place)
        calls = [call for call in self._calls if call.looked_up == broken.place]
        alone = {lookup.dotted for lookup in self._lookups if lookup.place == broken.place} == {broken.dotted}
        by_url = any(call.place == broken.place for call in calls)  # called by URL: there is no attribute to rename
        if new is None or new.dotted == old.dotted or not alone or by_url:
            yield self._todo(broken)
            return
        names = self._keys(old, new)
        entries = [self._keyword_edits(call, old, new, names) for call in calls]
        if any(entry is None for entry in entries) or (not calls and not self._takes_the_same(old, new, names)):
            yield self._todo(broken)
            return
        yield RenameAttribute(broken.place, tuple(old.dotted.split(".")), tuple(new.dotted.split(".")))
        for entry in entries:
            yield from entry or ()

    def _keys(self, old: Operation, new: Operation) -> dict[str, str]:
        """Return the new keyword for each old one that the new operation accepts."""
        taken = {parameter.key for parameter in new.parameters}
        renamed = {key: now for (place, key), now in self._releases.renamed_keys.items() if place == old.place}
        same = {parameter.key: parameter.key for parameter in old.parameters if parameter.key in taken}
        return {**same, **renamed, "_async": "_async", "_to": "_to"}

    def _takes_the_same(self, old: Operation, new: Operation, names: dict[str, str]) -> bool:
        """Return whether the new operation accepts every call of the old one unchanged."""
        wanted = {parameter.key for parameter in new.parameters if parameter.required}
        same = all(names.get(parameter.key) == parameter.key for parameter in old.parameters)
        return old.dotted not in self._escapes and same and wanted <= set(names.values())

    def _keyword_edits(
        self, call: OperationCall, old: Operation, new: Operation, names: dict[str, str]
    ) -> list[Edit] | None:
        """Return the keyword edits of a renamed call; None if its keywords can't be changed safely."""
        passed = {keyword.key for keyword in call.given.keywords}
        wanted = {parameter.key for parameter in new.parameters if parameter.required and parameter.default is None}
        if (
            call.given.positional
            or call.given.open
            or not wanted <= {names.get(key, "") for key in passed}
            or not passed <= names.keys()
        ):
            return None
        edits: list[Edit] = []
        for entry in call.given.keywords:
            if names[entry.key] == entry.key:
                continue
            if entry.place is None or not self._is_editable(entry.place, call):
                return None
            edits.append(RenameKey(entry.place, entry.key, names[entry.key]))
        return edits

    def _on_keyword(self, broken: Broken) -> Iterator[Edit]:
        """Rename or remove a keyword at its position, or insert a TODO comment."""
        case = self._case(broken)
        renamed = self._releases.renamed_keys.get((case.old.place, case.key))
        for call in self._broken_calls(broken):
            entry = next((keyword for keyword in call.given.keywords if keyword.key == case.key), None)
            if entry is None or entry.place is None or not self._is_editable(entry.place, call):
                yield self._todo(broken)
            elif renamed:
                yield RenameKey(entry.place, case.key, renamed)
            elif has_effects(self._sources[entry.place.file], entry.place):
                yield self._todo(broken)
            else:
                yield RemoveKey(entry.place, case.key)
                yield InsertComment(entry.place, f"ovcgen: {{}} was dropped, {self._releases.new} takes no {case.key}")

    def _on_value(self, broken: Broken) -> Iterator[Edit]:
        """Convert numeric texts to integers. Other values get a TODO comment."""
        case = self._case(broken)
        wanted = self._releases.sent(case.new, case.key, "", new=True) if case.new else None
        whole = isinstance(wanted, Scalar) and wanted.kind == "integer" and not broken.change.location.member
        for call in self._broken_calls(broken):
            entry = next((keyword for keyword in call.given.keywords if keyword.key == case.key), None)
            known = entry is not None and entry.place is not None and self._is_editable(entry.place, call)
            if entry is None or entry.place is None or not known or not whole or not self._is_numeric(entry.value):
                yield self._todo(broken)
            else:
                yield ConvertToInteger(entry.place, case.key)

    def _todo(self, broken: Broken) -> InsertComment:
        """Return a TODO comment of one short line."""
        kind, case, release = broken.change.id, self._case(broken), self._releases.new
        if kind in call_verdicts.GONE and case.new is not None and case.new.dotted != case.old.dotted:
            takes = ", ".join(parameter.key for parameter in case.new.parameters)
            says = f"{release} has {case.new.dotted}({takes}) instead of {case.called}"
        elif kind in call_verdicts.GONE:
            says = f"{release} has no {case.called}"
        elif kind in call_verdicts.KEYWORDS_MISSING:
            says = f"{case.called} wants {case.key} in {release}"
        elif kind in call_verdicts.KEYWORDS_GONE:
            says = f"{case.called} takes no {case.key} in {release}"
        else:
            says = broken.reason.replace("`", "")
        return InsertComment(broken.place, f"{TODO} {says}")

    def _is_numeric(self, value: PossibleValues) -> bool:
        """Return whether `int(value)` works for every possible value."""
        for atom in value:
            if kind_of(atom, self._releases.api_index) not in ("str", "int"):
                return False
            if isinstance(atom, ConstantValue) and not (str(atom.value).isascii() and str(atom.value).isdigit()):
                return False
        return True

    def _case(self, broken: Broken) -> call_verdicts.OperationChange:
        old = self._old[broken.dotted]
        return call_verdicts.OperationChange(
            broken.change, old, self._releases.successors.get(old.place), self._releases
        )

    def _broken_calls(self, broken: Broken) -> list[OperationCall]:
        """Return the calls of that operation at the breaking place."""
        return [call for call in self._calls if call.place == broken.place and call.dotted == broken.dotted]

    def _is_editable(self, entry: SourceSpan, call: OperationCall) -> bool:
        """Return whether a keyword can be changed where it stands.

        No other code may use it, and all calls that pass it must need the same change.
        """
        if entry not in self._editable:
            users = [call for call in self._calls if any(other.place == entry for other in call.given.keywords)]
            wants = {frozenset(self._wants(user, entry)) for user in users}
            source = self._sources.get(entry.file)
            own = source is not None and all(is_for_one_call(source, entry, user.place) for user in users)
            self._editable[entry] = own and len(wants) == 1 and not any(user.doubt for user in users)
        return self._editable[entry]

    def _wants(self, call: OperationCall, entry: SourceSpan) -> Iterator[str]:
        """Yield the new name of the keyword in that call, and the scalar type that the new release expects."""
        old = self._old[call.dotted]
        new = self._releases.successors.get(old.place)
        key = next(keyword.key for keyword in call.given.keywords if keyword.place == entry)
        names = self._keys(old, new) if new else {}
        yield names.get(key, "")
        schema = self._releases.sent(new, key, "", new=True) if new else None
        yield schema.kind if isinstance(schema, Scalar) else ""


def _names(broken: Broken) -> tuple[str, str]:
    """Return the old and new name from a change."""
    before, after = broken.change.before, broken.change.after
    return (str(before.value) if before else "", str(after.value) if after else "")


def plan_edits(sources: Sequence[Source], usage: Usage, releases: ReleasePair, impact: Impact) -> Plan:
    """Return the edits for all breaking places, and the places that a developer has to check (see `Planner.plan`).

    `sources` are the files that `usage` was read from, and `impact` is the result for the same two releases.
    """
    return Planner(sources, usage, releases).plan(impact)
